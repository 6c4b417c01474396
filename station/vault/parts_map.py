"""Reading the packed parts of a record: the one CBOR map that `pack` writes, and nothing else.

A decoder of our own for this one form, because a general one reads tags, references and numbers too, of which
untrusted bytes may be full, and because packing again to compare takes as long as everything else that is
checked (bench group `records`). RFC 8949: clause 3.1 (heads), 4.2.1 (deterministic encoding).
"""

import re
from typing import Final

from station.errors import InputFault

PART_NAME: Final = re.compile(r"[0-9a-z][0-9a-z._-]{0,63}")
BYTES: Final = 2  # major types, the three high bits of a head
TEXT: Final = 3
MAP: Final = 5
IN_THE_HEAD: Final = 24  # smaller lengths stand in the head itself
SIZES: Final = {24: 1, 25: 2, 26: 4}  # bytes of the length that follow the head
SMALLEST: Final = {24: IN_THE_HEAD, 25: 1 << 8, 26: 1 << 16}  # a smaller length has a shorter form


def read_parts(packed: bytes, most: int) -> dict[str, bytes]:
    """Read the map: name -> content, in the deterministic order.

    Raises:
        InputFault: RECORD_PARTS_MALFORMED.
    """
    count, offset = _head(packed, 0, MAP)
    if not 0 < count <= most:
        raise parts_malformed("no parts, or too many")
    parts: dict[str, bytes] = {}
    before = (0, b"")
    for _ in range(count):
        name, offset = _item(packed, offset, TEXT)
        content, offset = _item(packed, offset, BYTES)
        order = (len(name), name)  # names of one length by their bytes; what is shorter has the lower head
        if order <= before:
            raise parts_malformed("not deterministic CBOR")
        before = order
        text = name.decode("ascii", "replace")
        if not PART_NAME.fullmatch(text):
            raise parts_malformed("the name of a part cannot be")
        parts[text] = content
    if offset != len(packed):
        raise parts_malformed("bytes after the last part")
    return parts


def _item(packed: bytes, offset: int, major: int) -> tuple[bytes, int]:
    """The bytes of a text or a byte string, and where the next item begins."""
    length, start = _head(packed, offset, major)
    end = start + length
    if end > len(packed):
        raise parts_malformed("cut off")
    return packed[start:end], end


def _head(packed: bytes, offset: int, major: int) -> tuple[int, int]:
    """The length in a head of this kind, in its shortest form, and where the head ends."""
    if offset >= len(packed):
        raise parts_malformed("cut off")
    head = packed[offset]
    if head >> 5 != major:
        raise parts_malformed("not a map of names to bytes")
    short = head & 0x1F
    if short < IN_THE_HEAD:
        return short, offset + 1
    if short not in SIZES:  # indefinite, reserved, or longer than any part
        raise parts_malformed("not deterministic CBOR")
    end = offset + 1 + SIZES[short]
    length = int.from_bytes(packed[offset + 1 : end], "big")
    if end > len(packed) or length < SMALLEST[short]:
        raise parts_malformed("not deterministic CBOR")
    return length, end


def parts_malformed(problem: str) -> InputFault:
    """The error of parts that are not what they must be."""
    return InputFault("RECORD_PARTS_MALFORMED", problem=problem)
