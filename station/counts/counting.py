"""What a person has counted, beside what should have been there."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from station.blanks.ledger import Account


class CountKind(StrEnum):
    """When in a shift it was counted."""

    OPENING = "opening"
    CLOSING = "closing"


class CountedPlace(BaseModel):
    """What a person has counted at one place: the stock, or the hopper of a lane."""

    model_config = ConfigDict(frozen=True)

    account: Account
    lane: str = ""
    counted: int = Field(ge=0)


class CountLine(CountedPlace):
    """A counted place beside the books.

    Attributes:
        booked: the balance of the account.
        elsewhere: blanks of that balance that are known not to lie in the hopper: a card in the path or in
            the tray, by UID, or by attempt while its UID is not known.
    """

    booked: int
    elsewhere: tuple[str, ...] = ()

    @property
    def expected(self) -> int:
        """How many should have been counted."""
        return self.booked - len(self.elsewhere)

    @property
    def difference(self) -> int:
        """Counted less expected: negative when blanks are missing."""
        return self.counted - self.expected


class ShiftCount(BaseModel):
    """One count of one or more places; the payload of its journal row."""

    model_config = ConfigDict(frozen=True)

    kind: CountKind
    lines: tuple[CountLine, ...]


@dataclass(frozen=True)
class BookedCount:
    """One place of a count as it stands in the database."""

    id: int
    journal: int
    at: str
    by: str
    kind: CountKind
    account: Account
    lane: str
    counted: int
    expected: int

    @property
    def difference(self) -> int:
        """Counted less expected."""
        return self.counted - self.expected


@dataclass(frozen=True)
class TraceEvent:
    """One journal row of a trace: `signed_by` is the person whose word it was."""

    sequence: int
    at: str
    name: str
    outcome: str | None
    signed_by: str | None


@dataclass(frozen=True)
class Trace:
    """A card that may be the missing one: not a device but a person said where it went, or nobody has yet."""

    attempt: int
    job: int
    card: str | None
    events: tuple[TraceEvent, ...]
