"""Step 2: which way the ridges run, by the structure tensor."""

from typing import Final

import numpy as np
from scipy import ndimage

from station.fingers.extraction.blocks import Plane, RidgeField, block_means, smooth

GRADIENT_SIGMA: Final = 1.0  # pixels
FIELD_SIGMA: Final = 1.5  # blocks: 12 pixels
NOTHING: Final = np.float32(1e-6)


def ridge_field(plane: Plane, wide_sigma: float) -> tuple[RidgeField, Plane]:
    """Return the field, and its coherence at a wider smoothing (blocks), which tells skin from ground.

    Everything is smoothed on the grid of blocks, not on pixels: that takes a few milliseconds in all.
    """
    soft = ndimage.gaussian_filter(plane, GRADIENT_SIGMA, mode="nearest", truncate=3.0)
    down, across = np.gradient(soft)
    tensor = (
        block_means(across * across - down * down),
        block_means(2 * across * down),
        block_means(across * across + down * down),
    )
    difference, product, energy = (smooth(part, FIELD_SIGMA) for part in tensor)
    direction = np.asarray(np.arctan2(product, difference) / 2 + np.pi / 2, dtype=np.float32)
    field = RidgeField(direction, _coherence(difference, product, energy))
    difference, product, energy = (smooth(part, wide_sigma) for part in tensor)
    return field, _coherence(difference, product, energy)


def _coherence(difference: Plane, product: Plane, energy: Plane) -> Plane:
    return np.asarray(np.hypot(difference, product) / (energy + NOTHING), dtype=np.float32)
