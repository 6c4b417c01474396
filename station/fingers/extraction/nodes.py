"""Step 7: which ends and forks of lines are minutiae."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from station.fingers.extraction.blocks import SIDE, Cells
from station.fingers.extraction.branches import NO_NODE, Branches, Lines, lines_of
from station.fingers.extraction.thinning import thinned
from station.fingers.minutiae import Integers, Reals, wrapped

ENDS, FORKS = 1, 3  # crossing numbers; a pixel with 4 is no minutia
SHORT: Final = 6  # pixels: spurs, bridges, islands, lakes
EDGE: Final = 14  # pixels to the edge of the skin
MOST_NODES: Final = 600  # noise has many: this bounds the time
FACING: Final = 10.0  # pixels
OPPOSITE: Final = 2.4  # radians
TOO_NEAR: Final = 6.0  # pixels


@dataclass(frozen=True, eq=False)
class Nodes:
    """Ends and forks of lines, n of them, and their branches.

    Attributes:
        x, y: int64[n], pixels.
        fork: bool[n]; the others are ends.
        branches: of them all; those of node i have `branches.node == i`.
        across, down: float64[m], unit vector of each branch, from the node to where the walk ended.
    """

    x: Integers
    y: Integers
    fork: Cells
    branches: Branches
    across: Reals
    down: Reals


def find_nodes(ridges: Cells, mask: Cells) -> Nodes:
    """Thin the ridges and find the ends and forks that may be minutiae.

    Args:
        ridges: bool[height, width].
        mask: the blocks of skin.
    """
    image, at = thinned(ridges)
    width = ridges.shape[1] + 2  # a margin of one pixel
    lines = lines_of(image, at, width)
    crossings = lines.crossings(at)
    nodes = at[(crossings == ENDS) | (crossings == FORKS)]
    nodes = nodes[from_edge(nodes % width - 1, nodes // width - 1, mask) >= EDGE]
    nodes = nodes[_far_from_short_branches(lines, nodes)][:MOST_NODES]
    branches = lines.branches(nodes)
    y, x = np.divmod(nodes, width)
    down, across = (
        ends - starts[branches.node]
        for ends, starts in zip(np.divmod(branches.end, width), (y, x), strict=True)
    )
    length = np.maximum(np.hypot(across, down), 1)
    return Nodes(x - 1, y - 1, lines.crossings(nodes) == FORKS, branches, across / length, down / length)


def _far_from_short_branches(lines: Lines, nodes: Integers) -> Integers:
    """Return the indices of those from which no short line runs to another node, and into which none runs."""
    branches = lines.branches(nodes)
    short = (branches.steps < SHORT) & (branches.meets != NO_NODE)
    killed = np.concatenate([nodes[branches.node[short]], branches.meets[short]])
    return np.flatnonzero(~np.isin(nodes, killed))


def from_edge(x: Integers, y: Integers, mask: Cells) -> Reals:
    """Return the distance in pixels from each point to the nearest pixel that is no skin."""
    room = np.pad(mask, 1)
    rim_y, rim_x = np.nonzero(~room & ndimage.binary_dilation(room, np.ones((3, 3))))
    top, left = (rim_y - 1) * SIDE, (rim_x - 1) * SIDE
    across = np.maximum(np.maximum(left - x[:, None], x[:, None] - (left + SIDE - 1)), 0)
    down = np.maximum(np.maximum(top - y[:, None], y[:, None] - (top + SIDE - 1)), 0)
    return np.asarray(np.sqrt((across * across + down * down).min(axis=1)), dtype=np.float64)


def without_false(x: Integers, y: Integers, direction: Reals, fork: Cells) -> Integers:
    """Return the indices of those that are neither one of a facing pair of a kind nor crowded.

    Two ends that face each other are a ridge torn by a scratch; two minutiae within 6 pixels are a blot.
    """
    apart = np.hypot(x[:, None] - x[None], y[:, None] - y[None])
    np.fill_diagonal(apart, np.inf)
    facing = np.abs(wrapped(direction[:, None] - direction[None])) > OPPOSITE
    torn = (apart < FACING) & facing & (fork[:, None] == fork[None])
    return np.flatnonzero(~(torn | (apart < TOO_NEAR)).any(axis=1))
