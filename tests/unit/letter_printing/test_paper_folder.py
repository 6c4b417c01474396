"""A folder in the printer's place: whole files or none, and none instead of another."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices import paper_folder
from station.devices.paper_folder import HANDED_OVER, NOTHING, PaperFolder
from station.errors import DeviceAbsent, InputFault, Refused, StationError
from station.ports import PaperJob

PDF = b"%PDF-1.7 " + bytes(range(256)) * 100
NUMBER = "471.13/00001/99.01.325/2026"
FILE = "471.13-00001-99.01.325-2026.pdf"


def job(content: bytes = PDF, number: str = NUMBER) -> PaperJob:
    return PaperJob(0, number, hashlib.sha256(content).hexdigest())


@pytest.fixture
def folder(tmp_path: Path) -> PaperFolder:
    return PaperFolder(f"file://{tmp_path}")


def code_of(error: pytest.ExceptionInfo[StationError]) -> str:
    return error.value.code


def test_the_bytes_lie_there_and_nobody_else_can_read_them(folder: PaperFolder, tmp_path: Path) -> None:
    assert folder.open_job(NUMBER) == 0
    assert folder.look(job()) == NOTHING
    folder.send(job(), PDF)
    assert (tmp_path / FILE).read_bytes() == PDF
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert folder.look(job()) == HANDED_OVER
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_the_same_letter_again_is_no_other(folder: PaperFolder) -> None:
    folder.send(job(), PDF)
    folder.send(job(), PDF)
    assert folder.look(job()) == HANDED_OVER


def test_what_lies_there_is_never_replaced(folder: PaperFolder, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"another letter")
    with pytest.raises(Refused) as caught:
        folder.send(job(), PDF)
    assert code_of(caught) == "PAPER_FILE_TAKEN"
    assert (tmp_path / FILE).read_bytes() == b"another letter"
    assert folder.look(job()) == NOTHING
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_two_numbers_with_one_file_name_do_not_meet(folder: PaperFolder) -> None:
    folder.send(job(), PDF)
    with pytest.raises(Refused):
        folder.send(job(b"other", NUMBER.replace("/", "-")), b"other")
    assert folder.look(job()) == HANDED_OVER


@pytest.mark.parametrize("broken", ["write", "name", "sync"])
def test_a_full_disk_leaves_nothing(
    folder: PaperFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    where = {
        "write": (os, "fdatasync"),
        "name": (paper_folder, "name_once"),
        "sync": (paper_folder, "sync_names"),
    }
    with monkeypatch.context() as patched:
        patched.setattr(*where[broken], full)
        with pytest.raises(DeviceAbsent) as caught:
            folder.send(job(), PDF)
    assert code_of(caught) == "PAPER_FOLDER_UNUSABLE"
    assert [file.name for file in tmp_path.iterdir()] == ([FILE] if broken == "sync" else [])
    folder.send(job(), PDF)
    assert folder.look(job()) == HANDED_OVER


def test_what_a_crash_has_left_is_no_letter(folder: PaperFolder, tmp_path: Path) -> None:
    (tmp_path / f".{FILE}.partial").write_bytes(PDF[:100])
    assert folder.look(job()) == NOTHING
    folder.drop_empty_jobs(NUMBER)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / f".{FILE}.partial").write_bytes(PDF[:100])
    folder.send(job(), PDF)
    assert (tmp_path / FILE).read_bytes() == PDF


def test_without_hard_links_it_is_still_whole(
    folder: PaperFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a USB disk with FAT."""

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, os.strerror(1))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    folder.send(job(), PDF)
    folder.send(job(), PDF)
    with pytest.raises(Refused):
        folder.send(job(b"x"), b"x")
    assert [file.name for file in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).read_bytes() == PDF


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    folder = PaperFolder(f"file://{tmp_path}/no")
    for act in (folder.read, lambda: folder.open_job(NUMBER), lambda: folder.send(job(), PDF)):
        with pytest.raises(DeviceAbsent) as caught:
            act()
        assert code_of(caught) == "PAPER_FOLDER_UNUSABLE"


@pytest.mark.parametrize("url", ["file://host/folder", "file:folder", "file:///a?b=c"])
def test_what_names_no_folder(url: str) -> None:
    with pytest.raises(InputFault) as caught:
        PaperFolder(url)
    assert code_of(caught) == "PAPER_PRINTER_UNUSABLE"


def test_a_name_with_odd_characters(tmp_path: Path) -> None:
    (tmp_path / "folder ä%").mkdir()
    folder = PaperFolder(f"file://{tmp_path}/folder%20%C3%A4%25")
    folder.send(job(), PDF)
    assert (tmp_path / "folder ä%" / FILE).exists()


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=60))
def test_a_number_never_leaves_the_folder(number: str) -> None:
    file = PaperFolder("file:///somewhere").file_of(number)
    assert file.parent == Path("/somewhere")
    assert file.suffix == ".pdf"
    assert not file.name.startswith("..")
