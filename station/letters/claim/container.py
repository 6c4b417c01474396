"""The outer layers of a code: zlib and Base45.

zlib is written with level 0 (stored, RFC 1951 clause 3.2.4): compression wins nothing on 200 bytes, and a
stored block has one form, whichever version of zlib made it. A reader that accepts any other form accepts a
second encoding of the same letter.
"""

import zlib
from typing import Final

import base45

from station.letters.claim.errors import ClaimRefused, Flaw

LONGEST_TEXT: Final = 4_296  # alphanumeric characters in a QR code of version 40 at level L (ISO/IEC 18004)


def wrap(token: bytes) -> str:
    """Return the text of the QR code for a token."""
    text: bytes = base45.b45encode(zlib.compress(token, level=0))
    return text.decode("ascii")


def unwrap(text: str) -> bytes:
    """Return the token in a QR code's text.

    Raises:
        ClaimRefused: FOREIGN where it is no such text, ENCODING where it is not the text that we would write.
    """
    if not 0 < len(text) <= LONGEST_TEXT or not text.isascii():
        raise ClaimRefused(Flaw.FOREIGN)
    try:
        packed = base45.b45decode(text)
        inflater = zlib.decompressobj()
        token = inflater.decompress(packed, LONGEST_TEXT)
    except (ValueError, zlib.error) as error:
        raise ClaimRefused(Flaw.FOREIGN) from error
    if not inflater.eof or wrap(token) != text:
        raise ClaimRefused(Flaw.ENCODING)
    return token
