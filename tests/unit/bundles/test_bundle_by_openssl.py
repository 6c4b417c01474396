"""A stranger checks a bundle with openssl and Unix tools alone, as docs/reference/bundle.md shows."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.fakes.exchange import SENDER
from tests.unit.bundles.bundle_maker import draft, write

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "bundle.md"


def shown_commands() -> str:
    found = re.search(r"## Check one without the station.*?```\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found
    return found[1]


def shell(folder: Path, commands: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-e", "-c", commands], cwd=folder, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "x.bundle", draft(3))
    (tmp_path / "sender.pem").write_bytes(SENDER.public_pem())
    return tmp_path


def test_signature_sender_and_hash_of_a_bundle(folder: Path) -> None:
    size = draft(3).manifest["records"]
    assert isinstance(size, list)
    commands = shown_commands().replace("60123", str(size[0]["size"]))
    done = shell(folder, commands)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert lines[0] == "Verified OK"
    assert lines[1].endswith(manifest["sender"])
    assert lines[2].endswith(manifest["records"][0]["sha256"])


def test_every_hash_with_sizes_from_the_manifest(folder: Path) -> None:
    shell(folder, shown_commands())
    manifest_bytes = (folder / "manifest.json").read_bytes()
    manifest = json.loads(manifest_bytes)
    offset = 14 + len(manifest_bytes) + len((folder / "manifest.sig").read_bytes())
    for record in manifest["records"]:
        cut = f"tail -c +{offset + 1} x.bundle | head -c {record['size']} | openssl dgst -sha256"
        assert shell(folder, cut).stdout.strip().endswith(record["sha256"])
        offset += record["size"]
    assert offset == (folder / "x.bundle").stat().st_size


def test_a_changed_bundle_is_not_verified(folder: Path) -> None:
    data = bytearray((folder / "x.bundle").read_bytes())
    data[40] ^= 1
    (folder / "x.bundle").write_bytes(data)
    assert "Verified OK" not in shell(folder, shown_commands()).stdout
