"""The word SPESIMEN that the simulator stamps on every face it decodes, besides what the template printed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from simulators.evolis.raster import Picture

WORD = "SPESIMEN"
STRENGTH = 0.30  # share of the light that the stamp takes from what lies under it: black text stays readable
LARGE, SMALL = 0.24, 0.045  # height of the letters over the height of the card


def stamped(picture: Picture) -> Picture:
    """Return the picture with the word across it and, small, along its lower edge.

    The stamp only darkens towards red: what is black stays black, so no text is hidden.
    """
    mask = _mask(picture.shape[0], picture.shape[1])
    shade = mask[..., np.newaxis] * np.array([0.0, STRENGTH, STRENGTH])
    result: Picture = np.rint(picture * (1.0 - shade)).astype(np.uint8)
    return result


def _mask(height: int, width: int) -> npt.NDArray[np.float64]:
    """Where the stamp is, 0 to 1."""
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    small = ImageFont.load_default(size=round(height * SMALL))
    step = round(draw.textlength(WORD + "  ", font=small))
    for left in range(step // 4, width - step, step):
        draw.text((left, height - round(height * SMALL * 1.4)), WORD, font=small, fill=255)
    mask.paste(_diagonal(height, width), (0, 0), _diagonal(height, width))
    return np.asarray(mask, dtype=np.float64) / 255.0


def _diagonal(height: int, width: int) -> Image.Image:
    layer = Image.new("L", (width, height), 0)
    large = ImageFont.load_default(size=round(height * LARGE))
    ImageDraw.Draw(layer).text((width // 2, height // 2), WORD, font=large, fill=255, anchor="mm")
    return layer.rotate(18, resample=Image.Resampling.BILINEAR)
