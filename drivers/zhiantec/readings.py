"""What the driver reads from a sensor, as plain values."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy
from numpy.typing import NDArray

IMAGE_WIDTH = 256
IMAGE_HEIGHT = 288
IMAGE_BYTES = IMAGE_WIDTH * IMAGE_HEIGHT // 2


@dataclass(frozen=True)
class SensorParameters:
    """What ReadSysPara tells.

    Attributes:
        system_id: A number of the maker's; modules have no serial number.
        library_size: Pages for the sensor's own templates; they are not used.
        address: Of the sensor on its line.
        packet_size: Bytes in a data packet: 32, 64, 128 or 256.
        baud: Bits per second.
    """

    system_id: int
    library_size: int
    address: int
    packet_size: int
    baud: int


@dataclass(frozen=True, eq=False)
class SensorImage:
    """A picture of the plate.

    Attributes:
        pixels: uint8[288, 256], dark ridges; 16 levels only, spread over 0 to 255 (nibble times 17).
        dots_per_inch: As configured; the sensor does not tell it.
    """

    pixels: NDArray[numpy.uint8]
    dots_per_inch: int


class Stage(Enum):
    """Where a capture stands."""

    WAITING_FOR_FINGER = "waiting_for_finger"
    FINGER_TAKEN = "finger_taken"
    PICTURE_COMING = "picture_coming"
    LIFT_FINGER = "lift_finger"


Progress = Callable[[Stage, int, int], None]
"""Told the stage, and of a picture that is coming the bytes that have come and their total."""


def image_of(data: bytes, dots_per_inch: int) -> SensorImage:
    """Return the picture in 36,864 bytes: rows from the top, two pixels a byte, high nibble left (facts)."""
    both = numpy.frombuffer(data, dtype=numpy.uint8).reshape(IMAGE_HEIGHT, IMAGE_WIDTH // 2)
    pixels = numpy.empty((IMAGE_HEIGHT, IMAGE_WIDTH), dtype=numpy.uint8)
    pixels[:, 0::2] = (both >> 4) * 17
    pixels[:, 1::2] = (both & 0x0F) * 17
    return SensorImage(pixels, dots_per_inch)
