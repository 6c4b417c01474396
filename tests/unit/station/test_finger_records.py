"""Fingers: records of two fingers, split, made small enough, and never misread."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.errors import InputFault
from station.records.fingers import (
    HEADER,
    FingerRecord,
    FingerView,
    chip_fingers,
    fitted,
    read_fingers,
    write_fingers,
)
from tests.fakes.station import records

STEADY = settings(deadline=None, derandomize=True, max_examples=150)
WIDTH, HEIGHT = 256, 360
BUDGET = 320


def minutia(x: int, y: int, quality: int, kind: int = 1) -> bytes:
    """ISO/IEC 19794-2:2005, 7.5.2: type and x, y, angle, quality."""
    return bytes((kind << 6 | x >> 8, x & 0xFF, y >> 8, y & 0xFF, 0, quality))


MINUTIAE = st.builds(
    minutia,
    st.integers(0, WIDTH - 1),
    st.integers(0, HEIGHT - 1),
    st.integers(0, 100),
    st.integers(0, 2),
)
VIEWS = st.builds(
    FingerView,
    st.integers(0, 10),
    st.integers(0, 15),
    st.integers(0, 100),
    st.lists(MINUTIAE, min_size=1, max_size=90).map(tuple),
)


def record_of(views: tuple[FingerView, ...]) -> FingerRecord:
    return FingerRecord(0x1234, WIDTH, HEIGHT, 197, 197, views)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    (folder,) = records(tmp_path_factory.mktemp("records"), 1)
    return (Path(folder) / "fingers.iso").read_bytes()


@STEADY
@given(views=st.lists(VIEWS, min_size=1, max_size=4).map(tuple))
def test_what_is_written_is_read_again(views: tuple[FingerView, ...]) -> None:
    assert read_fingers(write_fingers(record_of(views))) == record_of(views)


@STEADY
@given(first=VIEWS, second=VIEWS, budget=st.integers(60, 700))
def test_each_finger_of_a_chip_stands_alone_and_in_its_budget(
    first: FingerView, second: FingerView, budget: int
) -> None:
    if first.finger == second.finger:
        return
    whole = record_of((first, second))
    for original, data in zip((first, second), chip_fingers(write_fingers(whole), budget), strict=True):
        assert len(data) <= budget
        (view,) = read_fingers(data).views
        assert (view.finger, view.impression, view.quality) == (
            original.finger,
            original.impression,
            original.quality,
        )
        room = (budget - 30) // 6
        assert len(view.minutiae) == min(room, len(original.minutiae))
        remaining = list(original.minutiae)
        for kept in view.minutiae:  # in the old order, and none invented
            del remaining[: remaining.index(kept) + 1]


def test_the_lowest_quality_goes_first() -> None:
    good = [minutia(100 + step, 100, 80) for step in range(3)]
    poor = [minutia(90 + step, 100, 20) for step in range(3)]
    view = FingerView(2, 0, 60, (poor[0], good[0], poor[1], good[1], poor[2], good[2]))
    assert fitted(view, 3).minutiae == tuple(good)


def test_at_equal_quality_the_farthest_from_the_centre_goes_first() -> None:
    near, far = minutia(100, 100, 50), minutia(250, 350, 50)
    ring = [minutia(100 + dx, 100 + dy, 50) for dx, dy in ((-2, 0), (2, 0), (0, -2), (0, 2))]
    view = FingerView(2, 0, 60, (far, *ring, near))
    assert far not in fitted(view, 5).minutiae
    assert fitted(view, 5).minutiae == (*ring, near)


def test_a_far_minutia_of_good_quality_stays_before_a_near_one_of_poor_quality() -> None:
    centre = [minutia(100, 100 + step, 10) for step in range(3)]
    far = minutia(255, 359, 11)
    assert far in fitted(FingerView(2, 0, 60, (*centre, far)), 1).minutiae


def test_a_finger_that_fits_is_left_as_it_is() -> None:
    view = FingerView(2, 0, 60, tuple(minutia(step, step, step) for step in range(48)))
    assert fitted(view, 48) is view
    data = write_fingers(record_of((view, FingerView(7, 0, 60, view.minutiae))))
    assert [len(one) for one in chip_fingers(data, BUDGET)] == [318, 318]


@pytest.mark.parametrize("fingers", [(2,), (2, 2), (2, 7, 8)])
def test_a_chip_needs_two_different_fingers(fingers: tuple[int, ...]) -> None:
    views = tuple(FingerView(finger, 0, 60, (minutia(1, 1, 1),)) for finger in fingers)
    with pytest.raises(InputFault) as fault:
        chip_fingers(write_fingers(record_of(views)), BUDGET)
    assert fault.value.code == "FINGERS_UNREADABLE"


def test_extended_data_is_left_behind(recorded: bytes) -> None:
    view = recorded[HEADER.size :]
    count = view[3]
    end = HEADER.size + 4 + 6 * count
    longer = recorded[:end] + b"\x00\x03abc" + recorded[end + 2 :]
    longer = longer[:8] + len(longer).to_bytes(4, "big") + longer[12:]
    assert chip_fingers(longer, BUDGET) == chip_fingers(recorded, BUDGET)


def test_a_truncated_record_is_refused_at_every_length(recorded: bytes) -> None:
    for length in range(len(recorded)):
        for data in (recorded[:length], _with_length(recorded[:length])):
            with pytest.raises(InputFault):
                chip_fingers(data, BUDGET)


def _with_length(data: bytes) -> bytes:
    """A file whose own length field was mended after it was cut."""
    return data[:8] + len(data).to_bytes(4, "big") + data[12:] if len(data) >= 12 else data


@settings(STEADY, max_examples=500)
@given(mutation=st.data())
def test_a_changed_record_is_refused_or_read_correctly(recorded: bytes, mutation: st.DataObject) -> None:
    data = bytearray(recorded)
    for _ in range(mutation.draw(st.integers(1, 4))):
        # half of the changes hit headers, where the lengths are
        place = mutation.draw(st.one_of(st.integers(0, 29), st.integers(0, len(data) - 1)))
        data[place] = mutation.draw(st.integers(0, 255))
    try:
        record = read_fingers(bytes(data))
        chips = chip_fingers(bytes(data), BUDGET)
    except InputFault as fault:
        assert fault.code == "FINGERS_UNREADABLE"
        return
    assert all(len(chip) <= BUDGET for chip in chips)
    for view in record.views:
        assert view.finger <= 10
        assert view.quality <= 100
        for one in view.minutiae:
            assert int.from_bytes(one[0:2], "big") & 0x3FFF < record.width
            assert int.from_bytes(one[2:4], "big") & 0x3FFF < record.height


@STEADY
@given(data=st.binary(max_size=120))
def test_noise_is_refused(data: bytes) -> None:
    with pytest.raises(InputFault):
        read_fingers(data)
