"""The four files of a record: complete, plausible, and the same for the same seed."""

import hashlib
import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from simulators.people.folders import write_people, write_record

FILES = {"record.json", "photo.jpg", "signature.png", "fingers.iso"}


def digest(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_every_folder_is_complete(people_folder: Path) -> None:
    folders = sorted(people_folder.iterdir())
    assert [folder.name for folder in folders] == [f"{number:04}" for number in range(1, 61)]
    assert all(digest(folder).keys() == FILES for folder in folders)


def test_a_person_depends_on_seed_and_number_only(people_folder: Path, tmp_path: Path) -> None:
    write_record(1, 16, tmp_path / "again")
    write_record(2, 16, tmp_path / "other")
    assert digest(tmp_path / "again") == digest(people_folder / "0017")
    for name in FILES:
        assert digest(tmp_path / "other")[name] != digest(tmp_path / "again")[name]


def test_no_two_people_share_a_picture(people_folder: Path) -> None:
    for name in ("photo.jpg", "signature.png", "fingers.iso"):
        files = [path.read_bytes() for path in people_folder.glob(f"*/{name}")]
        assert len(set(files)) == len(files)


def test_photos_are_colour_jpegs_of_a_cameras_size(people_folder: Path) -> None:
    for path in people_folder.glob("*/photo.jpg"):
        assert 15_000 <= path.stat().st_size <= 45_000
        with Image.open(path) as photo:
            assert (photo.format, photo.mode, photo.size) == ("JPEG", "RGB", (480, 640))


def test_signatures_are_ink_on_paper(people_folder: Path) -> None:
    for path in people_folder.glob("*/signature.png"):
        with Image.open(BytesIO(path.read_bytes())) as signature:
            assert (signature.format, signature.mode) == ("PNG", "1")
            ink = ~np.array(signature)
            assert 0.005 < ink.mean() < 0.15
            columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
            assert columns[-1] - columns[0] > 100
            assert rows[-1] - rows[0] > 40
            assert columns[0] > 0
            assert columns[-1] < signature.width - 1


def test_one_status_for_all(tmp_path: Path) -> None:
    write_people(1, 4, tmp_path, status="PRINT_READY_RECORD")
    statuses = {json.loads(path.read_text())["status"] for path in tmp_path.glob("*/record.json")}
    assert statuses == {"PRINT_READY_RECORD"}


def test_command_line_writes_the_same_bytes(people_folder: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "simulators.people",
        "--seed",
        "1",
        "--count",
        "2",
        "--out",
        str(tmp_path),
    ]
    finished = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert finished.stdout.startswith("2 synthetic records")
    for name in ("0001", "0002"):
        assert digest(tmp_path / name) == digest(people_folder / name)


@pytest.mark.parametrize("count", ["0", "-3", "many"])
def test_command_line_refuses_a_bad_count(tmp_path: Path, count: str) -> None:
    command = [sys.executable, "-m", "simulators.people", "--count", count, "--out", str(tmp_path / "out")]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert finished.returncode == 2
    assert not (tmp_path / "out").exists()
