"""The plate of the sensor: what lies there, seen with the sensor's defects, at 4 bits a pixel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import numpy
from numpy.typing import NDArray

from simulators.fingers import Defects, Finger, Frame
from simulators.fingers.plate import bar_target, empty_plate, expose, flat_target
from simulators.fingers.randomness import Field, generator
from simulators.zhiantec.truth import Lying

WIDTH: Final = 256
HEIGHT: Final = 288
IMAGE_BYTES: Final = WIDTH * HEIGHT // 2
_TRUE_DENSITY: Final = 500.0
_WRONG_DENSITY: Final = 490.0


def picture_of(lying: Lying, defects: Mapping[str, str], number: int) -> NDArray[numpy.uint8]:
    """Take a picture: uint8[288, 256], dark ridges. Its noise is another one each time, by number."""
    return expose(prepared(lying, defects), generator("zhiantec", number), _defects(defects))


def prepared(lying: Lying, defects: Mapping[str, str]) -> Field:
    """Return what the sensor will see; ask for it before the picture is taken, for it takes computing."""
    return _scene(lying, _WRONG_DENSITY if "dots_490" in defects else _TRUE_DENSITY)


def packed(picture: NDArray[numpy.uint8]) -> bytes:
    """Return a picture at 4 bits a pixel, rows from the top, two pixels a byte, high nibble left (facts)."""
    nibbles = picture >> 4
    both = nibbles[:, 0::2] << 4 | nibbles[:, 1::2]
    return both.astype(numpy.uint8).tobytes()


@lru_cache(maxsize=4)
def _scene(lying: Lying, density: float) -> Field:
    frame = Frame(WIDTH, HEIGHT, density)
    if lying.what == "finger":
        finger = Finger.from_seed(lying.finger)
        return finger.touch(frame, lying.press, lying.difficulty, lying.moisture).scene
    if lying.what == "flat":
        return flat_target(frame)
    if lying.what == "bars":
        return bar_target(frame, lying.cycles, lying.upright)
    return empty_plate(frame)


def _defects(named: Mapping[str, str]) -> Defects:
    return Defects(
        gradient=0.2 if "gradient" in named else 0.0,
        dead_row=int(named["dead_row"] or HEIGHT // 2) if "dead_row" in named else None,
        noise=3.0 if "noise" in named else 1.0,
        smear=80.0 if "smear" in named else 0.0,
        dirt=60.0 if "dirty_platen" in named else 0.0,
    )
