"""What is told to be in a folder of letters is on the disk: its bytes, and the name that it is found under.

The recorded days enter no folder of letters. Here every sync is watched instead.
"""

import hashlib
from pathlib import Path
from typing import BinaryIO, Final
from unittest.mock import patch

from station.devices.paper_folder import PaperFolder
from station.folders import name_once
from station.letters.bulk.folder import LetterFolder
from station.letters.bulk.one_file import OneFile
from station.letters.rows import LetterState
from station.letters.store import Letter
from station.ports import PaperJob
from tests.crash.lost_writes.rule_broken import RuleBroken
from tests.crash.lost_writes.synced_disk import watched

PDF: Final = b"%PDF-1.7 a letter"
NUMBER: Final = "471.13/00001/2026"
LETTER: Final = Letter(
    year=2026,
    place=1,
    number=NUMBER,
    journal=1,
    record="record",
    person="person",
    reason="lost",
    signer="kadis",
    issued_on="2026-11-28",
    valid_until="2027-05-28",
    renews=None,
    state=LetterState.ISSUED,
    settled=2,
    cause=None,
    content_hash=None,
    file=None,
    wrapped_key=None,
    erased_at=None,
)


def _write(file: BinaryIO) -> None:
    file.write(PDF)


def a_printed_file_stays(folder: Path) -> None:
    """A folder in a printer's place."""
    folder.mkdir(parents=True)
    paper = PaperFolder(folder.as_uri())
    with watched() as disk:
        paper.send(PaperJob(1, NUMBER, hashlib.sha256(PDF).hexdigest()), PDF)
    disk.require(paper.file_of(NUMBER), PDF)


def a_letter_in_the_folder_stays(folder: Path) -> None:
    """A batch: staged and synced before the journal tells of it, and named and synced after."""
    letters = LetterFolder(folder)
    with watched() as disk:
        letters.make()
        letters.stage(LETTER, PDF)
        letters.sync()
        disk.require(folder / f".{LETTER.sealed_as}.partial", PDF)
        letters.publish(LETTER)
        letters.sync()
    disk.require(letters.file_of(NUMBER), PDF)


def the_one_file_stays(folder: Path) -> None:
    """All letters in one file: whole beside its place before the journal tells of it, then in its place."""
    folder.mkdir(parents=True)
    one = OneFile(folder / "letters.pdf")
    with watched() as disk:
        one.draw([NUMBER], _write)
        if one.drawn() != [NUMBER]:
            raise RuleBroken("what was drawn is not found again")
        disk.require(folder / ".letters.pdf.whole", PDF)
        one.publish()
    disk.require(one.target, PDF)


def a_disk_without_links_names_files_too(folder: Path) -> None:
    """A FAT disk: the finished file gets its name by renaming."""
    folder.mkdir(parents=True)
    partial, target = folder / "partial", folder / "target"
    partial.write_bytes(PDF)
    with patch.object(Path, "hardlink_to", side_effect=PermissionError(1, "no links here")):
        name_once(partial, target)
    if not target.exists():
        raise RuleBroken("it has no name")


LETTER_RULES: Final = (
    a_printed_file_stays,
    a_letter_in_the_folder_stays,
    the_one_file_stays,
    a_disk_without_links_names_files_too,
)
