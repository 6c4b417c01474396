"""The fingers of a chip: a record of two, split, and each made small enough."""

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.errors import InputFault
from station.fingers.record import HEADER, FingerView, Minutia, read_record, write_record
from station.records.fingers import chip_fingers, fitted
from tests.fakes.station import records
from tests.unit.fingers.making import VIEWS, record_of

EXAMPLES = settings(max_examples=150)
BUDGET = 320


def minutia(x: int, y: int, quality: int) -> Minutia:
    return Minutia(1, x, y, 0, quality)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    (folder,) = records(tmp_path_factory.mktemp("records"), 1)
    return (Path(folder) / "fingers.iso").read_bytes()


@EXAMPLES
@given(first=VIEWS, second=VIEWS, budget=st.integers(60, 700))
def test_each_finger_of_a_chip_stands_alone_and_in_its_budget(
    first: FingerView, second: FingerView, budget: int
) -> None:
    if first.finger == second.finger:
        return
    whole = record_of(first, second)
    for original, data in zip((first, second), chip_fingers(write_record(whole), budget), strict=True):
        assert len(data) <= budget
        (view,) = read_record(data).views
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
    data = write_record(record_of(view, FingerView(7, 0, 60, view.minutiae)))
    assert [len(one) for one in chip_fingers(data, BUDGET)] == [318, 318]


@pytest.mark.parametrize("fingers", [(2,), (2, 7, 8)])
def test_a_chip_needs_two_fingers(fingers: tuple[int, ...]) -> None:
    refuse(*fingers)


def test_a_chip_needs_two_different_fingers() -> None:
    refuse(2, 2)


def refuse(*fingers: int) -> None:
    views = tuple(FingerView(finger, 0, 60, (minutia(1, 1, 1),)) for finger in fingers)
    with pytest.raises(InputFault) as fault:
        chip_fingers(write_record(record_of(*views)), BUDGET)
    assert (fault.value.code, fault.value.values["problem"]) == (
        "FINGERS_UNREADABLE",
        "a chip needs two different fingers",
    )


def test_extended_data_is_left_behind(recorded: bytes) -> None:
    count = recorded[HEADER.size + 3]
    end = HEADER.size + 4 + 6 * count
    longer = recorded[:end] + b"\x00\x03abc" + recorded[end + 2 :]
    longer = longer[:8] + struct.pack(">I", len(longer)) + longer[12:]
    assert chip_fingers(longer, BUDGET) == chip_fingers(recorded, BUDGET)
