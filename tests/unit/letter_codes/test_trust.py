"""The list of trusted keys, and the root that signs it."""

import base64
import json
import subprocess
from pathlib import Path

import pytest

from station.claim_keys import Algorithm
from station.errors import InputFault
from station.letters.trust import read_trust
from tests.unit.letter_codes.letter_keys import ISSUER, SoftClaimKey

KEY = SoftClaimKey(Algorithm.EDDSA)
ENTRY = {
    "issuer": ISSUER,
    "algorithm": "EDDSA",
    "public_key": base64.b64encode(KEY.public_key).decode(),
    "valid_from": "2026-01-01T00:00:00Z",
    "valid_to": "2027-01-01T00:00:00Z",
    "state": "signs",
}
LIST: dict[str, object] = {"format": "letter-trust/1", "issued": "2026-01-01T00:00:00Z", "keys": [ENTRY]}


@pytest.fixture(params=["EC -pkeyopt ec_paramgen_curve:P-256", "ED25519"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A root key that `openssl` has made; its public half is `root.pem`."""
    kind = str(request.param).split()
    run("genpkey", "-algorithm", *kind, "-out", str(tmp_path / "root.key"))
    run("pkey", "-in", str(tmp_path / "root.key"), "-pubout", "-out", str(tmp_path / "root.pem"))
    return tmp_path / "root.pem"


def run(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def signed(root: Path, content: object) -> Path:
    """Write a list and sign it with `openssl`, which we did not write."""
    file = root.with_name("trust.json")
    file.write_text(json.dumps(content))
    raw = ["-rawin"] if "ED25519" in key_kind(root) else ["-rawin", "-digest", "sha256"]
    key = str(root.with_name("root.key"))
    run("pkeyutl", "-sign", "-inkey", key, *raw, "-in", str(file), "-out", str(file) + ".sig")
    return file


def key_kind(root: Path) -> str:
    shown = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", str(root), "-noout", "-text"], check=True, capture_output=True
    )
    return shown.stdout.decode()


def test_a_list_signed_by_openssl_is_read(root: Path) -> None:
    found = read_trust(signed(root, LIST), root)
    key = found.find(KEY.key_id)
    assert key is not None and key.public_key == KEY.public_key
    assert found.find(b"none") is None


def test_a_changed_list_is_refused(root: Path) -> None:
    file = signed(root, LIST)
    file.write_bytes(file.read_bytes().replace(b"2027", b"2099"))
    with pytest.raises(InputFault) as refused:
        read_trust(file, root)
    assert refused.value.code == "TRUST_LIST_UNUSABLE"


@pytest.mark.parametrize(
    "change",
    [
        {"keys": [ENTRY, ENTRY]},
        {"keys": [ENTRY | {"algorithm": "ES256"}]},
        {"keys": [ENTRY | {"algorithm": "RS256"}]},
        {"keys": [ENTRY | {"public_key": "AAAA"}]},
        {"keys": [ENTRY | {"public_key": "?"}]},
        {"keys": [ENTRY | {"valid_to": "2027-01-01T00:00:00"}]},
        {"keys": [ENTRY | {"extra": 1}]},
        {"format": "letter-trust/2"},
    ],
    ids=str,
)
def test_a_signed_list_that_cannot_be_meant_is_refused(root: Path, change: dict[str, object]) -> None:
    with pytest.raises(InputFault) as refused:
        read_trust(signed(root, LIST | change), root)
    assert refused.value.code == "TRUST_LIST_UNUSABLE"


@pytest.mark.parametrize("missing", ["trust.json", "trust.json.sig", "root.pem"])
def test_a_missing_file_is_named(root: Path, missing: str) -> None:
    file = signed(root, LIST)
    root.with_name(missing).unlink()
    with pytest.raises(InputFault, match=missing):
        read_trust(file, root)


def test_a_huge_file_is_not_read(root: Path) -> None:
    file = signed(root, LIST)
    with file.open("ab") as longer:
        longer.truncate(1 << 30)
    with pytest.raises(InputFault, match="too large"):
        read_trust(file, root)
