"""The compact card format: three bytes a minutia, and nothing that does not fit."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.errors import InputFault
from station.fingers.compact import CardLimits, SortKey, read_compact, write_compact
from station.fingers.dropping import kept_minutiae
from station.fingers.matcher import THRESHOLD, match_score
from station.fingers.minutiae import Minutiae
from tests.unit.fingers.making import HEIGHT, WIDTH, disturbed, scattered

EXAMPLES = settings(max_examples=100)
ALL = CardLimits(60)


def test_bytes_by_hand() -> None:
    """10 mm across, 5 mm down, an ending that points up: a quarter turn, 16 units of 5.625 degrees."""
    one = Minutiae.of([10 / 25.4 * 500], [5 / 25.4 * 500], [-math.pi / 2], [70], [1])
    assert write_compact(one, WIDTH, HEIGHT, ALL) == bytes([100, 50, 0b01_010000])


@EXAMPLES
@given(seed=st.integers(0, 10_000), count=st.integers(1, 60))
def test_a_round_trip_keeps_within_half_a_unit(seed: int, count: int) -> None:
    minutiae = scattered(seed, count)
    data = write_compact(minutiae, WIDTH, HEIGHT, ALL)
    again = read_compact(data)
    assert len(data) == 3 * count
    assert np.abs(again.x - minutiae.x).max() < 0.985
    assert np.abs(again.y - minutiae.y).max() < 0.985
    turns = [math.remainder(turn, math.tau) for turn in again.direction - minutiae.direction]
    assert max(map(abs, turns)) <= math.radians(5.625 / 2) + 1e-9
    assert again.kind.tolist() == minutiae.kind.tolist()
    assert write_compact(again, WIDTH, HEIGHT, ALL) == data


def test_sizes_of_forty_minutiae() -> None:
    assert len(write_compact(scattered(1), WIDTH, HEIGHT, ALL)) == 120


def test_a_compact_finger_still_matches() -> None:
    finger = scattered(2)
    card = read_compact(write_compact(finger, WIDTH, HEIGHT, CardLimits(32)))
    assert match_score(disturbed(finger, 1), card) > THRESHOLD


@pytest.mark.parametrize(
    ("minutiae", "width", "height"),
    [
        (scattered(1), 503, HEIGHT),
        (scattered(1), WIDTH, 503),
        (scattered(1), 100, HEIGHT),  # minutiae outside
        (Minutiae.of([-1], [5], [0], [1], [1]), WIDTH, HEIGHT),
        (Minutiae.none(), WIDTH, HEIGHT),
    ],
)
def test_what_does_not_fit_is_refused(minutiae: Minutiae, width: int, height: int) -> None:
    with pytest.raises(InputFault) as fault:
        write_compact(minutiae, width, height, ALL)
    assert fault.value.code == "FINGER_NOT_COMPACT"


def test_the_largest_image() -> None:
    corner = Minutiae.of([501], [501], [0], [1], [1])
    assert write_compact(corner, 502, 502, ALL)[:2] == b"\xff\xff"


@pytest.mark.parametrize("data", [b"", b"\1", b"\1\2\3\4", b"\1\2\xc0"])
def test_bytes_that_cannot_be_are_refused(data: bytes) -> None:
    with pytest.raises(InputFault) as fault:
        read_compact(data)
    assert fault.value.code == "FINGER_NOT_COMPACT"


@EXAMPLES
@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_whole_or_refused(data: bytes) -> None:
    try:
        minutiae = read_compact(data)
    except InputFault:
        return
    assert 3 * len(minutiae) == len(data)


@pytest.mark.parametrize(
    ("key", "descending", "order"),
    [
        (SortKey.NONE, False, [0, 1, 2, 3]),
        (SortKey.X_THEN_Y, False, [3, 1, 0, 2]),
        (SortKey.X_THEN_Y, True, [2, 0, 1, 3]),
        (SortKey.Y_THEN_X, False, [1, 3, 2, 0]),
        (SortKey.ANGLE, False, [2, 3, 0, 1]),
        (SortKey.POLAR, False, [0, 1, 2, 3]),
        (SortKey.POLAR, True, [3, 2, 1, 0]),
    ],
)
def test_sorted_as_the_card_wants(key: SortKey, descending: bool, order: list[int]) -> None:
    four = Minutiae.of([200, 200, 300, 100], [200, 80, 150, 150], [-2.0, -3.0, 0.0, -1.0], [5] * 4, [1] * 4)
    plain = write_compact(four, WIDTH, HEIGHT, ALL)
    given_order = [plain[3 * one : 3 * one + 3] for one in order]
    assert write_compact(four, WIDTH, HEIGHT, CardLimits(60, key, descending)) == b"".join(given_order)


def test_the_poorest_goes_first_then_the_farthest() -> None:
    x, y = [0.0, 10.0, 20.0, 200.0], [0.0, 0.0, 0.0, 0.0]
    assert kept_minutiae(x, y, [9, 1, 9, 9], 3) == [0, 2, 3]
    assert kept_minutiae(x, y, [5, 5, 5, 5], 3) == [0, 1, 2]
    assert kept_minutiae(x, y, [5, 5, 5, 5], 4) == [0, 1, 2, 3]
    # the centre is that of all four, 57.5: of the three left, 0 is farthest; after dropping it would be 20
    assert kept_minutiae(x, y, [5, 5, 5, 5], 2) == [1, 2]
