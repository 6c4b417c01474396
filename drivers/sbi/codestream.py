"""What a JPEG 2000 image says of itself, read before any decoder sees it (ISO/IEC 15444-1 annexes A and I).

A small file may claim any size; the codestream is found, walked from its first to its last marker, and
measured here. The decoder is given the codestream alone.
"""

import struct
from dataclasses import dataclass, field
from typing import Final, NoReturn

from drivers.sbi.errors import Reason, RecordUnusable

_SIGNATURE: Final = b"\x00\x00\x00\x0cjP  \r\n\x87\n"  # I.5.1
_BOX: Final = struct.Struct(">I4s")  # I.4: length with these 8 bytes, type
_HEADER_BOX: Final = b"jp2h"
_CODESTREAM_BOX: Final = b"jp2c"
_IMAGE_HEADER: Final = struct.Struct(">IIHBBBB")  # I.5.3.1: height, width, components, depth, 7, ...
_REMAPPING: Final = (b"pclr", b"cmap")  # I.5.3.4, I.5.3.5: the samples would not be the grey values

_SOC, _SOT, _SOD, _EOC = 0xFF4F, 0xFF90, 0xFF93, 0xFFD9  # A.4
_SIZ, _COD, _COC = 0xFF51, 0xFF52, 0xFF53  # A.5.1, A.6.1, A.6.2
_MARKER: Final = struct.Struct(">H")
_SEGMENT: Final = struct.Struct(">HH")  # marker, length without the marker
_SIZE: Final = struct.Struct(">H8IHBBB")  # A.5.1: Rsiz, X, Y, XO, YO, XT, YT, XTO, YTO, components, depth
_CODING: Final = struct.Struct(">BBHBBBBBB")  # A.6.1: style, order, layers, colours, levels, ..., transform
_TILE_PART: Final = struct.Struct(">HIBB")  # A.4.2: tile, length from SOT, part, parts
_REVERSIBLE: Final = 1  # A.6.1: the 5/3 transform
_EIGHT_BITS: Final = 7  # unsigned, one less than the depth
_MOST_TILE_PARTS: Final = 1024
_MOST_LAYERS: Final = 100
_MOST_LEVELS: Final = 32


@dataclass(frozen=True)
class Codestream:
    """A codestream of one component of 8 bits.

    Attributes:
        is_reversible: whether every transform in it is the lossless one.
        content: its bytes, from SOC to EOC.
    """

    width: int
    height: int
    is_reversible: bool
    content: bytes = field(repr=False)


def read_codestream(image: bytes) -> Codestream:
    """Measure an image, a JP2 file or a bare codestream.

    Raises:
        RecordUnusable: IMAGE_BROKEN, SIZE_WRONG (the file says other sizes than its codestream).
    """
    if not image.startswith(_SIGNATURE):
        return _measured(image)
    size: tuple[int, int] | None = None
    for kind, content in _boxes(image):
        if kind == _HEADER_BOX:
            size = _header_size(content)
        if kind == _CODESTREAM_BOX:
            stream = _measured(content)
            if size != (stream.width, stream.height):
                raise RecordUnusable(Reason.SIZE_WRONG, "the image's file has another size than its content")
            return stream
    raise RecordUnusable(Reason.IMAGE_BROKEN, "the image has no codestream")


def _boxes(content: bytes) -> list[tuple[bytes, bytes]]:
    """Type and content of each box; the last one may have the length 0, which means: to the end."""
    found, at = list[tuple[bytes, bytes]](), 0
    while at < len(content):
        if at + _BOX.size > len(content):
            _broken("a box is cut off")
        length, kind = _BOX.unpack_from(content, at)
        end = at + length if length else len(content)
        if 0 < length < _BOX.size or end > len(content):
            _broken("a box has a length that cannot be")
        found.append((kind, content[at + _BOX.size : end]))
        at = end
    return found


def _header_size(content: bytes) -> tuple[int, int]:
    boxes = _boxes(content)
    if any(kind in _REMAPPING for kind, _ in boxes):
        _broken("the image has a palette")
    if not boxes or boxes[0][0] != b"ihdr" or len(boxes[0][1]) != _IMAGE_HEADER.size:
        _broken("the image has no header")
    height, width, *_ = _IMAGE_HEADER.unpack(boxes[0][1])
    return width, height


def _measured(content: bytes) -> Codestream:
    if content[:4] != b"\xff\x4f\xff\x51":
        _broken("the image is no JPEG 2000")
    width, height = _size(content)
    transforms, at = _walk_header(content, _MARKER.size)
    parts = 0
    while (marker := _marker(content, at)) == _SOT:
        parts += 1
        if parts > _MOST_TILE_PARTS:
            _broken("the image has too many parts")
        more, at = _walk_tile_part(content, at)
        transforms += more
    if marker != _EOC or at + _MARKER.size != len(content):
        _broken("the image does not end where it should")
    if not parts or not transforms:
        _broken("the image has no content")
    return Codestream(width, height, all(one == _REVERSIBLE for one in transforms), content)


def _size(content: bytes) -> tuple[int, int]:
    """Read SIZ, which comes first."""
    fields = _unpack(_SIZE, content, 6)
    _, right, bottom, left, top, tile_width, tile_height, _, _, components, depth, *_ = fields
    if components != 1 or depth != _EIGHT_BITS:
        _broken("the image is not grey with 8 bits")
    if right <= left or bottom <= top or not tile_width or not tile_height:
        _broken("the image has no size")
    return right - left, bottom - top


def _walk_header(content: bytes, at: int) -> tuple[list[int], int]:
    """Go through marker segments up to SOT or SOD; give the transforms that they name, and where they end."""
    transforms = list[int]()
    while (marker := _marker(content, at)) not in (_SOT, _SOD):
        _, length = _unpack(_SEGMENT, content, at)
        if marker < 0xFF00 or length < 2:
            _broken("the image has a marker that is none")
        if marker == _COD:
            transforms.append(_transform(content, at + _SEGMENT.size))
        if marker == _COC:
            _broken("the image codes its component otherwise")  # of one component, COD says all
        at += _MARKER.size + length
    return transforms, at


def _transform(content: bytes, at: int) -> int:
    _, _, layers, _, levels, *_, transform = _unpack(_CODING, content, at)
    if not 1 <= layers <= _MOST_LAYERS or levels > _MOST_LEVELS:
        _broken("the image has too many layers or levels")
    return transform


def _walk_tile_part(content: bytes, at: int) -> tuple[list[int], int]:
    _, length, *_ = _unpack(_TILE_PART, content, at + _SEGMENT.size)
    end = at + length if length else len(content) - _MARKER.size  # A.4.2: 0 = all up to EOC
    transforms, begins = _walk_header(content, at + _SEGMENT.size + _TILE_PART.size)
    if _marker(content, begins) != _SOD or not begins < end <= len(content):
        _broken("a part of the image is cut off")
    return transforms, end


def _marker(content: bytes, at: int) -> int:
    (marker,) = _unpack(_MARKER, content, at)
    return marker


def _unpack(form: struct.Struct, content: bytes, at: int) -> tuple[int, ...]:
    if at + form.size > len(content):
        _broken("the image is cut off")
    return form.unpack_from(content, at)


def _broken(problem: str) -> NoReturn:
    raise RecordUnusable(Reason.IMAGE_BROKEN, problem)
