"""Step 6: ridges worn down to lines one pixel wide, on a list of pixels, without a Python loop over them."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.fingers.extraction.blocks import Cells
from station.fingers.minutiae import Integers

Bytes = NDArray[np.uint8]

# The eight neighbours, going round: E, SE, S, SW, W, NW, N, NE; (down, across).
ROUND: Final = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))
NORTH, SOUTH, WEST, EAST = 6, 2, 4, 0
SIDES: Final = (NORTH, SOUTH, WEST, EAST)  # the borders are taken in turns
CODES: Final = 256  # bit n is set when neighbour n is a ridge


def offsets(width: int) -> Integers:
    """Return int64[8]: the way to each neighbour in a flat image of this width."""
    return np.array([down * width + across for down, across in ROUND], dtype=np.int64)


@cache
def neighbour_bits() -> Cells:
    """Return bool[256, 8]: which neighbours a code stands for."""
    return (np.arange(CODES)[:, None] >> np.arange(8) & 1).astype(np.bool_)


@cache
def crossing_numbers() -> Bytes:
    """Return uint8[256]: how many lines leave a pixel: changes from ground to ridge, going round."""
    bits = neighbour_bits()
    return np.asarray(np.count_nonzero(~bits & np.roll(bits, -1, axis=1), axis=1), dtype=np.uint8)


@cache
def _removable() -> Cells:
    """Return bool[256]: the pixel is no end of a line, and without it what is joined stays joined."""
    bits = neighbour_bits()
    # Yokoi's connectivity number for ridges that touch at corners: it is 1 for a simple pixel.
    number = sum(
        (~bits[:, side]).astype(int) & ~(~bits[:, side] & ~bits[:, side + 1] & ~bits[:, (side + 2) % 8])
        for side in (0, 2, 4, 6)
    )
    return np.asarray((number == 1) & (bits.sum(axis=1) >= 2), dtype=np.bool_)


def neighbours(image: Bytes, at: Integers, ways: Integers) -> Bytes:
    """Return the code of each of these pixels of a flat image of 0 and 1; none lies at the image's edge."""
    codes = np.zeros(len(at), np.uint8)
    for bit, way in enumerate(ways):
        codes |= image[at + way] << np.uint8(bit)
    return codes


def thinned(ridges: Cells) -> tuple[Bytes, Integers]:
    """Thin ridges.

    Returns:
        The flat image, 1 on a line, with a margin of one pixel all round; and the places of its lines in it.
    """
    room = np.pad(ridges, 1).astype(np.uint8)
    image, ways = room.ravel(), offsets(room.shape[1])
    at, removable = np.flatnonzero(image), _removable()
    while True:
        before = len(at)
        for side in SIDES:
            border = at[image[at + ways[side]] == 0]
            gone = border[removable[neighbours(image, border, ways)]]
            image[gone] = 0
            at = at[image[at] == 1]
        if len(at) == before:
            return image, at
