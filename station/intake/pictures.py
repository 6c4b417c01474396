"""Looking at a picture without decoding it: its form, its size in dots, its end.

Our own two heads, because opening a picture with Pillow costs as much as all other checks of a record
together (bench group `records`), and what is decoded later is decoded by Pillow.
"""

import struct
from typing import Final

from station.errors import InputFault

LARGEST_SIDE: Final = 10_000  # dots
# W3C PNG, 5.2 and 11.2.1: signature, then the chunk IHDR with width and height; it ends with IEND (11.2.5).
PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
PNG_SIZE: Final = struct.Struct(">II")
PNG_END: Final = b"IEND\xaeB`\x82"
# ITU-T T.81, table B.1: SOI, EOI; SOF0 to SOF15 but for DHT, JPG and DAC; B.2.2: precision, height, width.
JPEG_START: Final = b"\xff\xd8\xff"
JPEG_END: Final = b"\xff\xd9"
JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_SEGMENT: Final = struct.Struct(">BBH")
JPEG_SIZE: Final = struct.Struct(">xHH")
SCAN: Final = 0xDA


def look_at_png(content: bytes, code: str) -> None:
    """See that a picture begins and ends as a PNG does, and how large it is.

    Raises:
        InputFault: `code`.
    """
    if not content.startswith(PNG_HEAD) or len(content) < len(PNG_HEAD) + PNG_SIZE.size:
        raise InputFault(code, problem="it is no PNG")
    if not content.endswith(PNG_END):
        raise InputFault(code, problem="it has no end")
    width, height = PNG_SIZE.unpack_from(content, len(PNG_HEAD))
    _require_size(width, height, code)


def look_at_jpeg(content: bytes, code: str) -> None:
    """See that a picture begins and ends as a JPEG does, and how large it is.

    Raises:
        InputFault: `code`.
    """
    if not content.startswith(JPEG_START):
        raise InputFault(code, problem="it is no JPEG")
    if not content.endswith(JPEG_END):
        raise InputFault(code, problem="it has no end")
    offset = 2
    while offset + JPEG_SEGMENT.size + JPEG_SIZE.size <= len(content):
        mark, kind, length = JPEG_SEGMENT.unpack_from(content, offset)
        if mark != 0xFF or kind == SCAN or length < 2:
            break
        if kind in JPEG_FRAMES:
            height, width = JPEG_SIZE.unpack_from(content, offset + JPEG_SEGMENT.size)
            _require_size(width, height, code)
            return
        offset += 2 + length
    raise InputFault(code, problem="it does not say its size")


def _require_size(width: int, height: int, code: str) -> None:
    if not 0 < width <= LARGEST_SIDE or not 0 < height <= LARGEST_SIDE:
        raise InputFault(code, problem="a size that cannot be")
