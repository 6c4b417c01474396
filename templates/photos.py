"""What a portrait is on any paper of the office, and how its file may fail to be one."""

import struct
import zlib
from typing import Final

from PIL import Image

# Larger than any camera of an office gives, small enough to decode on the office's machine.
LARGEST_SIDE: Final = 6000
# Between 3:5 and 1:1 a cut to the box leaves the head in the picture (assumed).
PHOTO_RATIOS: Final = (0.60, 1.0)

# What Pillow's readers let through on damaged files, besides their own errors.
DECODER_FAULTS: Final = (
    OSError,
    SyntaxError,
    ValueError,
    IndexError,
    KeyError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
