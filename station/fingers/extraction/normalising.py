"""Steps 0 and 1: the rim, and one brightness and contrast all over the image."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from station.fingers.extraction.blocks import SIDE, Cells, Plane, between, block_means, smooth
from station.fingers.image import Grey

RIM: Final = 2  # pixels; some sensors have a dark line at the edge
SIGMA: Final = 10 / SIDE  # blocks
FLOOR: Final = 0.15  # of the 95 % point of the deviation
MOST: Final = 3.0
FAINTEST: Final = 1.0  # grey levels; below it there is nothing to stretch
STRONG: Final = 95  # per cent


@dataclass(frozen=True, eq=False)
class Normalised:
    """An image at one brightness and contrast; its sides are multiples of 8.

    Attributes:
        plane: float32[height, width], -3 to 3; 0 outside the sensor's window.
        brightness, deviation: float32[rows, columns], grey levels round each block.
        strong: grey levels, the 95 % point of the deviation.
    """

    plane: Plane
    brightness: Plane
    deviation: Plane
    strong: float


def padded(pixels: Grey, inside: Cells | None) -> tuple[Plane, Cells | None]:
    """Replace the rim by what lies next to it, and fill up to whole blocks; the window gets the same size."""
    height, width = pixels.shape
    below, right = -height % SIDE, -width % SIDE
    core = pixels[RIM:-RIM, RIM:-RIM].astype(np.float32)
    plane = np.pad(core, ((RIM, RIM + below), (RIM, RIM + right)), mode="edge")
    if inside is None:
        return plane, None
    return plane, np.pad(inside, ((0, below), (0, right)))


def normalised(plane: Plane, inside: Cells | None) -> Normalised:
    """Take the local mean away and divide by the local deviation."""
    if inside is None:
        mean = smooth(block_means(plane), SIGMA)
        square = smooth(block_means(plane * plane), SIGMA)
    else:
        weight = smooth(block_means(inside.astype(np.float32)), SIGMA) + np.float32(1e-6)
        seen = np.where(inside, plane, np.float32(0))
        mean = smooth(block_means(seen), SIGMA) / weight
        square = smooth(block_means(seen * seen), SIGMA) / weight
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    whole = deviation if inside is None else deviation[spread_whole(inside)]
    strong = float(np.percentile(whole, STRONG)) if whole.size else 0.0
    floor = max(FLOOR * strong, FAINTEST)
    stretched = (plane - between(mean)) / between(np.maximum(deviation, np.float32(floor)))
    np.clip(stretched, -MOST, MOST, out=stretched)
    if inside is not None:
        stretched[~inside] = 0
    return Normalised(stretched, mean, deviation, strong)


def spread_whole(inside: Cells) -> Cells:
    """Return bool[rows, columns]: the blocks that lie wholly in the window."""
    return np.asarray(block_means(inside.astype(np.float32)) > 1 - 1e-3, dtype=np.bool_)
