"""A card's face: milliseconds to draw it and to pack its panels, beside plain peers. For information."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from drivers.evolis.models import find_model
from drivers.evolis.panels import make_panels
from drivers.evolis.ribbons import YMCKO
from simulators.people.folders import write_record
from station.cards.content import card_values
from station.records.folder import read_record
from station.settings import FontSettings
from templates.card.face import CardFace
from templates.card.fit import set_text
from templates.card.fonts import FontSet, find_font_files
from templates.card.front import render_front
from templates.card.layout import load_layout
from templates.card.raster import CardOnRaster, Raster
from templates.card.texts import card_texts
from templates.card.values import CardValues
from tests.bench.clocking import milliseconds
from tests.bench.rows import Group, Row

MODEL: Final = "Primacy 2"


@dataclass(frozen=True, eq=False)
class PlainLine:
    """A line of text, where it stands, and its font at its full size."""

    text: str
    left: int
    top: int
    font: ImageFont.FreeTypeFont


def measure() -> Sequence[Row]:
    """Draw and pack one face of a synthetic person."""
    model = find_model(MODEL)
    raster = Raster(model.lines, model.dots, model.dpi_x, model.dpi_y)
    layout = load_layout()
    fonts = FontSet.load(layout, find_font_files(layout, [FontSettings().folder]))
    values = _values()
    face = render_front(values, layout, raster, fonts, specimen=True)
    lines = _plain_lines(values, raster, fonts)
    panels = sum(len(panel.data) for panel in make_panels(face, model, YMCKO.front))
    bits = np.random.default_rng(1).integers(0, 2, panels * 8, dtype=np.uint8)
    return (
        Row(
            "face drawn: ms",
            milliseconds(lambda: render_front(values, layout, raster, fonts, specimen=True)),
            milliseconds(lambda: _draw_plainly(lines, raster)),
            f"Pillow, the same {len(lines)} lines of text on an RGB picture, no photo",
        ),
        Row(
            "face packed into Y M C K O: ms",
            milliseconds(lambda: make_panels(_fresh(face), model, YMCKO.front)),
            milliseconds(lambda: np.packbits(bits).tobytes()),
            f"numpy.packbits to the same {panels} bytes",
        ),
    )


def _values() -> CardValues:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        write_record(1, 0, Path(folder))
        return card_values(read_record(Path(folder)))


def _fresh(face: CardFace) -> CardFace:
    """The same arrays in an object of its own, so that nothing can be kept from run to run."""
    return CardFace(face.colour, face.black)


def _plain_lines(values: CardValues, raster: Raster, fonts: FontSet) -> tuple[PlainLine, ...]:
    """The lines that stand on the card, at the size of their style."""
    layout = load_layout()
    card = CardOnRaster(raster, layout.width, layout.height)
    texts = card_texts(values, layout)
    lines = []
    for place in layout.texts:
        style = layout.styles[place.style]
        box = card.box(place.x, place.y, place.width, place.height)
        font = fonts[style.font].at(raster.across(style.size))
        for line in set_text(place.name, texts[place.name], box, style, fonts[style.font], raster):
            lines.append(PlainLine(line.text, line.left, line.top, font))
    return tuple(lines)


def _draw_plainly(lines: Sequence[PlainLine], raster: Raster) -> Image.Image:
    image = Image.new("RGB", (raster.width, raster.height), "white")
    pen = ImageDraw.Draw(image)
    for line in lines:
        pen.text((line.left, line.top), line.text, fill="black", font=line.font)
    return image


GROUP: Final = Group("face", f"one face on the raster of a {MODEL}; for information", measure)
