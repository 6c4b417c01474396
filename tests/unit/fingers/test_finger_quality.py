"""The own measure of quality: better pictures score higher, and hints say what is wrong."""

import numpy as np

from station.fingers import quality
from station.fingers.extraction.own import OwnExtractor
from station.fingers.extraction.port import Extraction
from station.fingers.image import FingerImage, Grey
from tests.unit.fingers.scenes import empty_plate, pressed


def seen(pixels: Grey) -> Extraction:
    return OwnExtractor().extract(FingerImage(pixels))


def test_a_good_picture_has_no_hints() -> None:
    good = seen(pressed(1, 1, 0.5))
    assert good.measure == "clarity"
    assert good.quality > 40
    assert good.contact_area > 80
    assert good.hints == ()


def test_noise_over_a_finger_lowers_the_quality() -> None:
    pixels = pressed(1, 1, 0.5)
    noisy = np.clip(pixels + np.random.default_rng(1).normal(0, 60, pixels.shape), 0, 255).astype(np.uint8)
    assert seen(noisy).quality < 0.8 * seen(pixels).quality


def test_nothing_on_the_plate() -> None:
    assert seen(empty_plate(1)).hints == (quality.NO_FINGER,)


def test_little_of_a_finger() -> None:
    pixels = empty_plate(1)
    pixels[120:240, 90:210] = pressed(1, 1)[120:240, 90:210]
    part = seen(pixels)
    assert quality.PRESS_MORE in part.hints
    assert part.quality < 0.6 * seen(pressed(1, 1)).quality


def test_a_finger_beside_the_centre() -> None:
    pixels = np.full((360, 600), 240, np.uint8)
    pixels[:, :300] = pressed(1, 1, 0.5)
    assert quality.CENTRE in seen(pixels).hints


def test_dark_and_faint_pictures() -> None:
    pixels = pressed(1, 1, 0.5)
    assert quality.TOO_WET in seen((pixels * 0.35).astype(np.uint8)).hints
    assert quality.TOO_DRY in seen((225 + pixels * 0.12).astype(np.uint8)).hints
