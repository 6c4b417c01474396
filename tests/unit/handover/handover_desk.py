"""An office whose cards are made: settings, database, words and books are real, devices and keys are not."""

import pickle
from pathlib import Path

import pytest
from sqlalchemy import text

from station.audit.fault import Fault
from station.audit.verify import verify
from station.cards import store as cards
from station.handover import store
from station.handover.store import Handover
from station.journal import JournalRow
from station.journal.store import Place
from station.letter_settings import LetterReason
from station.letters import store as letters
from station.letters.numbers import take
from station.letters.rows import ISSUED, LetterIssued, LetterState, NumberTaken
from station.vault.segments import SegmentPlace
from station.vault.vault import Kept
from tests.fakes.counter import GOOD, FakeComparer, FakeCounterReader, FakeScanner, Press
from tests.fakes.devices import FakeLane
from tests.fakes.station import records
from tests.unit.ledger.ledger_counter import OPERATOR, PINS, SUPERVISOR, Counter
from tests.unit.station.office_desk import DeskKeys, Said, fake_devices

CARDS = 2
SCANNER = """
[scanner]
url = "serial:///dev/null"
"""
LETTER = "471.13/00001/2026"


class HandoverDesk(Counter):
    """A counter with a scanner; two cards are made."""

    def __init__(self, folder: Path, devices: FakeLane, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(folder, devices)
        self.config.write_text(self.config.read_text() + SCANNER, encoding="utf-8")
        self.reader, self.scanner = FakeCounterReader(devices), FakeScanner()
        self.comparer = FakeComparer(self.scanner)
        monkeypatch.setattr("station.service.handing_over.CounterReader", lambda *parts: self.reader)
        monkeypatch.setattr("station.service.handing_over.open_scanner", lambda *parts: self.scanner)
        monkeypatch.setattr("station.service.handing_over.OwnComparer", lambda window: self.comparer)

    def make_cards(self, count: int = CARDS) -> None:
        """Make cards of synthetic people."""
        self.add(records(self.office_folder / "people", count))
        self.worker().run_batch()

    def card(self, job: int) -> str:
        """UID of the finished card of a job."""
        with self.database.reading() as transaction:
            found = cards.attempts_of_job(transaction, job)[-1].card
        assert found is not None
        return found

    def start(self, *words: str, presses: tuple[Press, ...] = (GOOD,), by: str = OPERATOR) -> Said:
        """`station handover start` with these touches."""
        self.scanner.presses = list(presses)
        return self.run("handover", "start", "--by", by, "--json", *words)

    def exempt(self, job: int, *words: str, by: tuple[str, ...] = (OPERATOR, SUPERVISOR)) -> Said:
        """`station handover exempt`, signed."""
        asked = ("handover", "exempt", "--job", str(job), "--json", *words)
        return self.signed(*asked, by=by)

    def checks(self, job: int) -> list[Handover]:
        with self.database.reading() as transaction:
            return store.of_job(transaction, job)

    def named(self, name: str) -> list[JournalRow]:
        """The journal's rows of a name, of all jobs."""
        return [row for job in (1, 2) for row in self.rows(job) if row.name == name]

    def give_letter(self, job: int) -> None:
        """A letter of the job's person stands in the register, in force; its file is elsewhere."""
        found = self.job(job)
        facts = NumberTaken(
            year=2026,
            place=1,
            number=LETTER,
            record=found.record,
            reason=LetterReason.LOST,
            issued=1,
            expires=2,
            issued_on="2026-11-28",
            valid_until="2027-05-28",
            signer="kadis",
            status_code="PRR",
        )
        issued = LetterIssued(
            year=2026, place=1, number=LETTER, content_hash="1" * 64, pdf_sha256="0" * 64, key="00000000"
        )
        with self.database.transaction() as transaction:
            take(transaction, self.journal, found.person, facts, OPERATOR)
            row = self.journal.event(transaction, ISSUED, issued, Place(person=found.person))
            kept = Kept("", issued.content_hash, SegmentPlace(1, 1, 1), b"wrapped")
            letters.put_issued(transaction, row, 2026, 1, kept)

    def letter_state(self) -> tuple[LetterState, str | None]:
        with self.database.reading() as transaction:
            found = letters.find(transaction, LETTER)
        assert found is not None
        return found.state, found.cause

    def messages(self, topic: str) -> int:
        """How many messages of a topic the centre will get."""
        with self.database.reading() as transaction:
            counted = transaction.execute(
                text("SELECT count(*) FROM outbox WHERE topic = :topic"), {"topic": topic}
            )
            return int(counted.scalar_one())

    def faults(self) -> list[Fault]:
        return verify(self.database, DeskKeys.journal, Path("/nonexistent")).faults


def opened(folder: Path, devices: FakeLane, monkeypatch: pytest.MonkeyPatch) -> HandoverDesk:
    """Open an office in a folder with fake devices."""
    fake_devices(monkeypatch, devices)
    folder.mkdir(exist_ok=True)
    return HandoverDesk(folder, devices, monkeypatch)


def copy_of(devices: FakeLane) -> FakeLane:
    """The same cards at the same places."""
    copied = FakeLane(0)
    copied.cards = pickle.loads(pickle.dumps(devices.cards))
    return copied


__all__ = ["LETTER", "PINS", "HandoverDesk", "copy_of", "opened"]
