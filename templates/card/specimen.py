"""The word SPESIMEN on a face that is no document: large and light across, small and strong at the edge."""

import numpy as np
from PIL import Image

from .face import BlackPlane, ColourPlane
from .fit import set_text
from .fonts import FontSet
from .layout import Layout, SpecimenLarge
from .pen import letter
from .raster import CardOnRaster, Raster

_DRAWN_PER_MILLIMETRE = 20.0


def mark_specimen(colour: ColourPlane, layout: Layout, card: CardOnRaster, fonts: FontSet) -> None:
    """Print both marks into the colour plane, as flat colours without any smoothing.

    The large one is light and is printed before the photo, so that it hides neither text nor portrait.

    Raises:
        FaceOverflowError: the small word does not fit its box.
    """
    specimen = layout.specimen
    _large(colour, specimen.word, specimen.large, card, fonts)
    for small in specimen.small:
        style = layout.styles[small.style]
        box = card.box(small.x, small.y, small.width, small.height)
        for line in set_text("specimen", specimen.word, box, style, fonts[style.font], card.raster):
            ink = line.lettering
            area = colour[line.top : line.top + ink.height, line.left : line.left + ink.width]
            area[ink.dots] = small.colour


def _large(colour: ColourPlane, word: str, mark: SpecimenLarge, card: CardOnRaster, fonts: FontSet) -> None:
    dots = _turned(word, mark, card.raster, fonts)
    height, width = dots.shape
    left, top = card.x(mark.centre_x) - width // 2, card.y(mark.centre_y) - height // 2
    shown_left, shown_top = max(left, 0), max(top, 0)
    area = colour[shown_top : top + height, shown_left : left + width]
    seen = dots[shown_top - top :, shown_left - left :]
    area[seen[: area.shape[0], : area.shape[1]]] = mark.colour


def _turned(word: str, mark: SpecimenLarge, raster: Raster, fonts: FontSet) -> BlackPlane:
    """Draw the word large on square dots, turn it, and bring it to the raster's dots."""
    fine = Raster(1, 1, _DRAWN_PER_MILLIMETRE * 25.4, _DRAWN_PER_MILLIMETRE * 25.4)
    word_dots = letter(word, fonts[mark.font], mark.size, fine).dots
    flat = Image.fromarray(word_dots.astype(np.uint8) * 255)
    turned = flat.rotate(mark.turn, Image.Resampling.BICUBIC, expand=True)
    width = round(raster.across(turned.width / _DRAWN_PER_MILLIMETRE))
    height = round(raster.down(turned.height / _DRAWN_PER_MILLIMETRE))
    return np.array(turned.resize((width, height), Image.Resampling.BOX)) >= 128
