"""The front of the card: values in, pixels out."""

import numpy as np

from .checks import check_glyphs, check_values
from .face import BlackPlane, CardFace
from .fit import set_text
from .fonts import FontSet
from .layout import Box, Layout
from .pictures import photo_dots, read_photo, read_signature, signature_dots
from .raster import CardOnRaster, DotBox, Raster
from .specimen import mark_specimen
from .texts import card_texts
from .values import CardValues


def render_front(
    values: CardValues, layout: Layout, raster: Raster, fonts: FontSet, specimen: bool
) -> CardFace:
    """Draw a person's card. Equal arguments give equal dots.

    Text and signature go to the black plane, unsmoothed; the photo, and SPESIMEN where asked for, to colour.

    Raises:
        CardFaceError: one of its kinds, when a value, a character, a text's length or a picture does not
            permit a true face. Nothing is left out or clipped instead.
    """
    check_values(values)
    texts = card_texts(values, layout)
    check_glyphs(texts, layout, fonts)
    photo, signature = read_photo(values.photo), read_signature(values.signature)
    card = CardOnRaster(raster, layout.width, layout.height)
    colour = np.full((raster.height, raster.width, 3), 255, dtype=np.uint8)
    black = np.zeros((raster.height, raster.width), dtype=np.bool_)
    if specimen:
        mark_specimen(colour, layout, card, fonts)
    box = _box(card, layout.photo)
    colour[box.top : box.bottom, box.left : box.right] = photo_dots(photo, box, layout.photo.ratio)
    _write_texts(black, texts, layout, card, fonts)
    box = _box(card, layout.signature)
    black[box.top : box.bottom, box.left : box.right] |= signature_dots(
        signature, box, layout.signature.ratio
    )
    return CardFace(colour, black)


def _write_texts(
    black: BlackPlane, texts: dict[str, str], layout: Layout, card: CardOnRaster, fonts: FontSet
) -> None:
    for place in layout.texts:
        style = layout.styles[place.style]
        font = fonts[style.font]
        for line in set_text(place.name, texts[place.name], _box(card, place), style, font, card.raster):
            ink = line.lettering
            black[line.top : line.top + ink.height, line.left : line.left + ink.width] |= ink.dots


def _box(card: CardOnRaster, box: Box) -> DotBox:
    return card.box(box.x, box.y, box.width, box.height)
