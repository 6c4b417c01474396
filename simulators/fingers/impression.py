"""One touch of a finger on a plate (facts: fingerprint.md, Impression)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy
from scipy.ndimage import gaussian_filter

from simulators.fingers.placement import Placement, lay_down
from simulators.fingers.plate import Frame, empty_plate
from simulators.fingers.randomness import Field, blurred_noise, patches

_PORE_DENSITY: Final = 0.006
_EDGE_SLOPE: Final = 14.0


@dataclass(frozen=True)
class Impression:
    """What a touch leaves to be seen.

    Attributes:
        scene: float[h, w], grey before the sensor.
        contact: float[h, w], 1 where skin touches the glass.
        placement: where on the finger each pixel looks.
    """

    scene: Field
    contact: Field
    placement: Placement


def touch(
    ridges: Field,
    frame: Frame,
    random: numpy.random.Generator,
    difficulty: float = 1.0,
    moisture: float = 0.0,
) -> Impression:
    """Lay a finger on the plate.

    Args:
        ridges: float[416, 352] of the finger.
        frame: of the sensor.
        random: decides how it lies, how hard it presses and how wet it is.
        difficulty: 0.5 easy, 1 normal, 1.8 hard.
        moisture: -1 very dry (broken ridges) to 1 very wet (ridges run together).
    """
    shape = (frame.height, frame.width)
    placement = lay_down(frame, random, difficulty)
    contact = _contact(frame, random, difficulty)
    pressed = placement.sample(ridges) + random.normal(0, 0.22 * difficulty) + 0.8 * moisture
    pressed += 0.25 * difficulty * patches(random, shape, 12)
    skin = numpy.tanh(2.2 * pressed)
    skin = numpy.maximum(skin - _pores(random, shape) * (skin > 0), -1)
    ink = gaussian_filter((skin + 1) / 2 * contact, 0.7)
    ink = ink + 0.10 * difficulty * blurred_noise(random, shape, 0.6) * contact
    scene = empty_plate(frame) - random.uniform(165, 200) * ink
    return Impression(scene, contact, placement)


def _pores(random: numpy.random.Generator, shape: tuple[int, int]) -> Field:
    points = (random.random(shape) < _PORE_DENSITY).astype(numpy.float64)
    pores: Field = numpy.minimum(gaussian_filter(points, 0.9) * 6, 1.2)
    return pores


def _contact(frame: Frame, random: numpy.random.Generator, difficulty: float) -> Field:
    """Return where the finger touches: an ellipse with a ragged edge."""
    scale = frame.dots_per_inch / 500
    half_width, half_height = random.uniform(112, 135) * scale, random.uniform(148, 172) * scale
    off_x, off_y = random.normal(0, 8 * difficulty, 2) * scale
    down, across = numpy.mgrid[0 : frame.height, 0 : frame.width].astype(numpy.float64)
    x = (across - frame.width / 2 - off_x) / half_width
    y = (down - frame.height / 2 - off_y) / half_height
    inside = 1 - numpy.hypot(x, y) + 1.2 * blurred_noise(random, (frame.height, frame.width), 10)
    contact: Field = 1 / (1 + numpy.exp(-_EDGE_SLOPE * inside))
    return contact
