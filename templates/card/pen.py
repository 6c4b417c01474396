"""Unsmoothed lettering: one line of text as whole dots on a printer's raster."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from .face import BlackPlane
from .fonts import FontFace
from .raster import Raster

OVERSAMPLING: Final = 4
"""Letters for oblong dots are drawn this much larger and then brought down to the raster."""


@dataclass(frozen=True, eq=False)
class Lettering:
    """The inked dots of one line, `left` and `top` relative to the pen's start on the base line."""

    dots: BlackPlane
    left: int
    top: int

    @property
    def width(self) -> int:
        """Dots across the ink."""
        return int(self.dots.shape[1])

    @property
    def height(self) -> int:
        """Dots down the ink."""
        return int(self.dots.shape[0])


def letter(text: str, font: FontFace, size: float, raster: Raster) -> Lettering:
    """Draw one line of text, cut close to its ink. `size` is the em square in millimetres.

    Where dots are square, the font's hinting for two-level output is used, which keeps stems even.
    Elsewhere the letters are drawn four times larger and brought down, a dot being inked where at
    least half of it is covered. Either way no dot is grey.
    """
    if raster.square:
        return _draw(text, font, raster.across(size))
    return _bring_down(_draw(text, font, raster.across(size) * OVERSAMPLING), raster)


def _draw(text: str, font: FontFace, dots: float) -> Lettering:
    face = font.at(dots)
    left, top, right, bottom = face.getbbox(text, mode="1", anchor="ls")
    # One dot of air: the box that Pillow reports is of the smoothed outline at some sizes.
    origin = (1 - int(left), 1 - int(top))
    image = Image.new("1", (int(right - left) + 3, int(bottom - top) + 3))
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    pen.text(origin, text, fill=1, font=face, anchor="ls")
    return _cut(np.array(image, dtype=np.bool_), -origin[0], -origin[1])


def _cut(dots: BlackPlane, left: int, top: int) -> Lettering:
    rows, columns = np.flatnonzero(dots.any(axis=1)), np.flatnonzero(dots.any(axis=0))
    if not rows.size:
        return Lettering(np.zeros((0, 0), dtype=np.bool_), 0, 0)
    inked = dots[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Lettering(inked, left + int(columns[0]), top + int(rows[0]))


def _bring_down(large: Lettering, raster: Raster) -> Lettering:
    if not large.dots.size:
        return large
    shrink_x = float(OVERSAMPLING)
    shrink_y = OVERSAMPLING * raster.dots_per_inch_x / raster.dots_per_inch_y
    # The sampling grid starts at the base line's origin, so that equal letters stay equal.
    left, top = int(large.left // shrink_x), int(large.top // shrink_y)
    right = int(-(-(large.left + large.width) // shrink_x))
    bottom = int(-(-(large.top + large.height) // shrink_y))
    ink = Image.fromarray(large.dots.astype(np.uint8) * 255)
    canvas = Image.new("L", (round((right - left) * shrink_x), -int(-((bottom - top) * shrink_y) // 1)))
    canvas.paste(ink, (round(large.left - left * shrink_x), round(large.top - top * shrink_y)))
    whole = (0.0, 0.0, (right - left) * shrink_x, (bottom - top) * shrink_y)
    small = canvas.resize((right - left, bottom - top), Image.Resampling.BOX, box=whole)
    return _cut(np.array(small) >= 128, left, top)
