"""What stands on a daily statement of blanks."""

from dataclasses import dataclass
from datetime import date

from .page import Letterhead


@dataclass(frozen=True)
class AccountRow:
    """One account over the day."""

    name: str
    opening: int
    came: int
    went: int
    closing: int


@dataclass(frozen=True)
class MoveRow:
    """All moves of one kind on the day."""

    kind: str
    way: str
    detail: str
    quantity: int
    bookings: int


@dataclass(frozen=True)
class LaneRow:
    """One lane on the day: its hopper, and what it made."""

    name: str
    opening: int
    closing: int
    issued: int
    spoiled: int


@dataclass(frozen=True)
class CountRow:
    """One counted place."""

    at: str
    kind: str
    place: str
    expected: int
    counted: int
    by: str


@dataclass(frozen=True)
class DifferenceRow:
    """A difference that is open, and what is last known of the cards that may be missing."""

    place: str
    difference: int
    since: str
    traces: tuple[str, ...]


@dataclass(frozen=True)
class SpoilRow:
    """Spoiled blanks of one cause: on the day, and ever."""

    cause: str
    today: int
    ever: int


@dataclass(frozen=True)
class LoanRow:
    """What is open between this office and another."""

    office: str
    lent: int
    borrowed: int


@dataclass(frozen=True)
class QuestionRow:
    """An open question."""

    number: int
    at: str
    text: str


@dataclass(frozen=True)
class HeadRow:
    """The journal's last row of the day; `signature` is the beginning of the first that covers it."""

    sequence: int
    hash: str
    signature: str | None


@dataclass(frozen=True)
class Spoilage:
    """The figures of the spoil rate; `used` is what was issued or spoiled."""

    rows: tuple[SpoilRow, ...]
    used_today: int
    used_ever: int
    benchmark_spoiled: int
    benchmark_used: int


@dataclass(frozen=True)
class HandoverRow:
    """Cards that went to their holders on the day, and old cards: taken in on the day, kept at its end."""

    handed_over: int = 0
    without_finger: int = 0
    old_taken: int = 0
    old_kept: int = 0


@dataclass(frozen=True)
class DailyValues:
    """Everything that stands on a daily statement.

    Attributes:
        until: the time up to which an unfinished day is stated; None for a whole day.
        equation: names and closing balances of the equation's left and right side.
    """

    office: Letterhead
    on: date
    until: str | None
    accounts: tuple[AccountRow, ...]
    moves: tuple[MoveRow, ...]
    lanes: tuple[LaneRow, ...]
    equation: tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]
    counts: tuple[CountRow, ...]
    differences: tuple[DifferenceRow, ...]
    spoilage: Spoilage
    loans: tuple[LoanRow, ...]
    questions: tuple[QuestionRow, ...]
    head: HeadRow | None
    handovers: HandoverRow = HandoverRow()
