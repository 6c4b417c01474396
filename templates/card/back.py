"""The back of the card, which carries no personal data (facts: domain.md section 2, unverified)."""

import numpy as np

from .face import CardFace
from .fonts import FontSet
from .layout import Layout
from .raster import CardOnRaster, Raster
from .specimen import mark_specimen


def render_back(layout: Layout, raster: Raster, fonts: FontSet, specimen: bool) -> CardFace:
    """Draw a back: white, with the marks of a specimen where asked for.

    Raises:
        FaceOverflowError: the specimen's small word does not fit its box.
    """
    colour = np.full((raster.height, raster.width, 3), 255, dtype=np.uint8)
    if specimen:
        mark_specimen(colour, layout, CardOnRaster(raster, layout.width, layout.height), fonts)
    return CardFace(colour, np.zeros((raster.height, raster.width), dtype=np.bool_))
