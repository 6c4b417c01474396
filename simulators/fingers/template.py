"""A foreign vendor's template of a touch: what its extractor would find, with its errors.

The minutiae of the finger are carried through the touch (turn, drag, warp), those outside of the contact are
missing, and the rest have a vendor's inaccuracies: places and directions a little off, some missing, some of
the other type, a few that are none. The sizes of these errors are assumed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy

from simulators.fingers.finger import DEFAULT_FRAME, Finger
from simulators.fingers.minutiae import BIFURCATION, ENDING, Point, minutiae_of
from simulators.fingers.randomness import generator
from simulators.people.iso_record import Minutia, View, record_of

_SEEN: Final = 0.6  # of contact; less is too faint
_MISSED: Final = 0.08  # share of the minutiae
_MISTAKEN: Final = 0.10  # share whose type is the other one
_FALSE: Final = 2
_PLACE_ERROR: Final = 1.0  # pixels
_DIRECTION_ERROR: Final = 0.07  # radians
_MOST: Final = 80
_TIP: Final = 5.0  # pixels from a minutia to the point that tells its direction


def finger_record(fingers: Sequence[tuple[int, Finger]], touch: int, difficulty: float = 1.0) -> bytes:
    """Return the ISO/IEC 19794-2:2005 record of one touch of each finger.

    Args:
        fingers: position (1-10) and finger.
        touch: seed of the touches.
        difficulty: of the touches.
    """
    views = [View(position, *_seen(finger, touch, difficulty)) for position, finger in fingers]
    return record_of(views, DEFAULT_FRAME.width, DEFAULT_FRAME.height)


@lru_cache(maxsize=16)
def _points(finger: Finger) -> tuple[Point, ...]:
    return tuple(minutiae_of(finger.ridges))


def _seen(finger: Finger, touch: int, difficulty: float) -> tuple[int, list[Minutia]]:
    """Return quality and minutiae of a touch."""
    random = generator("vendor", finger.seed, touch)
    impression = finger.touch(DEFAULT_FRAME, touch, difficulty)
    points = _points(finger)
    x, y = numpy.array([one.x for one in points]), numpy.array([one.y for one in points])
    direction = numpy.array([one.direction for one in points])
    seen_x, seen_y = impression.placement.in_frame(x, y)
    tip_x, tip_y = impression.placement.in_frame(
        x + _TIP * numpy.cos(direction), y + _TIP * numpy.sin(direction)
    )
    seen_direction = numpy.arctan2(tip_y - seen_y, tip_x - seen_x)
    found = []
    for index, point in enumerate(points):
        column, row = round(seen_x[index]), round(seen_y[index])
        if not (0 <= column < DEFAULT_FRAME.width and 0 <= row < DEFAULT_FRAME.height):
            continue
        if impression.contact[row, column] >= _SEEN and random.random() >= _MISSED:
            found.append(_measured(point.kind, column, row, float(seen_direction[index]), random))
    found += [_false(random) for _ in range(_FALSE)]
    found.sort(key=lambda one: -one.quality)
    return int(random.integers(55, 95)), found[:_MOST]


def _measured(kind: int, x: float, y: float, direction: float, random: numpy.random.Generator) -> Minutia:
    if random.random() < _MISTAKEN:
        kind = ENDING + BIFURCATION - kind
    x, y = x + random.normal(0, _PLACE_ERROR), y + random.normal(0, _PLACE_ERROR)
    angle = -(direction + random.normal(0, _DIRECTION_ERROR))  # counter-clockwise as seen
    return Minutia(
        kind=kind,
        x=min(max(round(x), 0), DEFAULT_FRAME.width - 1),
        y=min(max(round(y), 0), DEFAULT_FRAME.height - 1),
        angle=round(angle * 128 / math.pi) % 256,
        quality=int(random.integers(40, 96)),
    )


def _false(random: numpy.random.Generator) -> Minutia:
    x, y = random.uniform(60, DEFAULT_FRAME.width - 60), random.uniform(60, DEFAULT_FRAME.height - 60)
    return _measured(ENDING, x, y, random.uniform(-math.pi, math.pi), random)
