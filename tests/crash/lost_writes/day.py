"""A day of the office: the same for the day that is recorded and for the one that goes on after a cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha512
from pathlib import Path

from station.audit.heads import JournalSeal
from station.cards import store
from station.staff import store as staff
from tests.crash.lost_writes.devices import FoundLane
from tests.fakes.station import FakeStation

OPERATOR = "Siti"
ANCHOR = "journal-heads.log"


@dataclass(frozen=True)
class DayPlan:
    """How large a day is.

    Attributes:
        morning: cards that are queued together, before the station is closed and opened again.
        afternoon: cards that are queued one by one after it.
        blanks: cards in the hopper. The first chip is bad, and the first print of the afternoon jams.
    """

    morning: int
    afternoon: int
    blanks: int

    @property
    def cards(self) -> int:
        """Cards to be made."""
        return self.morning + self.afternoon


class HeadKey:
    """A key that is no secret, and signs the same each time."""

    def sign(self, data: bytes) -> bytes:
        return sha512(b"head" + data).digest()

    def verify(self, data: bytes, signature: bytes) -> bool:
        return signature == self.sign(data)


KEY = HeadKey()


def seal_of(station: FakeStation) -> JournalSeal:
    """What signs this station's journal."""
    return JournalSeal(station.database, station.clock, KEY, station.folder / ANCHOR)


def begin(station: FakeStation, blanks: int) -> None:
    """Book the blanks and add the operator, if that is not done."""
    with station.database.reading() as transaction:
        begun = staff.find(transaction, OPERATOR) is not None
    if not begun:
        station.prepare(blanks)


def add_next(station: FakeStation, folders: Sequence[Path], most: int) -> int:
    """Add up to `most` records that are not in the queue yet; return how many jobs there are."""
    with station.database.reading() as transaction:
        known = {job.folder for job in store.all_jobs(transaction)}
    fresh = [folder for folder in folders if str(folder.resolve()) not in known][:most]
    station.add(fresh)
    return len(known) + len(fresh)


def work_off(station: FakeStation, lane: FoundLane) -> None:
    """Make the cards that are in the queue, and answer what is asked.

    Raises:
        LookupError: a question that nothing in this day can lead to.
        LaneLatched: the worker does not understand what it finds.
    """
    station.worker().run_batch()
    while questions := station.questions():
        for question in questions:
            verdict = _verdict(question.name, question.payload, lane)
            station.answering.answer(question.sequence, verdict, OPERATOR, "looked at it")
        station.worker().run_batch()


def _verdict(question: str, payload: str, lane: FoundLane) -> str:
    """What a person finds who goes and looks."""
    if question == "print_again":
        return "print_again"
    if question == "print_unknown":
        card = next(card for card in lane.cards if card.uid.hex() in payload)
        return "printed_good" if card.faces else "spoiled"
    raise LookupError(f"the question {question} has no cause in this day")
