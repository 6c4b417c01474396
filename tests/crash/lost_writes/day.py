"""A day of the office: the same words for the day that is recorded and for the day that goes on after a cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from station.cards import store
from station.staff import store as staff
from tests.crash.lost_writes.devices import FoundLane
from tests.fakes.station import FakeStation

OPERATOR = "Siti"


@dataclass(frozen=True)
class DayPlan:
    """How large a day is.

    Attributes:
        morning, afternoon: cards made before and after the station is closed and opened again.
        blanks: cards in the hopper. The first chip is bad, and the first print of the afternoon jams.
    """

    morning: int
    afternoon: int
    blanks: int

    @property
    def cards(self) -> int:
        """Cards to be made."""
        return self.morning + self.afternoon


SHORT = DayPlan(morning=1, afternoon=1, blanks=5)
# In the afternoon the log outgrows SQLite's 1000 pages: a checkpoint in the middle of the work, and the log
# begins anew over its old content.
LONG = DayPlan(morning=2, afternoon=14, blanks=20)


def work_off(station: FakeStation, lane: FoundLane, folders: Sequence[Path], blanks: int) -> None:
    """Do what is left to do of a day: begin it, add what is not there, make cards, answer questions.

    Raises:
        LookupError: a question that nothing in this day can lead to.
        LaneLatched: the worker does not understand what it finds.
    """
    with station.database.reading() as transaction:
        begun = staff.find(transaction, OPERATOR) is not None
        known = {job.folder for job in store.all_jobs(transaction)}
    if not begun:
        station.prepare(blanks)
    station.add([folder for folder in folders if str(folder.resolve()) not in known])
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
