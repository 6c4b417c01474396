"""Packing and sealing a record. docs/reference/bundle.md, "Packed record" and "Sealed record"."""

import hashlib
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEAL: Final = b"PSR1"
NONCE: Final = 12
KEY: Final = 32
_BYTES, _TEXT, _MAP = 0x40, 0x60, 0xA0  # RFC 8949, 3.1: major types 2, 3 and 5 in the three high bits


@dataclass(frozen=True)
class Sealed:
    """A sealed record with its key."""

    record: str
    captured_at: str
    content: bytes = field(repr=False)
    key: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The content hash."""
        return hashlib.sha256(self.content).hexdigest()


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack the parts as a CBOR map in the deterministic form."""
    pairs = sorted((_item(_TEXT, name.encode()), _item(_BYTES, content)) for name, content in parts.items())
    return _head(_MAP, len(pairs)) + b"".join(name + content for name, content in pairs)


def sealed(record: str, captured_at: str, parts: Mapping[str, bytes]) -> Sealed:
    """Seal the parts of a record under a random key."""
    return sealed_bytes(record, captured_at, packed(parts))


def sealed_bytes(record: str, captured_at: str, content: bytes) -> Sealed:
    """Seal what may be no packed record at all."""
    key, nonce = secrets.token_bytes(KEY), secrets.token_bytes(NONCE)
    ciphertext = AESGCM(key).encrypt(nonce, content, SEAL + record.encode("ascii"))
    return Sealed(record, captured_at, SEAL + nonce + ciphertext, key)


def _item(major: int, content: bytes) -> bytes:
    return _head(major, len(content)) + content


def _head(major: int, length: int) -> bytes:
    """The head of an item with its length in the shortest form (RFC 8949, 4.2.1)."""
    if length < 24:
        return bytes([major | length])
    for code, form, limit in ((24, ">B", 1 << 8), (25, ">H", 1 << 16), (26, ">I", 1 << 32)):
        if length < limit:
            return bytes([major | code]) + struct.pack(form, length)
    raise ValueError("too long for any part")
