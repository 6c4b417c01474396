"""Reads the chips of the cards as they lie in the simulator's trays, with the public key and nothing else.

A second reading of docs/reference/ktp-el-open.md: it shares no code with the station's writer.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from simulators.chip.state import LifeCycle
from simulators.chip.store import load_state
from simulators.demo.errors import DemoError

CONTROL, BIODATA, PHOTO, SIGNATURE_IMAGE, FINGER_1, FINGER_2, SIGNATURE = range(0x6FF0, 0x6FF7)
CONTROL_FORM = b"KEO1\x00\x01\x30"  # magic, profile version 1, key version 30
ISSUE = slice(15, 17)
MANIFEST_HASH = slice(17, 49)
LOCKED = frozenset({LifeCycle.ACTIVATED, LifeCycle.TERMINATED})


@dataclass(frozen=True)
class ChipReading:
    """What one chip holds.

    Attributes:
        card: the 8-byte UID in hex.
        locked: whether the fuse of personalisation, or that of termination, is blown.
        verified: whether every file is there and the data signature fits the data and this chip.
        nik, issue: of the person whose card it is; None when there are no data.
    """

    card: str
    locked: bool
    verified: bool
    nik: str | None = None
    issue: int | None = None


def load_verifier(pem: Path) -> EllipticCurvePublicKey:
    """Load the public key of the rig.

    Raises:
        DemoError: it is none.
    """
    key = load_pem_public_key(pem.read_bytes())
    if not isinstance(key, EllipticCurvePublicKey):
        raise DemoError(f"{pem} is no elliptic-curve key")
    return key


def read_chip(folder: Path, verifier: EllipticCurvePublicKey) -> ChipReading:
    """Read the chip whose files are in this folder."""
    state = load_state(folder)
    card, locked = state.card_uid.hex(), state.life_cycle in LOCKED
    contents = {fid: _content(file.content) for fid, file in state.files.items()}
    if set(contents) != set(range(CONTROL, SIGNATURE + 1)) or len(contents[CONTROL]) < MANIFEST_HASH.stop:
        return ChipReading(card, locked, False)
    control = contents[CONTROL]
    nik, issue = contents[BIODATA].decode("ascii").split('"')[1], int.from_bytes(control[ISSUE], "big")
    manifest = _manifest(contents, state.card_uid, nik, issue)
    good = (
        control.startswith(CONTROL_FORM + state.card_uid)
        and control[MANIFEST_HASH] == hashlib.sha256(manifest).digest()
        and _fits(verifier, contents[SIGNATURE], manifest)
    )
    return ChipReading(card, locked, good, nik, issue)


def _content(file: bytes) -> bytes:
    """Files: a 2-byte length, big-endian, then the content, then 00 to the end."""
    return file[2 : 2 + int.from_bytes(file[:2], "big")]


def _manifest(contents: dict[int, bytes], card_uid: bytes, nik: str, issue: int) -> bytes:
    hashed = {f"{fid:04X}": hashlib.sha256(contents[fid]).hexdigest() for fid in range(BIODATA, SIGNATURE)}
    value = {
        "files": hashed,
        "issue": issue,
        "nik_sha256": hashlib.sha256(nik.encode("ascii")).hexdigest(),
        "profile": "ktp-el-open/1",
        "uid": card_uid.hex(),
    }
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _fits(verifier: EllipticCurvePublicKey, signature: bytes, manifest: bytes) -> bool:
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    try:
        verifier.verify(encode_dss_signature(r, s), manifest, ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
