"""The grid of 8 x 8 pixel blocks that all fields of an image live on."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Plane = NDArray[np.float32]
Cells = NDArray[np.bool_]

SIDE: Final = 8  # pixels of a block; all lengths are pixels at 500 dpi
SQUARE_MM: Final = (SIDE * 25.4 / 500) ** 2  # of one block


@dataclass(frozen=True, eq=False)
class RidgeField:
    """What is known of the ridges, block by block, float32[rows, columns].

    Attributes:
        direction: radians in image axes, along the ridges, modulo pi.
        coherence: 0 to 1, how much the gradients of a block and its surroundings agree.
    """

    direction: Plane
    coherence: Plane


def block_means(plane: Plane) -> Plane:
    """Return the mean of each block: float32[rows, columns]. The sides of the plane are multiples of 8."""
    rows, columns = plane.shape[0] // SIDE, plane.shape[1] // SIDE
    ones = np.ones(SIDE, np.float32)
    # products with a vector, because numpy sums short axes slowly
    across = (plane.reshape(-1, SIDE) @ ones).reshape(rows, SIDE, columns)
    return np.asarray(across.sum(axis=1) / SIDE**2, dtype=np.float32)


def spread(cells: Cells) -> Cells:
    """Return the value of its block for each pixel."""
    return np.repeat(np.repeat(cells, SIDE, axis=0), SIDE, axis=1)


def smooth(cells: Plane, sigma: float) -> Plane:
    """Smooth a field; sigma in blocks."""
    return np.asarray(ndimage.gaussian_filter(cells, sigma, mode="nearest", truncate=3.0), dtype=np.float32)


def between(cells: Plane) -> Plane:
    """Interpolate a field linearly to pixels; beyond the middle of the outer blocks it stays as it is."""
    return np.ascontiguousarray(_stretched(_stretched(np.pad(cells, 1, mode="edge")).T).T)


def _stretched(cells: Plane) -> Plane:
    """Interpolate down the first axis, from the middle of one block to that of the next."""
    share = ((np.arange(SIDE, dtype=np.float32) + np.float32(0.5)) / SIDE)[None, :, None]
    steps = (cells[1:] - cells[:-1])[:, None] * share
    steps += cells[:-1, None]
    whole = steps.reshape(-1, cells.shape[1])[SIDE // 2 : -SIDE // 2]
    return np.asarray(whole, dtype=np.float32)
