"""The glass plate of a scanner and the sensor behind it: what lies there becomes grey values.

A scene is float[h, w], the grey that a perfect sensor would see; `expose` makes a picture of it, with the
defects that the technician's calibration has to find (facts: fingerprint.md, Scanner calibration routine).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from simulators.fingers.randomness import Field, blurred_noise

BACKGROUND: Final = 236.0
_SLOPE: Final = 4.0  # grey levels from left to right
_NOISE: Final = 2.5  # grey levels, deviation of a healthy sensor
_SMEAR_SIGMA: Final = 6.0
_BLACK: Final = 30.0


@dataclass(frozen=True)
class Frame:
    """What a sensor sees: pixels, and how densely they really lie."""

    width: int = 300
    height: int = 360
    dots_per_inch: float = 500.0


@dataclass(frozen=True)
class Defects:
    """What is wrong with a sensor; nothing by default.

    Attributes:
        gradient: share of the light that is missing at the lower edge, such as 0.2.
        dead_row: number of a row that sees nothing.
        noise: factor on the noise of a healthy sensor.
        smear: grey levels that a smear across the plate takes away.
        dirt: grey levels that grains and an old print on the plate take away.
    """

    gradient: float = 0.0
    dead_row: int | None = None
    noise: float = 1.0
    smear: float = 0.0
    dirt: float = 0.0


HEALTHY: Final = Defects()


def empty_plate(frame: Frame) -> Field:
    """Return the scene with nothing on the plate."""
    row = BACKGROUND + _SLOPE * numpy.arange(frame.width) / frame.width
    return numpy.tile(row, (frame.height, 1))


def flat_target(frame: Frame, grey: float = _BLACK) -> Field:
    """Return the scene of an even target that covers the plate."""
    return numpy.full((frame.height, frame.width), float(grey))


def bar_target(frame: Frame, cycles_per_millimetre: float, upright: bool = True) -> Field:
    """Return the scene of a target of black and white bars.

    Args:
        frame: of the sensor; its real density decides how many pixels a bar has.
        cycles_per_millimetre: pairs of bars in a millimetre of the target.
        upright: bars run up and down, else from side to side.
    """
    pixels_per_millimetre = frame.dots_per_inch / 25.4
    down, across = numpy.mgrid[0 : frame.height, 0 : frame.width].astype(numpy.float64)
    phase = (across if upright else down) / pixels_per_millimetre * cycles_per_millimetre
    bars = (numpy.sin(2 * math.pi * phase) > 0).astype(numpy.float64)
    softened: Field = gaussian_filter(bars, 0.7)
    return _BLACK + (BACKGROUND - _BLACK) * softened


def expose(scene: Field, random: numpy.random.Generator, defects: Defects = HEALTHY) -> NDArray[numpy.uint8]:
    """Take a picture of a scene: uint8[h, w], dark ridges."""
    height = scene.shape[0]
    light = 1 - defects.gradient * numpy.arange(height)[:, None] / height
    seen = (scene - _lying_about(scene.shape, defects)) * light
    seen = seen + random.normal(0, _NOISE * defects.noise, scene.shape)
    if defects.dead_row is not None:
        seen[defects.dead_row % height] = 0
    picture: NDArray[numpy.uint8] = numpy.clip(numpy.round(seen), 0, 255).astype(numpy.uint8)
    return picture


def _lying_about(shape: tuple[int, ...], defects: Defects) -> Field:
    """Return what smear and dirt take away; they lie still from picture to picture."""
    taken = numpy.zeros(shape)
    random = numpy.random.default_rng(5)
    height, width = shape
    if defects.smear:
        down, across = numpy.mgrid[0:height, 0:width].astype(numpy.float64)
        off = (down - 0.6 * height) - 0.3 * (across - width / 2)
        taken += defects.smear * numpy.exp(-(off**2) / (2 * (3 * _SMEAR_SIGMA) ** 2))
    if defects.dirt:
        grains = blurred_noise(random, (height, width), 1.5)
        taken += defects.dirt * (grains > 2.2 * grains.std())
        old = numpy.sin(numpy.hypot(*(numpy.mgrid[0:height, 0:width] - height / 3)) * 2 * math.pi / 9)
        taken += defects.dirt / 3 * (old > 0)
    return taken
