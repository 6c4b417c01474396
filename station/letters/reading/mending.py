"""A code cut out of a picture, straight and sharp, with its finder patterns painted anew."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from station.letters.reading.picture import Grey
from station.letters.reading.symbols import MIDDLE, Symbol

SCALE: Final = 6  # dots a module in the mended picture
QUIET: Final = 6  # modules around the code: four of quiet zone, and what perspective moves
SMOOTHNESS: Final = (0.25, 0.4)  # sigma of the blur against noise, in modules of the mended picture
SHARPNESS: Final = (0, 200, 400)  # per cent of the unsharp mask, against the blur of the camera
REACH: Final = 0.8  # sigma of the unsharp mask, in modules
SQUARES: Final = (
    (4.5, False),
    (3.5, True),
    (2.5, False),
    (1.5, True),
)  # half sides in modules, and dark or not
DARK_PART: Final = 10  # per cent of the code's dots are darker than what is taken for dark


def mended(picture: Grey, symbol: Symbol) -> Iterator[Image.Image]:
    """Return the code upright, at `SCALE` dots a module, mended more at each try."""
    straight = _straight(picture, symbol)
    for smoothness in SMOOTHNESS:
        smooth = straight.filter(ImageFilter.GaussianBlur(smoothness * SCALE))
        for sharpness in SHARPNESS:
            sharp = (
                smooth.filter(ImageFilter.UnsharpMask(REACH * SCALE, sharpness, 0)) if sharpness else smooth
            )
            yield sharp
            yield _painted(sharp, symbol.width)


def _straight(picture: Grey, symbol: Symbol) -> Image.Image:
    side = (symbol.width + 2 * QUIET) * SCALE
    into_modules = np.array([[1 / SCALE, 0, -QUIET], [0, 1 / SCALE, -QUIET], [0, 0, 1]])
    coefficients = tuple((symbol.placed @ into_modules).ravel())
    image = Image.fromarray(picture)
    return image.transform(
        (side, side), Image.Transform.AFFINE, coefficients, Image.Resampling.BICUBIC, fillcolor=255
    )


def _painted(image: Image.Image, width: int) -> Image.Image:
    """Paint the three finder patterns where they belong."""
    dark, light = (int(level) for level in np.percentile(np.asarray(image), (DARK_PART, 100 - DARK_PART)))
    painted = image.copy()
    draw = ImageDraw.Draw(painted)
    for x, y in ((MIDDLE, MIDDLE), (width - MIDDLE, MIDDLE), (MIDDLE, width - MIDDLE)):
        for half, is_dark in SQUARES:
            corners = [(place + QUIET + sign * half) * SCALE for sign in (-1, 1) for place in (x, y)]
            box = (corners[0], corners[1], corners[2] - 1, corners[3] - 1)
            draw.rectangle(box, fill=dark if is_dark else light)
    return painted
