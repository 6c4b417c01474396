"""The station's own extractor on pictures of synthetic fingers, and on pictures of nothing."""

import math

import numpy as np
import pytest

from station.errors import InputFault
from station.fingers.extraction.own import OwnExtractor
from station.fingers.extraction.thinning import thinned
from station.fingers.image import FingerImage, Grey
from station.fingers.matcher import THRESHOLD, match_score
from station.fingers.minutiae import Minutiae
from station.fingers.window import SensorWindow
from tests.unit.fingers.scenes import empty_plate, foreign, noise, pressed, resized

EXTRACTOR = OwnExtractor()


def found(pixels: Grey) -> Minutiae:
    return EXTRACTOR.extract(FingerImage(pixels)).minutiae


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_live_finger_matches_a_foreign_record_of_it_and_of_nobody_else(seed: int) -> None:
    live = found(pressed(seed, 1))
    assert match_score(live, foreign(seed, 2)) > 2 * THRESHOLD
    assert match_score(live, foreign(seed % 3 + 1, 2)) < THRESHOLD


def test_places_directions_and_kinds_are_those_of_the_ridges() -> None:
    """Against the simulator's own minutiae of the same touch, which it knows without an image.

    A flipped axis, angle or kind would leave next to none in common.
    """
    live, true = found(pressed(1, 5)), foreign(1, 5)
    apart = np.hypot(live.x[:, None] - true.x, live.y[:, None] - true.y)
    near = apart.argmin(axis=1)
    close = apart.min(axis=1) < 8
    turns = [math.remainder(turn, math.tau) for turn in live.direction - true.direction[near]]
    right = close & (np.abs(turns) < math.radians(25))
    assert np.count_nonzero(close) > 0.5 * len(live)
    assert np.count_nonzero(right) > 0.9 * np.count_nonzero(close)
    alike = live.kind == true.kind[near]
    assert np.count_nonzero(alike & right) > 0.6 * np.count_nonzero(right)


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((374, 388), 255, np.uint8),
        np.zeros((374, 388), np.uint8),
        empty_plate(1),
        noise(1),
        noise(2, 360, 256),
        pressed(1, 1)[100:140, 100:140],
        np.full((1, 1), 7, np.uint8),
        np.full((5, 900), 7, np.uint8),
        np.tile(np.arange(256, dtype=np.uint8), (300, 1)),
        np.where(np.arange(300) < 150, 40, 220).astype(np.uint8) * np.ones((300, 1), np.uint8),
    ],
    ids=["white", "black", "plate", "noise", "noise 2", "40 x 40", "dot", "line", "slope", "edge"],
)
def test_no_finger_no_minutiae(pixels: Grey) -> None:
    extraction = EXTRACTOR.extract(FingerImage(pixels))
    assert len(extraction.minutiae) == 0
    assert extraction.quality == 0
    assert extraction.hints


def test_another_resolution_gives_the_same_minutiae() -> None:
    pixels = pressed(2, 1)
    for dpi in (400.0, 700.0):
        other = EXTRACTOR.extract(resized(pixels, dpi)).minutiae
        assert match_score(other, found(pixels)) > 4 * THRESHOLD
    wrong = EXTRACTOR.extract(FingerImage(resized(pixels, 700.0).pixels)).minutiae  # a device that lies
    assert match_score(wrong, found(pixels)) < THRESHOLD


def test_it_is_deterministic_and_leaves_the_image_alone() -> None:
    pixels = pressed(3, 1)
    before = pixels.copy()
    first, second = found(pixels), found(pixels)
    assert np.array_equal(pixels, before)
    assert np.array_equal(first.x, second.x)
    assert np.array_equal(first.y, second.y)
    assert np.array_equal(first.direction, second.direction)
    assert np.array_equal(first.quality, second.quality)


def test_minutiae_lie_in_the_image_and_away_from_the_edge_of_the_skin() -> None:
    live = found(pressed(1, 2))
    assert 15 <= len(live) <= 60
    assert live.x.min() >= 14
    assert live.y.min() >= 14
    assert live.x.max() <= 285
    assert live.y.max() <= 345
    assert live.quality.min() > 0
    assert live.quality.max() <= 100


def test_a_half_covered_window_keeps_minutiae_inside() -> None:
    pixels = pressed(1, 2)
    inside = np.zeros(pixels.shape, np.bool_)
    inside[:, :180] = True
    live = EXTRACTOR.extract(FingerImage(pixels), SensorWindow(inside)).minutiae
    assert len(live) > 5
    assert live.x.max() < 180 - 10


def test_a_window_of_another_size_is_refused() -> None:
    with pytest.raises(InputFault) as fault:
        EXTRACTOR.extract(FingerImage(pressed(1, 2)), SensorWindow(np.ones((10, 10), np.bool_)))
    assert fault.value.code == "SENSOR_WINDOW_MISFITS"


@pytest.mark.parametrize("seed", range(3))
def test_thinning_keeps_what_is_joined_and_leaves_lines(seed: int) -> None:
    """Blots of any shape: as many pieces as before, and no pixel left that could go."""
    from scipy import ndimage

    random = np.random.default_rng(seed)
    blots = ndimage.gaussian_filter(random.normal(size=(60, 70)), 2) > 0.02
    image, at = thinned(blots)
    lines = image.reshape(62, 72)[1:-1, 1:-1].astype(np.bool_)
    touching = np.ones((3, 3))
    assert ndimage.label(lines, touching)[1] == ndimage.label(blots, touching)[1]
    assert len(at) == np.count_nonzero(lines) < np.count_nonzero(blots) / 2
    assert not (lines & ~blots).any()
    squares = lines[1:, 1:] & lines[1:, :-1] & lines[:-1, 1:] & lines[:-1, :-1]
    assert np.count_nonzero(squares) <= 2
