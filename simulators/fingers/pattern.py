"""The pattern of a finger: cores, deltas, and the direction in which the ridges run everywhere.

Facts: fingerprint.md, Synthetic fingers. Places are complex numbers x + i(HEIGHT - y): pixels, y upwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy

from simulators.fingers.randomness import Field, patches

HEIGHT: Final = 416  # pixels at 500 dots per inch
WIDTH: Final = 352
_WOBBLE_SIGMA: Final = 45.0


class Pattern(StrEnum):
    """What a finger's ridges draw. A loop is named by the side on which it opens, as seen on the image."""

    LEFT_LOOP = "left loop"
    RIGHT_LOOP = "right loop"
    WHORL = "whorl"
    ARCH = "arch"


_SHARES: Final = {Pattern.LEFT_LOOP: 0.34, Pattern.RIGHT_LOOP: 0.31, Pattern.WHORL: 0.28, Pattern.ARCH: 0.07}


@dataclass(frozen=True)
class Turns:
    """Where the ridges of a finger turn. Arches have neither core nor delta."""

    pattern: Pattern
    centre: complex
    cores: tuple[complex, ...]
    deltas: tuple[complex, ...]


def choose_turns(random: numpy.random.Generator, pattern: Pattern | None = None) -> Turns:
    """Choose a pattern as they occur among people, or take the given one, and place its cores and deltas."""
    drawn = Pattern(str(random.choice([one.value for one in _SHARES], p=list(_SHARES.values()))))
    pattern = pattern or drawn
    centre = complex(WIDTH / 2 + random.normal(0, 12), 0.56 * HEIGHT + random.normal(0, 14))
    if pattern is Pattern.ARCH:
        return Turns(pattern, centre, (), ())
    if pattern is Pattern.WHORL:
        return _whorl(random, centre)
    # The delta lies below the core, on the side away from the opening.
    side = 1 if pattern is Pattern.LEFT_LOOP else -1
    delta = centre + complex(side * random.uniform(75, 115), -random.uniform(110, 150))
    return Turns(pattern, centre, (centre,), (delta,))


def _whorl(random: numpy.random.Generator, centre: complex) -> Turns:
    upper = centre + complex(0, random.uniform(8, 22))
    lower = centre + complex(random.normal(0, 6), -random.uniform(8, 22))
    deltas = [
        centre + complex(side * random.uniform(105, 135), -random.uniform(115, 150)) for side in (-1, 1)
    ]
    return Turns(Pattern.WHORL, centre, (upper, lower), tuple(deltas))


def ridge_directions(turns: Turns, random: numpy.random.Generator) -> Field:
    """Return the direction of the ridges at every pixel.

    Returns:
        float[HEIGHT, WIDTH], radians in image axes (x right, y down), with a smooth wobble. A direction and
        its opposite are the same ridge.
    """
    down, across = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype(numpy.float64)
    if turns.pattern is Pattern.ARCH:
        directions = _arch(across, down, turns.centre)
    else:
        directions = _zeros_and_poles(across, down, turns)
    wobble = patches(random, (HEIGHT, WIDTH), _WOBBLE_SIGMA)
    wobble *= random.uniform(0.10, 0.22) / float(numpy.abs(wobble).max())
    return directions + wobble


def _zeros_and_poles(across: Field, down: Field, turns: Turns) -> Field:
    """Return the zero-pole field with its sign turned, because y points down in an image."""
    place = across + 1j * (HEIGHT - down)
    directions = numpy.zeros(across.shape)
    for delta in turns.deltas:
        directions += numpy.angle(place - delta) / 2
    for core in turns.cores:
        directions -= numpy.angle(place - core) / 2
    return directions


def _arch(across: Field, down: Field, centre: complex) -> Field:
    distance = numpy.abs((HEIGHT - down) - 0.6 * centre.imag) / HEIGHT
    height = numpy.clip(1.1 - 1.8 * distance, 0, 1)
    bow = numpy.cos(math.pi * (across - centre.real) / WIDTH + math.pi / 2)
    directions: Field = numpy.arctan(-1.4 * height * bow)
    return directions
