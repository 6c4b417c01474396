"""The demo's own reading of a chip: what it takes for verified, and what not."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulators.chip.state import ChipState, Condition, ElementaryFile, LifeCycle
from simulators.chip.store import save_state
from simulators.demo.chips import ChipReading, load_verifier, read_chip
from simulators.demo.errors import DemoError

UID = bytes.fromhex("04112233445566")
CARD_UID = b"\x80" + UID
NIK = "9901012306880001"
SIZES = dict(zip(range(0x6FF0, 0x6FF7), (53, 802, 4098, 514, 322, 322, 82), strict=True))
KEY = ec.generate_private_key(ec.SECP256R1())

Change = Callable[[ChipState], ChipState]


def file(fid: int, content: bytes) -> ElementaryFile:
    image = len(content).to_bytes(2, "big") + content
    return ElementaryFile(image + bytes(SIZES[fid] - len(image)), Condition.CHANNEL, Condition.CHANNEL)


def make_chip(issue: int = 1) -> ChipState:
    """A chip as docs/reference/ktp-el-open.md describes it, written without the station."""
    contents = {
        0x6FF1: f'"{NIK}","JL. DAHLIA"'.encode(),
        0x6FF2: b"\xff\xd8photo",
        0x6FF3: b"\x89PNG",
        0x6FF4: b"FMR\x00one",
        0x6FF5: b"FMR\x00two",
    }
    hashed = {f"{fid:04X}": hashlib.sha256(content).hexdigest() for fid, content in contents.items()}
    manifest = json.dumps(
        {
            "files": hashed,
            "issue": issue,
            "nik_sha256": hashlib.sha256(NIK.encode()).hexdigest(),
            "profile": "ktp-el-open/1",
            "uid": CARD_UID.hex(),
        },
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
    r, s = decode_dss_signature(KEY.sign(manifest, ec.ECDSA(hashes.SHA256())))
    contents[0x6FF6] = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    head = b"KEO1\x00\x01\x30" + CARD_UID + issue.to_bytes(2, "big")
    contents[0x6FF0] = head + hashlib.sha256(manifest).digest() + b"\x00\x00"
    files = {fid: file(fid, content) for fid, content in contents.items()}
    return ChipState(UID, LifeCycle.ACTIVATED, files)


def read(folder: Path, state: ChipState) -> ChipReading:
    save_state(folder, state)
    return read_chip(folder, KEY.public_key())


def flip(fid: int, offset: int) -> Change:
    def change(state: ChipState) -> ChipState:
        old = state.files[fid]
        content = bytearray(old.content)
        content[offset] ^= 1
        return state.with_file(fid, replace(old, content=bytes(content)))

    return change


def without(fid: int) -> Change:
    return lambda state: replace(
        state, files={key: value for key, value in state.files.items() if key != fid}
    )


def test_a_good_chip(tmp_path: Path) -> None:
    assert read(tmp_path, make_chip(issue=3)) == ChipReading(CARD_UID.hex(), True, True, NIK, 3)


def test_a_blank(tmp_path: Path) -> None:
    assert read(tmp_path, ChipState(UID)) == ChipReading(CARD_UID.hex(), False, False)


@pytest.mark.parametrize(
    ("life_cycle", "locked"),
    [(LifeCycle.CREATION, False), (LifeCycle.ACTIVATED, True), (LifeCycle.TERMINATED, True)],
)
def test_locked_means_a_fuse_is_blown(tmp_path: Path, life_cycle: LifeCycle, locked: bool) -> None:
    reading = read(tmp_path, replace(make_chip(), life_cycle=life_cycle))
    assert (reading.locked, reading.verified) == (locked, True)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(flip(0x6FF0, 2), id="magic"),
        pytest.param(flip(0x6FF0, 12), id="uid"),
        pytest.param(flip(0x6FF0, 18), id="issue"),
        pytest.param(flip(0x6FF0, 25), id="manifest hash"),
        pytest.param(flip(0x6FF1, 25), id="biodata"),
        pytest.param(flip(0x6FF2, 5), id="photo"),
        pytest.param(flip(0x6FF5, 7), id="finger"),
        pytest.param(flip(0x6FF6, 20), id="signature"),
        pytest.param(without(0x6FF3), id="no signature image"),
        pytest.param(without(0x6FF0), id="no control file"),
    ],
)
def test_one_wrong_bit_or_file_is_enough(tmp_path: Path, damage: Change) -> None:
    assert not read(tmp_path, damage(make_chip())).verified


def test_a_copy_on_another_blank_does_not_verify(tmp_path: Path) -> None:
    assert not read(tmp_path, replace(make_chip(), uid=bytes.fromhex("04999999999999"))).verified


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    pem = tmp_path / "signature.pem"
    key = Ed25519PrivateKey.generate().public_key()
    pem.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(DemoError, match="no elliptic-curve key"):
        load_verifier(pem)
