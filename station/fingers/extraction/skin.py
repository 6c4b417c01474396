"""Step 3: where there is skin."""

from typing import Final

import numpy as np
from scipy import ndimage

from station.fingers.extraction.blocks import Cells, Plane
from station.fingers.extraction.normalising import FLOOR, Normalised

LEAST_COHERENCE: Final = 0.20
COHERENCE_SIGMA: Final = 2.0  # blocks
OPEN_FIRST, CLOSE, OPEN_LAST = 1, 4, 2  # blocks
FEWEST_BLOCKS: Final = 150  # 25 square millimetres; less is no finger
FAINTEST: Final = (
    4.0  # grey levels; the noise of a blank plate deviates less (facts: fingerprint.md, calibration)
)


def skin(normalised: Normalised, coherence: Plane, window: Cells | None) -> Cells:
    """Return bool[rows, columns]: the blocks of skin, one region without holes; none if it is too small.

    Args:
        normalised: the image.
        coherence: of the ridges, smoothed by `COHERENCE_SIGMA`.
        window: the blocks that lie in the sensor's window.
    """
    nothing = np.zeros(coherence.shape, dtype=np.bool_)
    if normalised.strong < FAINTEST:
        return nothing
    found = (normalised.deviation > FLOOR * normalised.strong) & (coherence > LEAST_COHERENCE)
    if window is not None:
        found &= window
    found = _tidy(found)
    if window is not None:
        found &= window
    regions, count = ndimage.label(found)
    if not count:
        return nothing
    largest = regions == 1 + int(np.argmax(np.bincount(regions.ravel())[1:]))
    whole = np.asarray(ndimage.binary_fill_holes(largest), dtype=np.bool_)
    return whole if np.count_nonzero(whole) >= FEWEST_BLOCKS else nothing


def _tidy(found: Cells) -> Cells:
    opened = ndimage.binary_opening(found, iterations=OPEN_FIRST)
    room = np.pad(opened, CLOSE, mode="edge")  # or closing would eat at the image's edge
    closed = ndimage.binary_closing(room, iterations=CLOSE)[CLOSE:-CLOSE, CLOSE:-CLOSE]
    return np.asarray(ndimage.binary_opening(closed, iterations=OPEN_LAST), dtype=np.bool_)
