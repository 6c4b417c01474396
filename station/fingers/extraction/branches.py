"""The lines that leave a minutia, followed for some pixels, all of them at once."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from station.fingers.extraction.thinning import (
    CODES,
    Bytes,
    crossing_numbers,
    neighbour_bits,
    neighbours,
    offsets,
)
from station.fingers.minutiae import Integers

WALK: Final = 14  # pixels
NO_WAY: Final = 8
NO_NODE: Final = -1
MOST_BRANCHES: Final = 3


@dataclass(frozen=True, eq=False)
class Branches:
    """Walks along lines, m of them.

    Attributes:
        node: int64[m], index of the node that the branch leaves.
        end: int64[m], place of its last pixel in the flat image.
        steps: int64[m], pixels walked; at most 14.
        meets: int64[m], the place of the node that it ran into, -1 for none.
    """

    node: Integers
    end: Integers
    steps: Integers
    meets: Integers


@cache
def _first_ways() -> Integers:
    """Return int64[256, 3]: the way into each line that leaves a pixel; 8 where there is none.

    Neighbours that touch belong to one line; a straight one among them is taken before one at a corner.
    """
    ways = np.full((CODES, MOST_BRANCHES), NO_WAY)
    for code, bits in enumerate(neighbour_bits()):
        starts = np.flatnonzero(bits & ~np.roll(bits, 1))
        for place, start in enumerate(starts[:MOST_BRANCHES]):
            run = [int(start)]
            while bits[(run[-1] + 1) % 8] and len(run) < 8:
                run.append((run[-1] + 1) % 8)
            ways[code, place] = min(run, key=lambda way: way % 2)
    return ways


@cache
def _next_ways() -> Integers:
    """Return int64[256, 8]: where a walk goes on that came in by a way; 8 where it ends.

    It never goes back, and to a pixel that touches the one it comes from only when there is no other.
    """
    ways = np.full((CODES, 8), NO_WAY)
    for code, bits in enumerate(neighbour_bits()):
        for came in range(8):
            back = (came + 4) % 8
            touching = {back, (back + 1) % 8, (back - 1) % 8}
            others = [way for way in range(8) if bits[way] and way != back]
            ahead = [way for way in others if way not in touching] or others
            if ahead:
                ways[code, came] = min(ahead, key=lambda way: way % 2)
    return ways


@dataclass(frozen=True, eq=False)
class Lines:
    """All lines of an image.

    Attributes:
        image: flat, 1 on a line.
        codes: flat, the neighbours of each pixel on a line.
        ways: the way to each neighbour.
    """

    image: Bytes
    codes: Bytes
    ways: Integers

    def crossings(self, at: Integers) -> Bytes:
        """Return the crossing numbers of these pixels."""
        return crossing_numbers()[self.codes[at]]

    def branches(self, nodes: Integers) -> Branches:
        """Follow every line that leaves these pixels."""
        ways = _first_ways()[self.codes[nodes]]
        node, place = np.nonzero(ways != NO_WAY)
        way = ways[node, place]
        at = nodes[node] + self.ways[way]
        steps, meets = np.ones(len(at), np.int64), np.full(len(at), NO_NODE)
        walking = np.ones(len(at), np.bool_)
        for _ in range(WALK):
            ended = walking & (self.crossings(at) != 2)
            meets[ended] = at[ended]
            walking &= ~ended
            way = np.where(walking, _next_ways()[self.codes[at], way % NO_WAY], NO_WAY)
            walking &= (way != NO_WAY) & (steps < WALK)
            at = np.where(walking, at + self.ways[way % NO_WAY], at)
            steps += walking
        return Branches(node, at, steps, meets)


def lines_of(image: Bytes, at: Integers, width: int) -> Lines:
    """Look at the neighbours of each pixel on a line; `width` is that of the flat image."""
    ways = offsets(width)
    codes = np.zeros_like(image)
    codes[at] = neighbours(image, at, ways)
    return Lines(image, codes, ways)
