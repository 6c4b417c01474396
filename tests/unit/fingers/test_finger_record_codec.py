"""ISO/IEC 19794-2:2005 records: what is written is read again, and nothing else is."""

import math
import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.errors import InputFault
from station.fingers.minutiae import Finger, Minutiae
from station.fingers.record import (
    FingerRecord,
    FingerView,
    Minutia,
    minutiae_of,
    read_record,
    view_of,
    write_record,
)
from tests.unit.fingers.making import RECORD_MINUTIAE, VIEWS, record_of, scattered

EXAMPLES = settings(max_examples=150)
# By hand after the fact sheet's table: left index, second of its kind of impression, one bifurcation.
BY_HAND = bytes.fromhex(
    "464d5200 20323000 00000024"  # FMR, version 20, 36 bytes
    "8123 0184 0176 00c5 00c5 01 00"  # a certified device, 388 x 374 at 197 pixels per cm, one view
    "07 00 55 01"  # left index, view 0, live plain, quality 85, one minutia
    "8065 00c9 40 3c"  # bifurcation at (101, 201), a quarter turn counter-clockwise, quality 60
    "0000"
)


def reason(data: bytes) -> str:
    with pytest.raises(InputFault) as fault:
        read_record(data)
    assert fault.value.code == "FINGERS_UNREADABLE"
    return str(fault.value.values["problem"])


def changed(place: int, *values: int) -> bytes:
    data = bytearray(BY_HAND)
    data[place : place + len(values)] = bytes(values)
    return bytes(data)


def test_a_record_written_by_hand_is_read() -> None:
    view = FingerView(Finger.LEFT_INDEX, 0, 85, (Minutia(2, 101, 201, 64, 60),))
    assert read_record(BY_HAND) == FingerRecord(0x8123, 388, 374, 197, 197, (view,))
    assert write_record(read_record(BY_HAND)) == BY_HAND


@EXAMPLES
@given(views=st.lists(VIEWS, min_size=1, max_size=4))
def test_what_is_written_is_read_again(views: list[FingerView]) -> None:
    record = record_of(*views)
    assert read_record(write_record(record)) == record


def test_the_sizes_of_one_finger_and_of_two() -> None:
    view = view_of(scattered(1), Finger.RIGHT_INDEX, 70)
    assert len(write_record(record_of(view))) == 270
    assert len(write_record(record_of(view, replace(view, finger=Finger.LEFT_INDEX)))) == 516


def test_up_stays_up() -> None:
    """A ridge that points up in the image has ISO angle 64: a flipped y or angle moves it to 192."""
    up, right = -math.pi / 2, 0.0
    shape = Minutiae.of([100, 300, 120], [50, 60, 300], [up, right, up / 2], [9, 8, 7], [1, 2, 1])
    view = view_of(shape, Finger.RIGHT_INDEX, 50)
    assert [(one.x, one.y, one.angle) for one in view.minutiae] == [
        (100, 50, 64),
        (300, 60, 0),
        (120, 300, 32),
    ]
    again = minutiae_of(record_of(view), view)
    assert again.y.tolist() == [50, 60, 300]
    for before, after in zip(shape.direction, again.direction, strict=True):
        assert abs(math.remainder(before - after, math.tau)) < 1e-9


@EXAMPLES
@given(minutiae=st.lists(RECORD_MINUTIAE, min_size=1, max_size=40))
def test_minutiae_survive_their_way_through_the_matchers_form(minutiae: list[Minutia]) -> None:
    view = FingerView(2, 0, 50, tuple(minutiae))
    assert view_of(minutiae_of(record_of(view), view), Finger.RIGHT_INDEX, 50) == view


def test_directions_keep_within_half_a_unit() -> None:
    shape = scattered(3)
    view = view_of(shape, Finger.RIGHT_INDEX, 50)
    for before, after in zip(shape.direction, minutiae_of(record_of(view), view).direction, strict=True):
        assert abs(math.degrees(math.remainder(before - after, math.tau))) <= 0.7032


def test_another_resolution_is_scaled_to_500_dpi() -> None:
    view = FingerView(2, 0, 50, (Minutia(1, 200, 100, 32, 0),))
    record = FingerRecord(0, 800, 700, 394, 197, (view,))  # twice as fine across
    found = minutiae_of(record, view)
    assert (found.x[0], found.y[0]) == (100, 100)
    # up and to the right by 45 degrees in a picture twice too wide is steeper in truth
    assert math.degrees(found.direction[0]) == pytest.approx(-math.degrees(math.atan2(1, 0.5)))


