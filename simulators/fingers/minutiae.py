"""The minutiae of a finger, found on its clean ridges by a simple method of the simulator's own.

Lines of one pixel, crossing number, a walk along the lines for the direction. It is a foreign vendor's view
of the finger on purpose: it shares nothing with the station's extractor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy

from simulators.fingers.randomness import Field
from simulators.fingers.skeleton import Lines, crossings, thinned

ENDING: Final = 1  # ISO/IEC 19794-2 types
BIFURCATION: Final = 2
_RIM: Final = 14  # pixels without minutiae at the border
_WALK: Final = 12  # pixels along a line
_SHORTEST: Final = 8  # a shorter line is a spur or a bridge
_NEAREST: Final = 7.0  # two minutiae nearer than this are none

Place = tuple[int, int]  # row, column


@dataclass(frozen=True)
class Point:
    """A minutia of the finger: pixels at 500 dots per inch, y down; direction in radians, image axes."""

    kind: int
    x: float
    y: float
    direction: float


def minutiae_of(ridges: Field) -> list[Point]:
    """Return the minutiae of clean ridges, float[h, w] from -1 (valley) to 1 (ridge)."""
    lines = thinned(ridges > 0)
    counts = crossings(lines)
    height, width = lines.shape
    found = []
    for row, column in numpy.argwhere((counts == 1) | (counts == 3)).tolist():
        if _RIM <= row < height - _RIM and _RIM <= column < width - _RIM:
            point = _point(lines, (row, column), int(counts[row, column]))
            if point is not None:
                found.append(point)
    return [one for one in found if not any(_too_near(one, other) for other in found)]


def _too_near(one: Point, other: Point) -> bool:
    return one is not other and math.hypot(one.x - other.x, one.y - other.y) < _NEAREST


def _point(lines: Lines, place: Place, count: int) -> Point | None:
    walks = [_walk(lines, place, first) for first in _starts(lines, place)]
    if len(walks) != count or any(len(walk) < _SHORTEST for walk in walks):
        return None
    legs = [math.atan2(walk[-1][0] - place[0], walk[-1][1] - place[1]) for walk in walks]
    if count == 1:  # from the ending along its ridge
        return Point(ENDING, place[1], place[0], legs[0])
    return Point(BIFURCATION, place[1], place[0], _fork(legs))


def _fork(legs: list[float]) -> float:
    """Return the bisector of the two legs that lie closest together: into the valley between them."""
    pairs = [(legs[0], legs[1]), (legs[1], legs[2]), (legs[2], legs[0])]
    first, second = min(pairs, key=lambda pair: abs(math.remainder(pair[0] - pair[1], math.tau)))
    return first + math.remainder(second - first, math.tau) / 2


def _neighbours(lines: Lines, place: Place) -> list[Place]:
    """Return the neighbours on lines; those across an edge stand before those across a corner."""
    row, column = place
    around = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))
    return [(row + down, column + right) for down, right in around if lines[row + down, column + right]]


def _starts(lines: Lines, place: Place) -> list[Place]:
    """Return where each line begins: neighbours that touch one another are one line."""
    starts: list[Place] = []
    for place_there in _neighbours(lines, place):
        if all(abs(place_there[0] - row) + abs(place_there[1] - column) > 1 for row, column in starts):
            starts.append(place_there)
    return starts


def _walk(lines: Lines, place: Place, first: Place) -> list[Place]:
    """Walk along a line from a node, to the next node or as far as it takes to tell the direction."""
    walk, seen = [first], {place, first, *_neighbours(lines, place)}
    while len(walk) < _WALK:
        ahead = [one for one in _neighbours(lines, walk[-1]) if one not in seen]
        if len(ahead) != 1 and not (len(ahead) == 2 and _touch(*ahead)):
            break
        seen.add(ahead[0])  # at a step of the line the pixel across the edge comes first
        walk.append(ahead[0])
    return walk


def _touch(one: Place, other: Place) -> bool:
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) == 1
