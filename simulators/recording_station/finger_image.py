"""A drawn finger: ridges around a made-up core, as a scanner at 500 dots per inch would show them."""

import io
from random import Random
from typing import Final

import numpy
from PIL import Image

WIDTH: Final = 300
HEIGHT: Final = 360
DOTS_PER_INCH: Final = 500
RIDGE: Final = 9.0  # dots from one ridge to the next at 500 dpi
LEVELS: Final = 4  # of grey: about 14 KB as PNG


def finger_png(random: Random) -> bytes:
    """Draw one finger; it shows nobody's."""
    across, down = numpy.meshgrid(numpy.arange(WIDTH), numpy.arange(HEIGHT))
    core_x, core_y = random.uniform(0.4, 0.6) * WIDTH, random.uniform(0.35, 0.5) * HEIGHT
    bend, twist = random.uniform(0.6, 1.4), random.uniform(0, 6.28)
    away = numpy.hypot(across - core_x, (down - core_y) * bend)
    wave = numpy.sin(away * 6.2832 / RIDGE + 0.8 * numpy.sin((across + down) / 40 + twist))
    grain = numpy.random.default_rng(random.getrandbits(32)).normal(0, 0.06, wave.shape)
    grey = numpy.clip((wave + grain + 1) / 2 * LEVELS, 0, LEVELS - 1).astype(numpy.uint8)
    picture = Image.fromarray((grey * (255 // (LEVELS - 1))).astype(numpy.uint8), "L")
    target = io.BytesIO()
    picture.save(target, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return target.getvalue()