def test_a_squeezed_picture_is_stretched_back() -> None:
    """Records made of pictures resized to 300 x 400: places and angles come back."""
    true = Minutiae.of([194, 20], [187, 300], [math.radians(-30), 2.0], [50, 50], [1, 1])
    squeezed = true.scaled(300 / 388, 400 / 374)
    back = squeezed.scaled(388 / 300, 374 / 400)
    assert back.x == pytest.approx(true.x)
    assert back.y == pytest.approx(true.y)
    assert back.direction == pytest.approx(true.direction)
    assert abs(squeezed.direction[0] - true.direction[0]) > 0.1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "shorter than its header"),
        (BY_HAND[:23], "shorter than its header"),
        (changed(0, 0x47), "not ISO/IEC 19794-2:2005"),
        (changed(4, 0x30, 0x32, 0x30, 0), "written 020 with a zero"),
        (changed(4, 0x20, 0x33, 0x30, 0), "not ISO/IEC 19794-2:2005"),
        (changed(8, 0, 0x24, 0, 0), "ANSI INCITS 378-2004"),  # a length of two bytes
        (changed(11, 0x25), "length field"),
        (BY_HAND + b"\0", "length field"),
        (changed(12, 0xC1), "reserved bits"),
        (changed(23, 1), "reserved bits"),
        (changed(14, 0, 0), "image size"),
        (changed(16, 0, 0), "image size"),
        (changed(14, 0, 70), "image size"),  # 3.6 mm
        (changed(14, 0x40, 0), "image size"),  # 83 cm
        (changed(14, 0xFF, 0xFF), "image size"),
        (changed(18, 0, 98), "resolution"),
        (changed(20, 0, 0), "resolution"),
        (changed(20, 0x03, 0x15), "resolution"),
        (changed(20, 0x01, 0xF8), "aspect"),  # 504 down to 197 across
        (changed(16, 0, 90), "aspect"),  # 19.7 mm to 4.6 mm
        (changed(22, 0), "no finger"),
        (changed(22, 2), "truncated before a finger"),
        (changed(24, 11), "finger position"),
        (changed(25, 0x10), "numbered"),
        (changed(26, 101), "finger position or quality"),
        (changed(27, 0), "without minutiae"),
        (changed(27, 2), "truncated inside a finger"),
        (changed(28, 0xC0), "minutia of a kind"),
        (changed(28, 0x81, 0x84), "outside"),
        (changed(30, 0x40), "outside"),  # a reserved bit
        (changed(30, 0x01, 0x76), "outside"),
        (changed(33, 101), "kind or quality"),
        (changed(35, 1), "extended data"),
    ],
)
def test_what_cannot_be_is_refused_and_said(data: bytes, says: str) -> None:
    assert says in reason(data)


def test_the_views_of_a_finger_are_numbered() -> None:
    view = FingerView(2, 0, 50, (Minutia(1, 10, 10, 0, 0),))
    other = FingerView(7, 0, 50, view.minutiae)
    data = write_record(record_of(view, other, view))
    assert [data[at] for at in (25, 25 + 12, 25 + 24)] == [0x00, 0x00, 0x10]
    twice = bytearray(data)
    twice[25 + 24] = 0
    assert "numbered" in reason(bytes(twice))


def test_extended_data_is_passed_over() -> None:
    longer = BY_HAND[:-2] + struct.pack(">H", 3) + b"abc"
    longer = longer[:8] + struct.pack(">I", len(longer)) + longer[12:]
    assert read_record(longer) == read_record(BY_HAND)


def test_a_record_cut_anywhere_is_refused() -> None:
    view = view_of(scattered(5, 12), Finger.RIGHT_THUMB, 50)
    data = write_record(record_of(view, view))
    for length in range(len(data)):
        short = data[:length]
        assert reason(short)
        if length >= 12:
            assert reason(short[:8] + struct.pack(">I", length) + short[12:])


@settings(max_examples=500)
@given(change=st.data())
def test_a_changed_record_is_refused_or_can_be(change: st.DataObject) -> None:
    view = view_of(scattered(5, 12), Finger.RIGHT_THUMB, 50)
    data = bytearray(write_record(record_of(view)))
    for _ in range(change.draw(st.integers(1, 4))):
        place = change.draw(st.one_of(st.integers(0, 29), st.integers(0, len(data) - 1)))
        data[place] = change.draw(st.integers(0, 255))
    try:
        record = read_record(bytes(data))
    except InputFault as fault:
        assert fault.code == "FINGERS_UNREADABLE"
        return
    for one in record.views:
        assert one.finger <= 10
        assert one.minutiae
        assert all(point.x < record.width and point.y < record.height for point in one.minutiae)
        assert all(point.kind <= 2 and point.quality <= 100 for point in one.minutiae)
    assert len(write_record(record)) == len(data)


@EXAMPLES
@given(data=st.binary(max_size=120).filter(lambda data: not data.startswith(BY_HAND[:8])))
def test_noise_is_refused(data: bytes) -> None:
    assert reason(data)


def test_no_more_minutiae_than_a_byte_can_count() -> None:
    many = Minutiae.of(range(300), range(300), [0.0] * 300, [1] * 299 + [90], [1] * 300)
    view = view_of(many, Finger.UNKNOWN, 0)
    assert len(view.minutiae) == 255
    assert view.minutiae[-1].quality == 90  # the best are taken
