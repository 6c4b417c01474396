"""Changes to a signed file and to the text of a code, each with its name."""

import zlib
from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

import base45

from station.letters.claim.container import unwrap, wrap

BITS: Final = 8
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # RFC 9285, table 1
NEAR_THE_END: Final = 64

Change = tuple[str, bytes]


def flip(content: bytes, bit: int) -> bytes:
    """The content with one bit changed."""
    changed = bytearray(content)
    changed[bit // BITS] ^= 1 << bit % BITS
    return bytes(changed)


def flipped_bytes(pdf: bytes, positions: Iterable[int], seed: int) -> Iterator[Change]:
    """One flip in each of these bytes; the seed chooses the bit."""
    for position in positions:
        bit = Random(f"{seed}:{position}").randrange(BITS)
        yield f"byte {position}, bit {bit}", flip(pdf, position * BITS + bit)


def added_bytes(pdf: bytes) -> Iterator[Change]:
    """Bytes before the header, after %%EOF and near the end; a shorter file; its update twice."""
    for value in range(256):
        yield f"byte {value} appended", pdf + bytes((value,))
        yield f"byte {value} put before the header", bytes((value,)) + pdf
        for distance in range(1, NEAR_THE_END, 7):
            yield f"byte {value} put in {distance} from the end", _put_in(pdf, distance, value)
    for length in range(1, NEAR_THE_END):
        yield f"{length} bytes cut off", pdf[:-length]
        yield f"{length} bytes of zero appended", pdf + bytes(length)
    update = pdf[pdf.index(b"%%EOF\n") + len(b"%%EOF\n") :]
    yield "the update twice", pdf + update
    yield "the file twice", pdf + pdf
    yield "a comment appended", pdf + b"% more\n%%EOF\n"


def _put_in(pdf: bytes, distance: int, value: int) -> bytes:
    return pdf[:-distance] + bytes((value,)) + pdf[-distance:]


def changed_codes(code: str) -> Iterator[Change]:
    """Every bit of every character; every other character of Base45; every bit of the layers below."""
    text = code.encode("ascii")
    for bit in range(len(text) * BITS):
        yield f"bit {bit} of the text", flip(text, bit)
    for position, character in enumerate(code):
        for other in ALPHABET:
            if other != character:
                changed = code[:position] + other + code[position + 1 :]
                yield f"character {position} is {other!r}", changed.encode("ascii")
    packed = bytes(base45.b45decode(code))
    for bit in range(len(packed) * BITS):
        yield f"bit {bit} of the stored bytes", bytes(base45.b45encode(flip(packed, bit)))
    token = unwrap(code)
    for bit in range(len(token) * BITS):
        yield f"bit {bit} of the token", wrap(flip(token, bit)).encode("ascii")
    yield from _other_forms(code, token)


def _other_forms(code: str, token: bytes) -> Iterator[Change]:
    """The same token in another dress, and a little more or less of the text."""
    for level in range(1, 10):
        packed = bytes(base45.b45encode(zlib.compress(token, level)))
        if packed != code.encode("ascii"):  # zlib may find nothing to compress
            yield f"zlib level {level}", packed
    for character in ALPHABET:
        yield f"{character!r} appended", f"{code}{character}".encode("ascii")
    yield "one character less", code[:-1].encode("ascii")
    yield "small letters", code.lower().encode("ascii")
