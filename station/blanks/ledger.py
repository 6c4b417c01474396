"""The accounts of the blanks ledger and the equation that always holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Account(StrEnum):
    """Where a blank is. Old cards taken in at handover are withdrawn, not blanks: they are not here."""

    RECEIVED = "received"
    LENT_IN = "lent_in"
    LENT_OUT = "lent_out"
    RETURNED = "returned"
    STOCK = "stock"
    IN_MACHINE = "in_machine"
    ISSUED = "issued"
    SPOILED = "spoiled"
    DESTROYED = "destroyed"


SOURCES = (Account.RECEIVED, Account.LENT_IN)
PLACES = tuple(account for account in Account if account not in SOURCES)
MISSING = "missing"
DAMAGED = "damaged"
FOUND = "found"
SURPLUS = "surplus"


class BlankMove(BaseModel):
    """Some blanks go from one account to another; a source account counts what came into the office.

    Attributes:
        source, target: accounts; the lanes are empty but for `in_machine`.
        card: UID of the one blank that moves, once it is known.
        cause: why it was spoiled; which carton was received; `surplus` for a return that settles no loan.
        counterpart: the other office of a loan or a return.
        act: journal row of the act that two people have signed for this move.
    """

    model_config = ConfigDict(frozen=True)

    source: Account
    target: Account
    quantity: int = 1
    source_lane: str = ""
    target_lane: str = ""
    card: str | None = None
    cause: str | None = None
    counterpart: str | None = None
    act: int | None = None


@dataclass(frozen=True)
class Balances:
    """The balances of all accounts, over all lanes and by lane."""

    totals: Mapping[Account, int]
    in_machine: Mapping[str, int]

    @property
    def difference(self) -> int:
        """What came in less what is anywhere: zero, or a blank is missing.

        `received + lent_in = stock + in_machine + issued + spoiled + destroyed + returned + lent_out`.
        """
        return sum(self.totals[source] for source in SOURCES) - sum(self.totals[place] for place in PLACES)


@dataclass(frozen=True)
class Loans:
    """What one other office owes us, and what we owe it."""

    office: str
    lent: int
    borrowed: int
