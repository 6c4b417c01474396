"""Step 8: where a minutia points to."""

from typing import Final

import numpy as np
from scipy import ndimage

from station.fingers.extraction.blocks import SIDE, Plane
from station.fingers.extraction.nodes import Nodes
from station.fingers.minutiae import Reals

LEGS: Final = 3


def directions(nodes: Nodes, direction: Plane) -> Reals:
    """Return float64[n], radians in image axes.

    An end points along its ridge, into it; a fork between the two of its legs that are closest. Half of it is
    the branch itself, half the field of directions there, with the branch's sign.

    Args:
        nodes: ends and forks.
        direction: of the ridges, for each block.
    """
    across, down = _along_branches(nodes)
    x, y = (nodes.x + 0.5) / SIDE - 0.5, (nodes.y + 0.5) / SIDE - 0.5
    double = [
        ndimage.map_coordinates(part, [y, x], order=1, mode="nearest")
        for part in (np.sin(2 * direction), np.cos(2 * direction))
    ]
    field = np.arctan2(*double) / 2
    sign = np.where(np.cos(field) * across + np.sin(field) * down < 0, -1, 1)
    both = np.arctan2(down + sign * np.sin(field), across + sign * np.cos(field))
    return np.asarray(both, dtype=np.float64)


def _along_branches(nodes: Nodes) -> tuple[Reals, Reals]:
    """Return unit vectors: of each end's branch, and between the closest legs of each fork."""
    count, branches = len(nodes.x), nodes.branches
    begin = np.searchsorted(branches.node, np.arange(count))
    across, down = nodes.across[begin], nodes.down[begin]
    fork = np.flatnonzero(nodes.fork)
    legs = begin[fork][:, None] + np.arange(LEGS)
    leg_across, leg_down = nodes.across[legs], nodes.down[legs]
    cosines = leg_across * np.roll(leg_across, -1, axis=1) + leg_down * np.roll(leg_down, -1, axis=1)
    at, first = np.arange(len(fork)), np.argmax(cosines, axis=1)
    second = (first + 1) % LEGS
    middle_across = leg_across[at, first] + leg_across[at, second]
    middle_down = leg_down[at, first] + leg_down[at, second]
    length = np.maximum(np.hypot(middle_across, middle_down), 1e-6)
    across[fork], down[fork] = middle_across / length, middle_down / length
    return across, down
