"""Writing a bundle: sealed records that are there already, for one recipient.

The sealed bytes are copied as they are, so that a record has one content hash on every way. Memory holds the
manifest and one of them.
"""

import contextlib
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from station.bundles.agreement import encryption_key, key_id, wrap
from station.bundles.frame import frame_bytes
from station.bundles.manifest import FORMAT, MOST_RECORDS, CarriedRecord, Manifest, moment
from station.bundles.senders import PublicKey
from station.errors import InputFault, Refused
from station.folders import sync_names

HALF = 32  # bytes of r and of s
BUNDLE_ID_BYTES = 16


class Signer(Protocol):
    """The station's signing key, in its token."""

    def sign(self, data: bytes) -> bytes:
        """Return the ECDSA P-256 signature with SHA-256: raw r || s, 64 bytes."""

    def public_key(self) -> bytes:
        """Return the public key as a DER SubjectPublicKeyInfo."""


@dataclass(frozen=True)
class Outgoing:
    """One record that is to be carried.

    Attributes:
        record, content_hash, size: of the sealed bytes.
        captured_at: when the person was recorded.
        key: the record's own key, 32 bytes.
        read: gives the sealed bytes.
    """

    record: str
    content_hash: str
    size: int
    captured_at: datetime
    key: bytes = field(repr=False)
    read: Callable[[], bytes] = field(repr=False)


def write_bundle(
    path: Path, records: Sequence[Outgoing], recipient: PublicKey, signer: Signer, at: datetime
) -> Manifest:
    """Write a bundle whole and durably, or not at all; an existing file is never overwritten.

    Args:
        path: the file to make.
        records: 1 to 10,000.
        recipient: who can open it.
        signer: signs the manifest.
        at: when it is written.

    Raises:
        InputFault: FILE_UNWRITABLE.
        Refused: FILE_EXISTS.
        StationError: what `read` and the token raise.
    """
    manifest = make_manifest(records, recipient, signer.public_key(), at)
    data = manifest.canonical()
    head = frame_bytes(data, der_signature(signer.sign(data)))
    if path.exists():
        raise Refused("FILE_EXISTS", file=path)
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as stream:
            stream.write(head)
            for record in records:
                stream.write(record.read())
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(path)
        sync_names(path.parent)
    except OSError as error:
        raise InputFault("FILE_UNWRITABLE", file=path, problem=error.strerror or "failed") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return manifest


def make_manifest(records: Sequence[Outgoing], recipient: PublicKey, sender: bytes, at: datetime) -> Manifest:
    """Put a manifest together, with a one-time key of its own.

    Raises:
        ValueError: no record, or too many.
    """
    if not 0 < len(records) <= MOST_RECORDS:
        raise ValueError(f"a bundle of {len(records)} records")
    once = ec.generate_private_key(ec.SECP256R1())
    ephemeral = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
    secret = once.exchange(ec.ECDH(), recipient.key)
    encryption = encryption_key(secret, key_id(sender), recipient.id, ephemeral)
    return Manifest(
        bundle=secrets.token_hex(BUNDLE_ID_BYTES),
        created_at=moment(at),
        ephemeral=ephemeral,
        format=FORMAT,
        recipient=recipient.id,
        records=tuple(_entry(record, encryption) for record in records),
        sender=key_id(sender),
    )


def _entry(record: Outgoing, encryption: bytes) -> CarriedRecord:
    return CarriedRecord(
        captured_at=moment(record.captured_at),
        key=wrap(encryption, record.key),
        record=record.record,
        sha256=record.content_hash,
        size=record.size,
    )


def der_signature(raw: bytes) -> bytes:
    """Turn a token's raw signature into the DER form that a bundle carries."""
    return encode_dss_signature(int.from_bytes(raw[:HALF], "big"), int.from_bytes(raw[HALF:], "big"))
