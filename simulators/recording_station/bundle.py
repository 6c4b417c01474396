"""Writing a bundle. docs/reference/bundle.md, "File", "Manifest" and "Keys"."""

import datetime
import hashlib
import json
import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from simulators.recording_station.sealing import Sealed

MAGIC: Final = b"BUNDLE1\n"
JsonValue = str | int | list[dict[str, str | int]]


class KeyUnusable(Exception):
    """A key file that holds no key on P-256."""


@dataclass
class Draft:
    """A bundle before it is signed: a test may change it, and sign it all the same."""

    manifest: dict[str, JsonValue]
    contents: list[bytes] = field(repr=False)

    def manifest_bytes(self) -> bytes:
        """The manifest in its canonical form."""
        return json.dumps(self.manifest, sort_keys=True, separators=(",", ":")).encode("ascii")


class Sender:
    """The recording station's own key, and the bundles that it signs."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self.id = key_id(key.public_key())
        self._agreed: dict[str, tuple[str, bytes]] = {}

    @classmethod
    def at(cls, file: Path) -> "Sender":
        """Take the key in a file, made if it is not there; its public half is put beside it as `.pem`.

        Raises:
            KeyUnusable: the file holds something else.
        """
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            fresh = ec.generate_private_key(ec.SECP256R1())
            file.touch(mode=0o600)
            file.write_bytes(fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        key = load_pem_private_key(file.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyUnusable(f"{file} holds no key on P-256")
        sender = cls(key)
        file.with_suffix(".pem").write_bytes(sender.public_pem())
        return sender

    def public_pem(self) -> bytes:
        """The public key, as a station trusts it."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def draft(self, records: Sequence[Sealed], station: ec.EllipticCurvePublicKey) -> Draft:
        """Put a bundle together for a station."""
        recipient = key_id(station)
        if recipient not in self._agreed:  # one one-time key for all that this run writes for a station
            self._agreed[recipient] = _agree(self.id, recipient, station)
        ephemeral, encryption = self._agreed[recipient]
        manifest: dict[str, JsonValue] = {
            "bundle": secrets.token_hex(16),
            "created_at": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ephemeral": ephemeral,
            "format": "bundle/1",
            "recipient": recipient,
            "records": [
                {
                    "captured_at": one.captured_at,
                    "key": aes_key_wrap(encryption, one.key).hex(),
                    "record": one.record,
                    "sha256": one.sha256,
                    "size": len(one.content),
                }
                for one in records
            ],
            "sender": self.id,
        }
        return Draft(manifest, [one.content for one in records])

    def sign(self, manifest: bytes) -> bytes:
        """Sign a manifest's bytes."""
        return self._key.sign(manifest, ec.ECDSA(hashes.SHA256()))

    def bundle(self, draft: Draft) -> bytes:
        """Sign a draft and return the whole file."""
        return framed(draft.manifest_bytes(), self.sign(draft.manifest_bytes()), draft.contents)

    def write(self, file: Path, records: Sequence[Sealed], station: ec.EllipticCurvePublicKey) -> None:
        """Write a bundle; it appears under its name when it is whole."""
        partial = file.with_name(file.name + ".partial")
        partial.write_bytes(self.bundle(self.draft(records, station)))
        partial.rename(file)


def _agree(sender: str, recipient: str, station: ec.EllipticCurvePublicKey) -> tuple[str, bytes]:
    """The one-time point in hex, and the key that records' keys are wrapped by."""
    once = ec.generate_private_key(ec.SECP256R1())
    point = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    info = b"bundle/1" + bytes.fromhex(sender) + bytes.fromhex(recipient) + point
    secret = once.exchange(ec.ECDH(), station)
    return point.hex(), HKDF(hashes.SHA256(), 32, None, info).derive(secret)


def framed(manifest: bytes, signature: bytes, contents: Sequence[bytes]) -> bytes:
    """The file around its parts."""
    lengths = struct.pack(">IH", len(manifest), len(signature))
    return b"".join((MAGIC, lengths, manifest, signature, *contents))


def key_id(key: ec.EllipticCurvePublicKey) -> str:
    """SHA-256 of the DER SubjectPublicKeyInfo, hex."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def load_station_key(file: Path) -> ec.EllipticCurvePublicKey:
    """Read a station's public key, as `station records key` writes it.

    Raises:
        KeyUnusable: it is none.
        OSError: it cannot be read.
    """
    try:
        key = load_pem_public_key(file.read_bytes())
    except ValueError as error:
        raise KeyUnusable(f"{file}: {error}") from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise KeyUnusable(f"{file} holds no key on P-256")
    return key
