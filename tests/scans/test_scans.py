"""A sample of the scans; all 200 are counted by `python -m tests.scans`."""

from math import radians

import numpy as np
import pytest

from station.letters.reading.codes import read_codes
from station.letters.reading.picture import open_pictures
from tests.scans.camera import View
from tests.scans.counting import count_read
from tests.scans.fold import FINDER, fold_through
from tests.scans.letters import PrintedLetter, print_letters
from tests.scans.phone import Hardness, scan, take_picture

SEED = 7
VIEW = View(tilt=radians(10), axis=1.0, turn=0.6, distance=450, table=90)
BLUR = 0.8


@pytest.fixture(scope="module")
def letter() -> PrintedLetter:
    return next(print_letters(SEED, 1))


def test_codes_of_scanned_letters_are_read() -> None:
    count = count_read(SEED, 20, Hardness.ANY)
    assert count.read >= 19, count.sentence()


def test_the_same_seed_gives_the_same_picture(letter: PrintedLetter) -> None:
    first = scan(letter, SEED, 0)
    assert scan(letter, SEED, 0) == first
    assert scan(letter, SEED, 1).jpeg != first.jpeg


@pytest.mark.parametrize(
    ("place", "flaked", "darkened"),
    [
        pytest.param((FINDER, FINDER), 0.9, 0.0, id="upper left"),
        pytest.param((1 - FINDER, FINDER), 0.0, 0.6, id="upper right"),
        pytest.param((FINDER, 1 - FINDER), 0.0, 0.6, id="lower left"),
    ],
)
def test_a_fold_through_a_finder_pattern_hides_no_code(
    letter: PrintedLetter, place: tuple[float, float], flaked: float, darkened: float
) -> None:
    """It does hide the code from a reader that looks for rows of 1:1:3:1:1."""
    fold = fold_through(letter.square, place, flaked, darkened)
    jpeg = take_picture(letter.sheet, fold, VIEW, BLUR, np.random.default_rng(SEED))
    picture = next(open_pictures(jpeg))
    assert read_codes(picture, mend=False) == []
    assert read_codes(picture) == [letter.code]
