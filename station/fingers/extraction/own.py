"""The station's own extractor: short-time Fourier enhancement in one pass, then lines, then minutiae.

Method and parameters: docs/reference/fingers.md. Without a binary, a model or a network.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from station.fingers.extraction.blocks import SIDE, Plane, RidgeField, block_means, smooth, spread
from station.fingers.extraction.directions import directions
from station.fingers.extraction.enhancing import enhanced
from station.fingers.extraction.nodes import Nodes, find_nodes, without_false
from station.fingers.extraction.normalising import normalised, padded, spread_whole
from station.fingers.extraction.orientation import ridge_field
from station.fingers.extraction.port import Extraction
from station.fingers.extraction.skin import COHERENCE_SIGMA, skin
from station.fingers.image import FingerImage
from station.fingers.minutiae import MOST_QUALITY, Minutiae, MinutiaKind
from station.fingers.quality import Looks, judged
from station.fingers.window import SensorWindow

MOST_MINUTIAE: Final = 60
CLARITY_SIGMA: Final = 1.0  # blocks
SMALLEST_SIDE: Final = 64  # pixels at 500 dpi; a smaller image holds no finger


@dataclass(frozen=True, eq=False)
class OwnExtractor:
    """Extractor by numpy and scipy alone: a `MinutiaeExtractor`."""

    def extract(self, image: FingerImage, window: SensorWindow | None = None) -> Extraction:
        """Find minutiae: see `MinutiaeExtractor.extract`."""
        level = image.at_500_dpi()
        inside = None if window is None else window.fitted_to(image, level)
        if min(level.height, level.width) < SMALLEST_SIDE:
            return judged(Minutiae.none(), None)
        plane, inside = padded(level.pixels, inside)
        even = normalised(plane, inside)
        field, wide = ridge_field(even.plane, COHERENCE_SIGMA)
        mask = skin(even, wide, None if inside is None else spread_whole(inside))
        if not mask.any():
            return judged(Minutiae.none(), None)
        ridges = enhanced(even.plane, field, mask)
        clarity = _clarity(even.plane, ridges, field)
        found = _minutiae(find_nodes((ridges < 0) & spread(mask), mask), field, clarity)
        return judged(found, Looks(mask, clarity, even.brightness, even.deviation))


def _clarity(plane: Plane, ridges: Plane, field: RidgeField) -> Plane:
    """Step 9: 0 to 1 for each block: how like the image is to its cleaned ridges, times the coherence."""
    both, image, clean = (
        smooth(block_means(product), CLARITY_SIGMA)
        for product in (plane * ridges, plane * plane, ridges * ridges)
    )
    likeness = both / np.sqrt(np.maximum(image * clean, 1e-12))
    return np.asarray(np.clip(likeness, 0, 1) * field.coherence, dtype=np.float32)


def _minutiae(nodes: Nodes, field: RidgeField, clarity: Plane) -> Minutiae:
    if not len(nodes.x):
        return Minutiae.none()
    direction = directions(nodes, field.direction)
    real = without_false(nodes.x, nodes.y, direction, nodes.fork)
    quality = np.rint(MOST_QUALITY * clarity[nodes.y // SIDE, nodes.x // SIDE]).astype(np.uint8)
    kind = np.where(nodes.fork, MinutiaKind.BIFURCATION, MinutiaKind.ENDING)
    x, y = nodes.x.astype(np.float64), nodes.y.astype(np.float64)
    found = Minutiae.of(x, y, direction, quality, kind)
    return found.taken(real).best(MOST_MINUTIAE)
