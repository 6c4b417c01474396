"""A small model of the office: what was received, booked, promised and burnt, in sums of its own.

It shares no line with the station. Where a card really is, the simulator knows; the model adds what only
people know: what lies on the shelf, what was laid into the hopper by mistake, which card somebody rejected.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum

Promise = tuple[str, int]  # person (NIK) and issue
STOCK = ""  # the place that is no lane


class Standing(Enum):
    """What became of a promised card."""

    LIVE = "live"
    GIVEN_UP = "given up"


@dataclass
class Loan:
    """What is open with one other office."""

    lent: int = 0
    borrowed: int = 0


@dataclass
class ModelLedger:
    """The office as it must be.

    Attributes:
        received, lent_in, lent_out, returned: as the accounts of the same names.
        stock: as booked; `shelf`: what really lies there.
        lane: booked into the lane, less what was booked back out of it.
        loans: by office.
        by_count: blanks that adjustments have booked as spoiled; nobody knows which.
        burnt, burnt_nameless: cards by UID, and blanks without one.
        condemned: UIDs of cards that came out good, and that a person has rejected.
        laid_back: cards that the books know, laid into the hopper once more.
        handed_over: UIDs of the cards that have left with their holders.
        people: NIK by the name that the journal has for a person.
        promises: every person and issue that was brought in.
        open_counts: of each place, the difference that its last count has found and nobody has settled.
    """

    received: int = 0
    lent_in: int = 0
    lent_out: int = 0
    returned: int = 0
    stock: int = 0
    shelf: int = 0
    lane: int = 0
    loans: dict[str, Loan] = field(default_factory=dict)
    by_count: int = 0
    burnt: set[str] = field(default_factory=set)
    burnt_nameless: int = 0
    condemned: set[str] = field(default_factory=set)
    laid_back: set[str] = field(default_factory=set)
    handed_over: set[str] = field(default_factory=set)
    people: dict[str, str] = field(default_factory=dict)
    promises: dict[Promise, Standing] = field(default_factory=dict)
    open_counts: Counter[str] = field(default_factory=Counter)

    @property
    def destroyed(self) -> int:
        """How many were burnt."""
        return len(self.burnt) + self.burnt_nameless

    # ---- the counter ----

    def receive(self, count: int) -> None:
        self.received += count
        self.stock += count
        self.shelf += count

    def can_take(self, count: int) -> bool:
        """Whether the books let so many leave the stock."""
        return self.stock >= count

    def load(self, count: int) -> None:
        self.stock -= count
        self.lane += count

    def unload(self, count: int) -> None:
        self.load(-count)

    def loan(self, office: str) -> Loan:
        return self.loans.setdefault(office, Loan())

    def can_do(self, kind: str, office: str, count: int) -> bool:
        """Whether a loan or a return must be taken."""
        return {
            "lend": self.can_take(count),
            "borrow": True,
            "take_back": self.loan(office).lent >= count,
            "give_back": self.loan(office).borrowed >= count and self.can_take(count),
            "give_surplus": self.can_take(count),
        }[kind]

    def move(self, kind: str, office: str, count: int) -> None:
        """Lend, borrow or return: the blanks go over the counter as they go through the books."""
        comes_in = kind in ("borrow", "take_back")
        self.stock += count if comes_in else -count
        self.shelf += count if comes_in else -count
        loan = self.loan(office)
        if kind in ("lend", "take_back"):
            self.lent_out += count if kind == "lend" else -count
            loan.lent += count if kind == "lend" else -count
        elif kind == "borrow":
            self.lent_in += count
            loan.borrowed += count
        else:
            self.returned += count
            loan.borrowed -= count if kind == "give_back" else 0

    # ---- counts ----

    def adjust(self, place: str) -> None:
        """Let the books of a place follow its last count."""
        difference = self.open_counts.pop(place)
        if difference < 0:
            self.by_count -= difference
        else:
            self.received += difference
        if place == STOCK:
            self.stock += difference
        else:
            self.lane += difference

    # ---- promises ----

    def is_free(self, promise: Promise) -> bool:
        """Whether this person may be promised a card of this issue."""
        return self.promises.get(promise) is not Standing.LIVE

    def give_up(self, promise: Promise) -> None:
        self.promises[promise] = Standing.GIVEN_UP
