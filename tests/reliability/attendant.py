"""The person at the printer while the station works: mends, fills, and books sooner or later."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from station.cards.hopper import booked_in_hopper
from station.counts.counting import CountKind
from station.lanes import store as lanes
from tests.reliability.counter_desk import CounterDesk
from tests.reliability.model_ledger import ModelLedger
from tests.reliability.office_under_test import OfficeUnderTest
from tests.reliability.station import LANE

SPARE: Final = 3  # blanks of a fresh carton that stay on the shelf
TWO: Final = ("Budi", "Siti")


class Booking(Enum):
    """When somebody who fills the hopper books it."""

    BEFORE = "before"
    AFTER = "after"
    WHEN_ASKED = "when asked"


@dataclass(frozen=True)
class Habits:
    """How the person on duty does things.

    Attributes:
        handful: blanks laid into an empty hopper.
        booking: when they are booked.
        throws_card_out: whether a jammed card is thrown away; else it is set free inside.
        lets_stand: visits for which a card stands in the exit before it is taken.
    """

    handful: int = 3
    booking: Booking = Booking.AFTER
    throws_card_out: bool = False
    lets_stand: int = 0


class Attendant:
    """Comes by whenever the station waits, and does one thing at a time."""

    def __init__(self, office: OfficeUnderTest, desk: CounterDesk, model: ModelLedger) -> None:
        self._office, self._desk, self._model = office, desk, model
        self._caretaker = office.lane.caretaker
        self._caretaker.takes_card_out = lambda: self.habits.throws_card_out
        self._caretaker.takes_from_slot = self._takes_from_slot
        self.habits = Habits()
        self._seen_standing = 0
        office.world.come_by = self.come_by

    def come_by(self) -> str | None:
        """Do the first thing that is to be done; say what it was."""
        if self._is_asked_for_books() and self._missing_in_books():
            if not self._office.lane.printer.machine.mechanism.truth.hopper:
                self._fill()
            if self._missing_in_books():
                self._quietly(self._book_what_lies_there)
            return "book"
        mended = self._caretaker.come_by()
        truth = self._office.lane.printer.machine.mechanism.truth
        if mended is None and (truth.feeder_empty or not truth.hopper):
            self._fill()
            return "fill_hopper"
        return mended

    def _takes_from_slot(self) -> bool:
        self._seen_standing += 1
        if self._seen_standing <= self.habits.lets_stand:
            return False
        self._seen_standing = 0
        return True

    def _is_asked_for_books(self) -> bool:
        with self._office.database.reading() as transaction:
            return "HOPPER_UNBOOKED" in (lanes.status(transaction, LANE).cause or "")

    def _missing_in_books(self) -> bool:
        """Whether nobody has booked since the station asked: one that was stopped has not looked again."""
        with self._office.database.reading() as transaction:
            return booked_in_hopper(transaction, LANE) < 1

    def _fill(self) -> None:
        handful, booking = self.habits.handful, self.habits.booking
        if self._model.shelf < handful:
            self._quietly(lambda: self._desk.receive(handful + SPARE))
        if booking is Booking.BEFORE and self._model.can_take(handful):
            self._quietly(lambda: self._desk.load(handful))
        self.fill_by_hand(handful)
        if booking is Booking.AFTER and self._model.can_take(handful):
            self._quietly(lambda: self._desk.load(handful))

    def fill_by_hand(self, count: int) -> None:
        """Carry blanks from the shelf to the hopper, and book nothing."""
        self._model.shelf -= count
        self._office.person("fill_hopper", count=count)

    def _book_what_lies_there(self) -> None:
        """The station has asked: no blank of this hopper is booked. Book those that lie there.

        They came from the shelf, so they are loaded from the stock; where the stock's books have no more,
        what was counted stands against the books, and two people sign for it.
        """
        lying = len(self._office.lane.printer.machine.mechanism.truth.hopper)
        if self._model.can_take(lying):
            self._desk.load(lying)
            return
        line = self._desk.count(CountKind.OPENING, {LANE: lying})[LANE]
        self._model.open_counts[LANE] = line.difference
        ending = self._desk.adjust(LANE, "missing", TWO, None)
        assert ending.happened, (
            f"the lane waits for its blanks to be booked, and that is refused: {ending.refusal}"
        )

    def _quietly(self, work: Callable[[], None]) -> None:
        """People at the counter do not die with the station: their commands are processes of their own."""
        with self._office.other_process():
            work()
