"""The matcher on made-up minutiae: what it must find and refuse, and that it is the one of the facts."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.fingers.matcher import THRESHOLD, match_score
from station.fingers.minutiae import Minutiae
from tests.unit.fingers.making import disturbed, moved, scattered
from tests.unit.fingers.plain_matcher import plain_score

EXAMPLES = settings(max_examples=25)


@EXAMPLES
@given(seed=st.integers(0, 10_000), count=st.integers(6, 30), turn=st.floats(-0.8, 0.8), same=st.booleans())
def test_it_gives_the_score_of_the_plain_form(seed: int, count: int, turn: float, same: bool) -> None:
    first = scattered(seed, count)
    second = moved(disturbed(first, seed + 1, 0.1) if same else scattered(seed + 1, count), turn, 5, -7)
    if len(second) >= 6:
        assert match_score(first, second) == pytest.approx(plain_score(first, second), abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_same_finger_turned_shifted_and_touched_again(seed: int) -> None:
    finger = scattered(seed)
    again = moved(disturbed(finger, seed + 100), math.radians(10 * seed - 35), 20 - 5 * seed, 4 * seed)
    assert match_score(finger, again) > 2 * THRESHOLD


def test_strangers() -> None:
    scores = [match_score(scattered(seed), scattered(seed + 1000)) for seed in range(60)]
    assert max(scores) < THRESHOLD


def test_a_mirrored_finger_is_another_finger() -> None:
    """What comes of a flipped y axis, or of angles that turn the wrong way, must not match."""
    finger = scattered(4)
    for flipped in (
        Minutiae(finger.x, 374 - finger.y, finger.direction, finger.quality, finger.kind),
        Minutiae(finger.x, finger.y, -finger.direction, finger.quality, finger.kind),
        Minutiae(finger.x, 374 - finger.y, -finger.direction, finger.quality, finger.kind),
    ):
        assert match_score(finger, flipped) < THRESHOLD


def test_a_turn_of_more_than_sixty_degrees_is_not_looked_for() -> None:
    finger = scattered(5)
    assert match_score(finger, moved(finger, math.radians(50), 0, 0)) > 2 * THRESHOLD
    assert match_score(finger, moved(finger, math.radians(75), 0, 0)) < THRESHOLD


def test_too_few_minutiae_score_nothing() -> None:
    finger = scattered(6)
    few = finger.taken(np.arange(5))
    assert match_score(few, few) == match_score(finger, few) == match_score(few, finger) == 0
    assert match_score(Minutiae.none(), finger) == 0
    assert match_score(finger.taken(np.arange(6)), finger) > 0


def test_all_minutiae_at_one_place_are_no_match() -> None:
    """What a broken record may hold: every distance is nothing, and still no stranger matches it."""
    spot = Minutiae.of([100.0] * 60, [100.0] * 60, [0.0] * 60, [50] * 60, [1] * 60)
    assert match_score(spot, scattered(7)) < THRESHOLD
    assert match_score(scattered(7), spot) < THRESHOLD


def test_only_the_sixty_best_are_looked_at() -> None:
    many = scattered(8, 75)
    quality = np.where(np.arange(75) < 15, 1, 80)
    weighed = Minutiae.of(many.x, many.y, many.direction, quality, many.kind)
    assert match_score(weighed, weighed) == match_score(weighed.taken(np.arange(15, 75)), weighed)
    assert weighed.best(60).x.tolist() == many.x[15:].tolist()


def test_it_is_deterministic() -> None:
    first, second = scattered(9), disturbed(scattered(9), 3)
    assert len({match_score(first, second) for _ in range(5)}) == 1
