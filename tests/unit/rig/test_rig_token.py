"""The rig's token: made once, locked in, and never half."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from simulators.rig.token_files import TokenFiles, make_batch_key, write_secret

# SoftHSM reads its configuration once for each process, so the keys are looked at in one of its own.
LOOK = """
import json, sys
import pkcs11
from pkcs11 import Attribute as A
library, pin = sys.argv[1:]
NAMES = ("SENSITIVE", "EXTRACTABLE", "SIGN", "DERIVE", "ENCRYPT", "TOKEN", "PRIVATE")
with pkcs11.lib(library).get_token(token_label="station").open(user_pin=pin) as session:
    def look(key):
        return {name: bool(key[A[name]]) for name in NAMES if has(key, A[name])}
    def has(key, name):
        try:
            key[name]
        except pkcs11.PKCS11Error:
            return False
        return True
    keys = session.get_objects()
    print(json.dumps({f"{key[A.LABEL]}/{key.object_class.name}": look(key) for key in keys}))
"""
LIBRARY = "/usr/lib/softhsm/libsofthsm2.so"


def make(folder: Path, seed: int = 1) -> object:
    files = TokenFiles(folder)
    folder.mkdir(exist_ok=True)
    if not files.batch_key.exists():
        write_secret(files.batch_key, make_batch_key(seed).hex())
    command = [sys.executable, "-m", "simulators.rig.token_maker", "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    document: object = json.loads(done.stdout)
    return document


def look(files: TokenFiles) -> dict[str, dict[str, bool]]:
    environment = {**os.environ, "SOFTHSM2_CONF": str(files.configuration)}
    command = [sys.executable, "-c", LOOK, LIBRARY, files.pin.read_text().strip()]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, env=environment)
    found: dict[str, dict[str, bool]] = json.loads(done.stdout)
    return found


def test_keys_are_locked_in_and_do_only_what_they_are_for(tmp_path: Path) -> None:
    folder = tmp_path / "with space"
    assert make(folder) == {"ready": True, "made": True}
    keys = look(TokenFiles(folder))
    pairs = {"signature", "journal", "exchange", "bundles", "letters", "letter_signature"}
    locked = {"person/SECRET_KEY", "blanks/SECRET_KEY", "records/SECRET_KEY"}
    locked |= {f"{pair}/PRIVATE_KEY" for pair in pairs}
    assert set(keys) == locked | {f"{pair}/PUBLIC_KEY" for pair in pairs}
    for name in locked:
        assert keys[name]["SENSITIVE"], name
        assert not keys[name]["EXTRACTABLE"], name
        assert keys[name]["TOKEN"], name
    assert (keys["person/SECRET_KEY"]["SIGN"], keys["person/SECRET_KEY"]["DERIVE"]) == (True, False)
    assert (keys["blanks/SECRET_KEY"]["DERIVE"], keys["blanks/SECRET_KEY"]["SIGN"]) == (True, False)
    assert not keys["blanks/SECRET_KEY"]["ENCRYPT"]
    assert (keys["records/SECRET_KEY"]["ENCRYPT"], keys["records/SECRET_KEY"]["SIGN"]) == (True, False)
    assert keys["signature/PRIVATE_KEY"]["SIGN"]


def test_secrets_are_the_owner_s_and_the_public_key_is_p256(tmp_path: Path) -> None:
    files = TokenFiles(tmp_path)
    make(tmp_path)
    for path in (files.pin, files.batch_key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert bytes.fromhex(files.batch_key.read_text()) == make_batch_key(1)
    key = load_pem_public_key(files.public_key.read_bytes())
    assert isinstance(key, EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"


def test_a_token_that_is_there_is_kept(tmp_path: Path) -> None:
    files = TokenFiles(tmp_path)
    make(tmp_path)
    before = (files.pin.read_text(), files.public_key.read_bytes(), files.batch_key.read_text())
    assert make(tmp_path, seed=2) == {"ready": True, "made": False}
    assert (files.pin.read_text(), files.public_key.read_bytes(), files.batch_key.read_text()) == before


def test_a_half_made_token_is_made_again(tmp_path: Path) -> None:
    """Killed between the token and its keys: a station would find a token without keys for ever."""
    files = TokenFiles(tmp_path)
    make(tmp_path)
    whole = set(look(files))
    files.public_key.unlink()
    assert make(tmp_path) == {"ready": True, "made": True}
    assert set(look(files)) == whole


def test_the_batch_key_follows_the_seed() -> None:
    assert make_batch_key(1) == make_batch_key(1)
    assert make_batch_key(1) != make_batch_key(2)
    assert len(make_batch_key(1)) == 16


@pytest.mark.parametrize("former", ["", "old and much longer than the new one"])
def test_a_secret_is_never_readable_by_others(tmp_path: Path, former: str) -> None:
    path = tmp_path / "pin"
    if former:
        path.write_text(former)
    write_secret(path, "1234")
    assert path.read_text() == "1234"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
