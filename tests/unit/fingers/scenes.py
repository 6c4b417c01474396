"""Pictures for the extractor: synthetic fingers, empty plates, noise, and a reader that shows its frame."""

import io

import numpy as np
from PIL import Image

from simulators.fingers.finger import Finger as SyntheticFinger
from simulators.fingers.template import finger_record
from station.fingers.image import FingerImage, Grey
from station.fingers.minutiae import Minutiae
from station.fingers.record import minutiae_of, read_record

SIDE = 420  # of the reader with a frame
TOP, LEFT = 30, 60  # where its plate of 300 x 360 begins


def pressed(seed: int, touch: int, difficulty: float = 1.0, moisture: float = 0.0) -> Grey:
    return SyntheticFinger.from_seed(seed).press(touch, difficulty, moisture)


def foreign(seed: int, touch: int) -> Minutiae:
    """What the simulated vendor has found in a touch."""
    record = read_record(finger_record([(2, SyntheticFinger.from_seed(seed))], touch))
    return minutiae_of(record, record.views[0])


def noise(seed: int, height: int = 300, width: int = 300) -> Grey:
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


def empty_plate(seed: int, height: int = 360, width: int = 300) -> Grey:
    """Light falls off by a fifth from left to right; the sensor has noise of 2.5 grey levels."""
    random = np.random.default_rng(seed)
    light = 240 - 48 * np.arange(width) / width
    return np.clip(light + random.normal(0, 2.5, (height, width)), 0, 255).astype(np.uint8)


def resized(pixels: Grey, dpi: float) -> FingerImage:
    height, width = pixels.shape
    size = (round(width * dpi / 500), round(height * dpi / 500))
    return FingerImage(np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)), dpi, dpi)


def framed(plate: Grey, seed: int) -> FingerImage:
    """Put a plate into the dark, ribbed housing that a keystoned reader shows round it."""
    random = np.random.default_rng(seed)
    across, down = np.meshgrid(np.arange(SIDE), np.arange(SIDE + 60))
    ribs = np.random.default_rng(77).normal(
        0, 1, (SIDE + 60, SIDE)
    )  # of the housing: the same in every image
    waves = np.sin((across * 0.55 + down * 0.35) + np.cumsum(ribs, axis=1) * 0.15)
    whole = 100 + 50 * waves + random.normal(0, 2.5, waves.shape)
    whole[TOP : TOP + plate.shape[0], LEFT : LEFT + plate.shape[1]] = plate
    return FingerImage(np.clip(whole, 0, 255).astype(np.uint8))


def as_png(pixels: Grey) -> bytes:
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG")
    return target.getvalue()
