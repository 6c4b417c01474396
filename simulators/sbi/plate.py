"""What the sensor sees: a pressed synthetic finger, and the score that it gives."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy
from numpy.typing import NDArray
from PIL import Image

from simulators.fingers import Finger
from simulators.sbi.truth import Press

WIDTH, HEIGHT, DPI = 300, 360, 500
BLANK = 238  # grey of the empty plate; assumed


@lru_cache(maxsize=32)
def pressed(press: Press) -> NDArray[numpy.uint8]:
    """The picture: uint8[HEIGHT, WIDTH], ridges dark."""
    return Finger.from_seed(press.finger).press(press.press, press.difficulty)


def score(press: Press) -> float:
    """A quality score of 0 to 100; that it falls with the difficulty of the touch is assumed."""
    return float(max(5, min(95, round(95 - 24 * press.difficulty))))


def preview(press: Press | None) -> bytes:
    """A frame of the live picture, as JPEG. No score is drawn into it, as the text has it."""
    if press is None:
        return _jpeg(numpy.full((HEIGHT, WIDTH), BLANK, numpy.uint8))
    return _preview(press)


@lru_cache(maxsize=8)
def _preview(press: Press) -> bytes:
    return _jpeg(pressed(press))


def _jpeg(pixels: NDArray[numpy.uint8]) -> bytes:
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=70)
    return target.getvalue()
