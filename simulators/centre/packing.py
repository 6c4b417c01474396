"""Sealing a record folder, as a recording station or the centre does. docs/reference/vault.md."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from simulators.centre.sealed import DIGESTED, MAGIC, NONCE


def pack_folder(folder: Path) -> tuple[str, bytes, bytes, dict[str, bytes]]:
    """Seal the record that lies in a folder.

    Returns:
        Its id, the sealed bytes, their key, the files by name.

    Raises:
        OSError: a file is missing.
    """
    parts = {name: (folder / name).read_bytes() for name in DIGESTED}
    record = str(json.loads(parts["record.json"])["record_id"])
    sealed, key = seal_parts(record, parts)
    return record, sealed, key, parts


def seal_parts(record: str, parts: dict[str, bytes]) -> tuple[bytes, bytes]:
    """Seal the files of a record under a fresh key; return the sealed bytes and the key."""
    key, nonce = secrets.token_bytes(32), secrets.token_bytes(NONCE)
    packed = cbor2.dumps(parts, canonical=True)
    return MAGIC + nonce + AESGCM(key).encrypt(nonce, packed, MAGIC + record.encode()), key
