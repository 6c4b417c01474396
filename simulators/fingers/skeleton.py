"""Ridges thinned to lines of one pixel, after T. Y. Zhang and C. Y. Suen (1984)."""

from __future__ import annotations

import numpy
from numpy.typing import NDArray

Lines = NDArray[numpy.bool_]
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # clockwise from above


def thinned(ridges: Lines) -> Lines:
    """Thin ridges; the outermost pixels are cleared."""
    lines = ridges.copy()
    lines[[0, -1], :] = False
    lines[:, [0, -1]] = False
    while True:
        before = int(lines.sum())
        for first in (True, False):
            lines &= ~_removable(lines, first)
        if int(lines.sum()) == before:
            return lines


def crossings(lines: Lines) -> NDArray[numpy.int64]:
    """Count at each pixel of a line how many lines leave it; 0 elsewhere."""
    ring = _ring(lines)
    steps = sum((~ring[index] & ring[(index + 1) % 8]).astype(numpy.int64) for index in range(8))
    counts: NDArray[numpy.int64] = numpy.asarray(steps) * lines
    return counts


def _ring(lines: Lines) -> list[Lines]:
    return [numpy.roll(lines, (-down, -across), (0, 1)) for down, across in _AROUND]


def _removable(lines: Lines, first: bool) -> Lines:
    ring = _ring(lines)
    above, right, below, left = ring[0], ring[2], ring[4], ring[6]
    count = numpy.asarray(sum(one.astype(numpy.int64) for one in ring))
    if first:
        corner = ~(above & right & below) & ~(right & below & left)
    else:
        corner = ~(above & right & left) & ~(above & below & left)
    found: Lines = lines & (count >= 2) & (count <= 6) & (crossings(lines) == 1) & corner
    return found
