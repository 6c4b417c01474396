"""A record sealed: packed once, encrypted once, and the same bytes on the disk, on the wire and in a bundle.

Form (docs/reference/vault.md): `PSR1`, nonce of 12 bytes, AES-256-GCM ciphertext with its tag of 16 bytes.
The additional data are `PSR1` and the record's id: sealed bytes cannot be passed off as another record.
Sources: NIST SP 800-38D (GCM), RFC 8949 clause 4.2.1 (deterministic CBOR).
"""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from station.errors import InputFault
from station.vault.parts_map import PART_NAME, parts_malformed, read_parts

MAGIC: Final = b"PSR1"
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
KEY_BYTES: Final = 32
SEALING_BYTES: Final = len(MAGIC) + NONCE_BYTES + TAG_BYTES
LARGEST_PACKED: Final = 24 * 1024 * 1024  # six files of the largest size that a record folder may have
MOST_PARTS: Final = 64
RECORD_ID: Final = re.compile(r"[0-9A-Za-z-]{1,64}")  # the same as `record_id` in record.json


class RecordSealBroken(InputFault):
    """Sealed bytes that are not what was sealed: damaged, cut, of another record, or another key."""

    def __init__(self, record: str, problem: str) -> None:
        super().__init__("RECORD_SEAL_BROKEN", record=record, problem=problem)


@dataclass(frozen=True)
class SealedRecord:
    """One record as it is kept, carried and sent.

    Attributes:
        record: the record's id (`record_id` in record.json), 1 to 64 of 0-9, A-Z, a-z and the hyphen.
        sealed: `PSR1`, nonce, ciphertext and tag.
    """

    record: str
    sealed: bytes = field(repr=False)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the sealed bytes, 64 lower hexadecimal digits: its name everywhere."""
        return hashlib.sha256(self.sealed).hexdigest()


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Pack the parts of a record, such as `record.json` and `photo.jpg`, as a deterministic CBOR map.

    Raises:
        InputFault: RECORD_PARTS_MALFORMED: a name that cannot be, too many parts, or too much.
    """
    for name in parts:
        if not PART_NAME.fullmatch(name):
            raise parts_malformed("the name of a part cannot be")
    if not 0 < len(parts) <= MOST_PARTS:
        raise parts_malformed(f"{len(parts)} parts")
    packed = cbor2.dumps({name: bytes(content) for name, content in parts.items()}, canonical=True)
    if len(packed) > LARGEST_PACKED:
        raise parts_malformed("larger than 24 MiB")
    return packed


def unpack(packed: bytes) -> dict[str, bytes]:
    """Unpack strictly: only what `pack` makes, byte for byte.

    Raises:
        InputFault: RECORD_PARTS_MALFORMED.
    """
    if len(packed) > LARGEST_PACKED:
        raise parts_malformed("larger than 24 MiB")
    return read_parts(packed, MOST_PARTS)


def seal(record: str, packed: bytes) -> tuple[SealedRecord, bytes]:
    """Seal a packed record under a fresh key; return it with its key (32 bytes).

    The key seals nothing else, ever, so that destroying it destroys this record and no other.

    Raises:
        InputFault: RECORD_PARTS_MALFORMED: the id cannot be.
    """
    if not RECORD_ID.fullmatch(record):
        raise parts_malformed("the id of the record cannot be")
    key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
    ciphertext = AESGCM(key).encrypt(nonce, packed, _additional(record))
    return SealedRecord(record, MAGIC + nonce + ciphertext), key


def open_sealed(sealed: SealedRecord, key: bytes) -> bytes:
    """Return the packed record.

    Raises:
        RecordSealBroken: RECORD_SEAL_BROKEN.
    """
    content = sealed.sealed
    if len(content) <= SEALING_BYTES or not content.startswith(MAGIC):
        raise RecordSealBroken(sealed.record, "not sealed bytes")
    if len(content) > LARGEST_PACKED + SEALING_BYTES:
        raise RecordSealBroken(sealed.record, "larger than 24 MiB")
    if len(key) != KEY_BYTES:
        raise RecordSealBroken(sealed.record, "not its key")
    start = len(MAGIC) + NONCE_BYTES
    try:
        return AESGCM(key).decrypt(content[len(MAGIC) : start], content[start:], _additional(sealed.record))
    except InvalidTag:
        raise RecordSealBroken(sealed.record, "its bytes are damaged, or the key is another's") from None


def _additional(record: str) -> bytes:
    return MAGIC + record.encode("ascii", "replace")
