"""A station that is killed while it prints a letter, beside a real cupsd: how many sheets are there then?

Each death is a SIGKILL of a process of its own, right after a call to the printer has come back or before its
document leaves; the next process goes on.
"""

import multiprocessing
import os
import shutil
import signal
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from station.clock import SystemClock
from station.devices.paper_printer import open_paper_printer
from station.journal import Outcome
from station.letters.printing import store
from station.letters.printing.book import PrintBook, PrintWish
from station.letters.printing.printing import LetterPrinting
from station.letters.printing.rows import PaperVerdict
from station.local_time import TimeZone
from station.ports import PaperJob, PaperJobReading, PaperPrinter, PaperPrinterReading
from station.staff.store import Role, StaffMember
from station.staff.store import add as add_staff
from tests.fakes.letters import LetterClock, LetterStation
from tests.paper_fixture import PaperOffice, wait_for
from tests.unit.vault.vault_station import guests

pytest_plugins = ["tests.paper_plugin"]

POINTS = ("read", "opened", "unsent", "sent", "looked")
PATIENCE = 60.0


class Dying:
    """A printer at which the process dies."""

    def __init__(self, inner: PaperPrinter, point: str) -> None:
        self._inner, self._point = inner, point

    def _die_at(self, point: str) -> None:
        if point == self._point:
            os.kill(os.getpid(), signal.SIGKILL)

    def read(self) -> PaperPrinterReading:
        reading = self._inner.read()
        self._die_at("read")
        return reading

    def open_job(self, title: str) -> int:
        job = self._inner.open_job(title)
        self._die_at("opened")
        return job

    def drop_empty_jobs(self, title: str) -> None:
        self._inner.drop_empty_jobs(title)

    def send(self, job: PaperJob, pdf: bytes) -> None:
        self._die_at("unsent")
        self._inner.send(job, pdf)
        self._die_at("sent")

    def look(self, job: PaperJob) -> PaperJobReading:
        reading = self._inner.look(job)
        self._die_at("looked")
        return reading

    def cancel(self, job: PaperJob) -> None:
        self._inner.cancel(job)


def print_letter(folder: Path, url: str, number: str, point: str) -> None:
    """One process of `station letters print`."""
    station = LetterStation(folder)
    pdf = station.file(station.find(number)).pdf
    book = PrintBook(station.database, station.journal, SystemClock(), TimeZone.WIB)
    printer = Dying(open_paper_printer(url, "a4"), point)
    printing = LetterPrinting(book, printer, SystemClock(), PATIENCE, lambda error: None)
    settled = printing.settle(number)
    if settled is None or settled.attempt.outcome is Outcome.NOT_DONE:
        printing.print(wish_of(number, url, pdf), pdf)
    station.close()


def wish_of(number: str, url: str, pdf: bytes) -> PrintWish:
    return PrintWish(number=number, printer=url, sha256=sha256(pdf).hexdigest(), size=len(pdf))


def run(folder: Path, url: str, number: str, point: str = "") -> int:
    """Run such a process; give how it ended."""
    process = multiprocessing.get_context("spawn").Process(
        target=print_letter, args=(folder, url, number, point)
    )
    process.start()
    process.join(PATIENCE)
    assert process.exitcode is not None
    return process.exitcode


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a station that has issued three letters, today."""
    folder = tmp_path_factory.mktemp("issued")
    people = guests(folder / "people", 3)
    station = LetterStation(folder / "data", clock=LetterClock(datetime.now(UTC)))
    station.hold(*people)
    for guest in people:
        station.issue(guest)
    with station.database.transaction() as transaction:
        add_staff(transaction, station.journal, StaffMember(name="Siti", role=Role.OPERATOR))
    station.close()
    return folder / "data"


@pytest.fixture
def folder(issued: Path, tmp_path: Path) -> Path:
    shutil.copytree(issued, tmp_path / "data")
    return tmp_path / "data"


def attempts_of(folder: Path, place: int) -> list[store.PrintAttempt]:
    station = LetterStation(folder)
    with station.database.reading() as transaction:
        found = store.of_letter(transaction, station.letters()[0].year, place)
    station.close()
    return found


def number_of(folder: Path, place: int) -> str:
    station = LetterStation(folder)
    found = station.letters()[place - 1].number
    station.close()
    return found


@pytest.mark.parametrize("point", POINTS)
def test_a_death_at_every_point_costs_no_sheet_and_makes_no_second(
    own_paper: PaperOffice, folder: Path, point: str
) -> None:
    number = number_of(folder, 1)
    assert run(folder, own_paper.url, number, point) == -signal.SIGKILL
    assert run(folder, own_paper.url, number) == 0
    assert own_paper.sheets(number) == 1
    (*others, last) = attempts_of(folder, 1)
    assert last.outcome is Outcome.DONE
    assert all(one.outcome is Outcome.NOT_DONE for one in others)


def test_the_print_server_dies_while_the_letter_waits_for_paper(own_paper: PaperOffice, folder: Path) -> None:
    """It may have forgotten the job: then a person is asked, and nothing is sent again before."""
    number = number_of(folder, 1)
    own_paper.admin.fault("media-empty")
    process = multiprocessing.get_context("spawn").Process(
        target=print_letter, args=(folder, own_paper.url, number, "")
    )
    process.start()
    wait_for(lambda: bool(own_paper.runs(number)), PATIENCE)
    own_paper.kill_cupsd()
    own_paper.mend()
    process.join(PATIENCE)
    assert process.exitcode == 0
    (attempt,) = attempts_of(folder, 1)
    if attempt.outcome is Outcome.UNKNOWN:
        assert run(folder, own_paper.url, number) == 1  # PAPER_CHECK_FIRST
        station = LetterStation(folder)
        book = PrintBook(station.database, station.journal, SystemClock(), TimeZone.WIB)
        book.check_paper(number, PaperVerdict.GOOD, "Siti")
        station.close()
    assert len(attempts_of(folder, 1)) == 1
    assert own_paper.sheets(number) <= 1
