"""How a finger lies on a plate: turned, shifted, dragged, warped (facts: fingerprint.md, Impression)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy
from scipy.ndimage import map_coordinates

from simulators.fingers.pattern import HEIGHT, WIDTH
from simulators.fingers.plate import Frame
from simulators.fingers.randomness import Field, patches

MASTER_DOTS_PER_INCH: Final = 500
_DRAG_REACH: Final = 95.0  # pixels
_WARP_SIGMA: Final = 28.0
_STEPS: Final = 6  # of the search for the place of a point; the warp is far smaller than its reach


@dataclass(frozen=True)
class Placement:
    """Where on the finger each pixel of a frame looks.

    Attributes:
        across, down: float[h, w], pixels of the master under each pixel of the frame.
        turn: radians by which the frame is turned against the finger, image axes.
        pixels_per_master_pixel: of the frame.
    """

    across: Field
    down: Field
    turn: float
    pixels_per_master_pixel: float

    def sample(self, ridges: Field) -> Field:
        """Return what the frame sees of the ridges; outside of the finger is valley."""
        seen: Field = map_coordinates(ridges, (self.down, self.across), order=1, cval=-1.0)
        return seen

    def in_frame(self, x: Field, y: Field) -> tuple[Field, Field]:
        """Return where points of the master are seen in the frame, pixels; some lie outside."""
        height, width = self.across.shape
        seen_x, seen_y = numpy.full(x.shape, width / 2.0), numpy.full(y.shape, height / 2.0)
        cosine, sine = math.cos(self.turn), math.sin(self.turn)
        for _ in range(_STEPS):
            off_x = x - _at(self.across, seen_x, seen_y)
            off_y = y - _at(self.down, seen_x, seen_y)
            seen_x = seen_x + (cosine * off_x + sine * off_y) * self.pixels_per_master_pixel
            seen_y = seen_y + (-sine * off_x + cosine * off_y) * self.pixels_per_master_pixel
        return seen_x, seen_y


def lay_down(frame: Frame, random: numpy.random.Generator, difficulty: float) -> Placement:
    """Lay a finger on a plate of this frame; difficulty 0.5 is easy, 1 normal, 1.8 hard."""
    turn = math.radians(random.normal(0, 6 * difficulty))
    shift_x, shift_y = random.normal(0, 10 * difficulty, 2)
    scale = frame.dots_per_inch / MASTER_DOTS_PER_INCH
    down, across = numpy.mgrid[0 : frame.height, 0 : frame.width].astype(numpy.float64)
    x, y = (across - frame.width / 2) / scale, (down - frame.height / 2) / scale
    master_x = math.cos(turn) * x - math.sin(turn) * y + shift_x
    master_y = math.sin(turn) * x + math.cos(turn) * y + shift_y
    pull = _drag(x, y, random)
    for along, master in ((0, master_x), (1, master_y)):
        master += random.normal(0, 2.2 * difficulty) * pull
        master += patches(random, (frame.height, frame.width), _WARP_SIGMA * scale) * difficulty
        master += (WIDTH, HEIGHT)[along] / 2
    return Placement(master_x, master_y, turn, scale)


def _drag(x: Field, y: Field, random: numpy.random.Generator) -> Field:
    """Return how strongly the skin is dragged: nothing where it sticks, most at the rim."""
    sticks_x, sticks_y = random.normal(0, 30, 2)
    square = (x - sticks_x) ** 2 + (y - sticks_y) ** 2
    pull: Field = 4 * (1 - numpy.exp(-square / (2 * _DRAG_REACH**2)))
    return pull


def _at(field: Field, x: Field, y: Field) -> Field:
    """Read a field between its pixels; beyond its rim it goes on as at the rim, in a straight line."""
    height, width = field.shape
    inside_x, inside_y = numpy.clip(x, 0, width - 1), numpy.clip(y, 0, height - 1)
    value: Field = map_coordinates(field, (inside_y, inside_x), order=1)
    slope_x, slope_y = (field[-1, -1] - field[-1, 0]) / width, (field[-1, -1] - field[0, -1]) / height
    return value + (x - inside_x) * float(slope_x) + (y - inside_y) * float(slope_y)
