"""SIGKILL while letters are issued: no number twice, none missing, and no letter that nobody knows of.

The process dies before and after every commit and every sync, and around each signature. What is left is
opened by another process, which goes on as an operator does: by asking for the same letters again.
"""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, event

from station.journal.store import broken_at
from station.letters.claim.code import read_code
from station.letters.issuing import Made
from station.letters.making import sign_file
from station.letters.numbers import Taken
from station.letters.rows import LetterState
from tests.crash.test_backup_deaths import in_another_process
from tests.fakes.letters import LOST, LetterStation, SoftPdfSigner, press
from tests.reliability.mortal import Point
from tests.unit.vault.vault_station import Guest, guests

pytestmark = pytest.mark.timeout(600)


class MortalSigner(SoftPdfSigner):
    """Signs files, with a point before and after."""

    def __init__(self, point: Point) -> None:
        self._point = point

    def sign(self, pdf: bytes) -> bytes:
        self._point("sign")
        signed = super().sign(pdf)
        self._point("after sign")
        return signed


@contextmanager
def mortal_writes(station: LetterStation, point: Point) -> Iterator[None]:
    """Have a point before each commit, and around each sync of sealed files."""
    sync = os.fdatasync

    def before_commit(connection: Connection) -> None:
        point("COMMIT")

    def mortal_sync(descriptor: int) -> None:
        point("sync of files")
        sync(descriptor)
        point("after sync of files")

    event.listen(station.database.engine, "commit", before_commit)
    try:
        with patch("os.fdatasync", mortal_sync):
            yield
    finally:
        event.remove(station.database.engine, "commit", before_commit)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> list[Guest]:
    return guests(tmp_path_factory.mktemp("people"), 5)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, people: list[Guest]) -> Path:
    """One letter is issued and waits to be renewed; four people have none."""
    folder = tmp_path_factory.mktemp("office") / "data"
    station = LetterStation(folder)
    station.hold(*people)
    station.issue(people[0])
    station.close()
    press()
    return folder


def issue_all(folder: Path, people: list[Guest]) -> Callable[[Point], None]:
    """Renew one letter, issue one, and then three more as a group."""

    def action(point: Point) -> None:
        station = LetterStation(folder, pdf_signer=MortalSigner(point))
        with mortal_writes(station, point):
            station.issuing.renew("471.13/00001/99.01.325/2026", LOST)
            point("renewed")
            station.issue(people[1])
            point("issued")
            issue_group(station, people[2:], MortalSigner(point))
            point("group")

    return action


def issue_group(station: LetterStation, people: list[Guest], signer: SoftPdfSigner) -> None:
    """What a batch does for each group of letters."""
    opened = [station.issuing.open(guest.record) for guest in people]
    made = [
        Made(taken, sign_file(station.issuing.compose(person, taken), signer))
        for person, taken in zip(opened, station.issuing.take(opened, LOST), strict=True)
        if isinstance(taken, Taken)
    ]
    if made:
        station.issuing.finish(made, "Siti")


def go_on(station: LetterStation, people: list[Guest]) -> None:
    """Finish what was begun, then ask for every letter that is not there."""
    for letter in station.issuing.begun():
        station.issuing.finish_begun(letter, "Siti")
    renewed = station.find("471.13/00001/99.01.325/2026")
    if renewed.state is LetterState.ISSUED:
        station.issuing.renew(renewed.number, LOST)
    issue_group(station, people[1:], SoftPdfSigner())


def check(station: LetterStation, people: list[Guest]) -> None:
    letters = station.letters()
    assert [letter.place for letter in letters] == [1, 2, 3, 4, 5, 6], (
        "a number is missing, or was used twice"
    )
    assert [letter.state for letter in letters] == ["withdrawn", *["issued"] * 5]
    trusted = station.key.trusted()
    stated = set()
    for letter in letters:
        signed = read_code(station.file(letter).code, lambda wanted: trusted)
        assert (signed.statement.number, signed.statement.place) == (letter.number, letter.place)
        stated.add(signed.statement.nik)
    assert stated == {guest.nik for guest in people}
    assert len(station.events("letter_number_taken")) == len(station.events("letter_issued")) == 6
    assert station.audit() == []
    with station.database.reading() as transaction:
        assert broken_at(transaction) is None


def test_no_death_uses_a_number_twice_or_loses_one(office: Path, people: list[Guest], tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(office, whole)
    died, points = in_another_process(issue_all(whole, people), None)
    assert (died, points > 20) == (False, True)
    station = LetterStation(whole)
    check(station, people)
    station.close()
    left = set()
    for at in range(1, points + 1):
        folder = tmp_path / f"death-{at}"
        shutil.copytree(office, folder)
        assert in_another_process(issue_all(folder, people), at) == (True, 0), at
        station = LetterStation(folder)
        left.add((len(station.letters()), len(station.issuing.begun())))
        go_on(station, people)
        check(station, people)
        station.close()
        shutil.rmtree(folder)
    assert {(2, 1), (2, 0), (3, 1), (3, 0), (6, 3), (6, 0)} <= left, "some deaths were not died"


def test_a_death_that_is_met_by_other_wishes_leaves_a_void_number(
    office: Path, people: list[Guest], tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(office, folder)

    def die(where: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def action(point: Point) -> None:
        LetterStation(folder, pdf_signer=MortalSigner(die)).issue(people[1])

    assert in_another_process(action, None) == (True, 0)
    station = LetterStation(folder)
    (begun,) = station.issuing.begun()
    letter = station.issue(people[1], replace(LOST, signer="sekretaris"))
    assert letter.place == begun.place + 1
    assert station.find(begun.number).state is LetterState.VOID
    assert station.audit() == []
