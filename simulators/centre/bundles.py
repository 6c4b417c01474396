"""Bundles as a second reader and writer sees them. docs/reference/bundle.md (`bundle/1`)."""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import BaseModel, ConfigDict, ValidationError

MAGIC = b"BUNDLE1\n"
LENGTHS = struct.Struct(">IH")
FORMAT = "bundle/1"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    captured_at: str
    key: str
    record: str
    sha256: str
    size: int


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    bundle: str
    created_at: str
    ephemeral: str
    format: Literal["bundle/1"]
    recipient: str
    records: list[_Entry]
    sender: str


class BadBundle(Exception):
    """A bundle that the centre does not take, with the reason."""


@dataclass(frozen=True)
class Item:
    """One sealed record with its key, inside a bundle."""

    record: str
    content_hash: str
    captured_at: str
    sealed: bytes = field(repr=False)
    key: bytes = field(repr=False)


def key_id(key: ec.EllipticCurvePublicKey) -> str:
    """The name of a key: SHA-256 of its DER SubjectPublicKeyInfo."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def read_items(
    path: Path, private: ec.EllipticCurvePrivateKey, senders: Mapping[str, ec.EllipticCurvePublicKey]
) -> Iterator[Item | str]:
    """Read a bundle to this centre: each record, or the content hash of one that cannot be read.

    Raises:
        BadBundle: the bundle as a whole is not what it must be.
    """
    with path.open("rb") as stream:
        head = stream.read(len(MAGIC) + LENGTHS.size)
        if len(head) < len(MAGIC) + LENGTHS.size or not head.startswith(MAGIC):
            raise BadBundle("no bundle")
        manifest_size, signature_size = LENGTHS.unpack_from(head, len(MAGIC))
        text, signature = stream.read(manifest_size), stream.read(signature_size)
        manifest = _manifest(text, signature, senders)
        wrapping = _received_key(manifest, private)
        for entry in manifest.records:
            sealed = stream.read(entry.size)
            try:
                key = aes_key_unwrap(wrapping, bytes.fromhex(entry.key))
            except InvalidUnwrap:
                yield entry.sha256
                continue
            if hashlib.sha256(sealed).hexdigest() != entry.sha256:
                yield entry.sha256
                continue
            yield Item(entry.record, entry.sha256, entry.captured_at, sealed, key)


def bundle_bytes(
    items: Sequence[Item],
    recipient: ec.EllipticCurvePublicKey,
    signing: ec.EllipticCurvePrivateKey,
    at: datetime.datetime,
) -> bytes:
    """Write a bundle from this centre to a station."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    sender, addressee = key_id(signing.public_key()), key_id(recipient)
    wrapping = _derive(ephemeral.exchange(ec.ECDH(), recipient), sender, addressee, point)
    manifest = {
        "bundle": secrets.token_hex(16),
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ephemeral": point.hex(),
        "format": FORMAT,
        "recipient": addressee,
        "records": [
            {
                "captured_at": item.captured_at,
                "key": aes_key_wrap(wrapping, item.key).hex(),
                "record": item.record,
                "sha256": item.content_hash,
                "size": len(item.sealed),
            }
            for item in items
        ],
        "sender": sender,
    }
    text = json.dumps(manifest, separators=(",", ":")).encode("ascii")
    signature = signing.sign(text, ec.ECDSA(hashes.SHA256()))
    head = MAGIC + LENGTHS.pack(len(text), len(signature)) + text + signature
    return head + b"".join(item.sealed for item in items)


def _manifest(text: bytes, signature: bytes, senders: Mapping[str, ec.EllipticCurvePublicKey]) -> _Manifest:
    try:
        manifest = _Manifest.model_validate_json(text)
        senders[manifest.sender].verify(signature, text, ec.ECDSA(hashes.SHA256()))
    except KeyError:
        raise BadBundle("its sender is not known") from None
    except ValidationError:
        raise BadBundle("its manifest cannot be read") from None
    except InvalidSignature:
        raise BadBundle("its signature is wrong") from None
    return manifest


def _received_key(manifest: _Manifest, private: ec.EllipticCurvePrivateKey) -> bytes:
    if manifest.recipient != key_id(private.public_key()):
        raise BadBundle("it is for somebody else")
    point = bytes.fromhex(manifest.ephemeral)
    try:
        ephemeral = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise BadBundle("its one-time key is no point") from None
    shared = private.exchange(ec.ECDH(), ephemeral)
    return _derive(shared, manifest.sender, manifest.recipient, point)


def _derive(shared: bytes, sender: str, recipient: str, point: bytes) -> bytes:
    info = FORMAT.encode() + bytes.fromhex(sender) + bytes.fromhex(recipient) + point
    return HKDF(hashes.SHA256(), 32, None, info).derive(shared)
