"""The daily statement: what was there, what moved, what is there, and what is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from station.blanks.ledger import PLACES, SOURCES, SURPLUS, Account, Loans
from station.counts.counting import BookedCount, Trace
from station.handover.store import HandoverFigures
from station.journal import JournalRow

# Pekalongan, 2016: 57,540 blanks received, 54,833 printed, 2,707 spoiled (facts: domain.md section 1).
BENCHMARK_SPOILED, BENCHMARK_USED = 2707, 57540


@dataclass(frozen=True)
class Flow:
    """All moves of one kind in some span of the journal: how many blanks, in how many bookings."""

    source: Account
    source_lane: str
    target: Account
    target_lane: str
    cause: str | None
    counterpart: str | None
    quantity: int
    bookings: int


@dataclass(frozen=True)
class JournalHead:
    """The last row of a span, and the first signature that covers it, hexadecimal, if there is one."""

    sequence: int
    hash: str
    signature: str | None


@dataclass(frozen=True)
class OpenDifference:
    """A place whose count differs from the books, with the cards that may be the missing ones."""

    count: BookedCount
    traces: tuple[Trace, ...]


@dataclass(frozen=True)
class DailyStatement:
    """One day of the ledger.

    Attributes:
        until: the moment up to which it is stated: the day's end, or now while the day is not over.
        before, during: all flows before the day, and those of the day.
    """

    on: date
    until: str
    is_over: bool
    before: Sequence[Flow]
    during: Sequence[Flow]
    counts: Sequence[BookedCount]
    differences: Sequence[OpenDifference]
    questions: Sequence[JournalRow]
    head: JournalHead | None
    handovers: HandoverFigures

    @property
    def opening(self) -> Mapping[Account, int]:
        """Balances at the beginning of the day."""
        return balances(self.before)

    @property
    def closing(self) -> Mapping[Account, int]:
        """Balances at its end."""
        return balances((*self.before, *self.during))

    @property
    def all_flows(self) -> tuple[Flow, ...]:
        """Everything up to the end of the day."""
        return (*self.before, *self.during)


def balances(flows: Iterable[Flow]) -> dict[Account, int]:
    """Add flows up to the balances of all accounts; sources count what came in."""
    totals = dict.fromkeys(Account, 0)
    for flow in flows:
        totals[flow.source] += flow.quantity if flow.source in SOURCES else -flow.quantity
        totals[flow.target] += flow.quantity
    return totals


def difference(totals: Mapping[Account, int]) -> int:
    """What came in less what is anywhere; zero while the equation holds."""
    return sum(totals[source] for source in SOURCES) - sum(totals[place] for place in PLACES)


def lane_balances(flows: Iterable[Flow]) -> dict[str, int]:
    """Add flows up to the balance of every lane."""
    totals: dict[str, int] = {}
    for flow in flows:
        if flow.source is Account.IN_MACHINE:
            totals[flow.source_lane] = totals.get(flow.source_lane, 0) - flow.quantity
        if flow.target is Account.IN_MACHINE:
            totals[flow.target_lane] = totals.get(flow.target_lane, 0) + flow.quantity
    return dict(sorted(totals.items()))


def spoiled_by_cause(flows: Iterable[Flow]) -> dict[str, int]:
    """How many blanks were spoiled, by cause; those destroyed since are still counted."""
    totals: dict[str, int] = {}
    for flow in flows:
        if flow.target is Account.SPOILED:
            totals[flow.cause or ""] = totals.get(flow.cause or "", 0) + flow.quantity
    return dict(sorted(totals.items(), key=lambda one: (-one[1], one[0])))


def issued_by_lane(flows: Iterable[Flow]) -> dict[str, int]:
    """How many cards were issued, by the lane that made them."""
    totals: dict[str, int] = {}
    for flow in flows:
        if flow.target is Account.ISSUED:
            totals[flow.source_lane] = totals.get(flow.source_lane, 0) + flow.quantity
    return dict(sorted(totals.items()))


def open_loans(flows: Iterable[Flow]) -> list[Loans]:
    """What is open between us and each other office, by name; settled loans are left out."""
    lent, borrowed = dict[str, int](), dict[str, int]()
    for flow in flows:
        office = flow.counterpart or ""
        if Account.LENT_OUT in (flow.source, flow.target):
            sign = 1 if flow.target is Account.LENT_OUT else -1
            lent[office] = lent.get(office, 0) + sign * flow.quantity
        elif flow.source is Account.LENT_IN:
            borrowed[office] = borrowed.get(office, 0) + flow.quantity
        elif flow.target is Account.RETURNED and flow.cause != SURPLUS:
            borrowed[office] = borrowed.get(office, 0) - flow.quantity
    offices = sorted(lent.keys() | borrowed.keys())
    open_ones = (Loans(office, lent.get(office, 0), borrowed.get(office, 0)) for office in offices)
    return [one for one in open_ones if one.lent or one.borrowed]


def used(flows: Sequence[Flow]) -> int:
    """All that left stock and came to an end here: issued or spoiled (destroyed ones were spoiled first).

    Blanks still in a hopper have no outcome yet, and those lent or returned were not used by this office:
    they would only make the rate look better. So it compares with the 57,540 of the benchmark.
    """
    return sum(
        flow.quantity
        for flow in flows
        if flow.target in (Account.ISSUED, Account.SPOILED) and flow.source is not Account.ISSUED
    )


def spoil_rate(spoiled: int, all_used: int) -> float | None:
    """Spoiled over used; None when nothing was used."""
    return spoiled / all_used if all_used else None
