"""Base64 in its two forms, read strictly: one text for one value, so that no change goes unseen."""

import base64
import binascii
import re
from typing import Final

_URL: Final = re.compile(r"[A-Za-z0-9_-]*")


def from_base64url(text: str) -> bytes:
    """Read base64url without padding (RFC 7515 section 2).

    Raises:
        ValueError: it is none, or not the one text for its value.
    """
    if not _URL.fullmatch(text):
        raise ValueError("letters that base64url has not")
    value = _decoded(text.translate(_TO_STANDARD) + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(value).rstrip(b"=") != text.encode():
        raise ValueError("not the one text for its value")
    return value


def from_base64(text: str) -> bytes:
    """Read standard base64 with padding, as x5c has it (RFC 7515 section 4.1.6).

    Raises:
        ValueError: it is none, or not the one text for its value.
    """
    value = _decoded(text)
    if base64.b64encode(value) != text.encode():
        raise ValueError("not the one text for its value")
    return value


_TO_STANDARD: Final = str.maketrans("-_", "+/")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
