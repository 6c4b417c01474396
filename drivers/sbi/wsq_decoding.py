"""Decodes one WSQ image as a process of its own: WSQ in, pixels out (facts: sbi.md 3).

`python -m drivers.sbi.wsq_decoding WIDTH HEIGHT`. The package wsq (the extra of that name) prints on stderr
and raises bare Exceptions for damaged images: here that ends this process, and nothing else.
"""

import io
import struct
import sys
from typing import Final

from PIL import Image

BROKEN: Final = 3  # exit status
NOT_INSTALLED: Final = 4  # exit status
_SOI: Final = 0xFFA0  # FBI IAFIS-IC-0110(V3): start of image
_FRAME: Final = 0xFFA2  # start of frame: length, black, white, height, width
_HEAD: Final = struct.Struct(">HH")
_SIZE: Final = struct.Struct(">BBHH")


def main(arguments: list[str]) -> int:
    """Decode what comes on stdin, if it has the size that is asked for."""
    try:
        import wsq  # noqa: F401 (its import registers the decoder with Pillow)
    except ImportError:
        return NOT_INSTALLED
    content, wanted = sys.stdin.buffer.read(), tuple(int(word) for word in arguments)
    if _size(content) != wanted:
        return BROKEN
    with Image.open(io.BytesIO(content), formats=("WSQ",)) as picture:
        sys.stdout.buffer.write(picture.tobytes())
    return 0


def _size(content: bytes) -> tuple[int, int] | None:
    """Width and height as the frame header says, before any decoder runs."""
    if content[:2] != _SOI.to_bytes(2, "big"):
        return None
    at = 2
    while at + _HEAD.size + _SIZE.size <= len(content):
        marker, length = _HEAD.unpack_from(content, at)
        if marker == _FRAME:
            _, _, height, width = _SIZE.unpack_from(content, at + _HEAD.size)
            return width, height
        at += 2 + max(2, length)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
