"""A sealed record as a second reader sees it. docs/reference/vault.md and centre.md, "Record-Key"."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MAGIC = b"PSR1"
NONCE = 12
POINT = 65  # an uncompressed point on P-256: SEC 1, 2.3.3
WRAPPED = 40  # a key of 32 bytes, RFC 3394
DIGESTED = ("record.json", "photo.jpg", "signature.png", "fingers.iso")


class Unreadable(Exception):
    """A record that does not open, with the error code of the answer."""


@dataclass(frozen=True)
class OpenRecord:
    """What the centre sees of a record.

    Attributes:
        digest: the record digest (docs/reference/centre.md): over the four files.
        parts: all files by name.
    """

    nik: str
    digest: str
    parts: Mapping[str, bytes] = field(repr=False)


def unwrap_key(private: ec.EllipticCurvePrivateKey, header: str) -> bytes:
    """Unwrap the key of a record from the header Record-Key: a point and a wrapped key, in hex.

    Raises:
        Unreadable: key_unusable.
    """
    point, _, wrapped = header.partition(" ")
    try:
        if len(wrapped) != 2 * WRAPPED or len(point) != 2 * POINT:
            raise Unreadable("key_unusable")
        return aes_key_unwrap(_wrapping_key(private, bytes.fromhex(point)), bytes.fromhex(wrapped))
    except (ValueError, InvalidUnwrap):
        raise Unreadable("key_unusable") from None


@lru_cache(maxsize=64)
def _wrapping_key(private: ec.EllipticCurvePrivateKey, point: bytes) -> bytes:
    ephemeral = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    own = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    info = b"print-station wire 1" + hashlib.sha256(own).digest() + point
    return HKDF(hashes.SHA256(), 32, None, info).derive(private.exchange(ec.ECDH(), ephemeral))


def open_record(record: str, sealed: bytes, key: bytes) -> OpenRecord:
    """Open a sealed record and read who it is.

    Raises:
        Unreadable: seal_broken, record_malformed.
    """
    if not sealed.startswith(MAGIC) or len(key) != 32:
        raise Unreadable("seal_broken")
    start = len(MAGIC) + NONCE
    try:
        packed = AESGCM(key).decrypt(sealed[len(MAGIC) : start], sealed[start:], MAGIC + record.encode())
    except InvalidTag:
        raise Unreadable("seal_broken") from None
    try:
        parts: dict[str, bytes] = cbor2.loads(packed)
        data = json.loads(parts["record.json"])
        return OpenRecord(str(data["nik"]), record_digest(parts), parts)
    except (ValueError, KeyError, TypeError, cbor2.CBORDecodeError):
        raise Unreadable("record_malformed") from None


def record_digest(parts: Mapping[str, bytes]) -> str:
    """SHA-256 over the SHA-256 of the four files, in this order."""
    return hashlib.sha256(b"".join(hashlib.sha256(parts[name]).digest() for name in DIGESTED)).hexdigest()
