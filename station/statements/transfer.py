"""The handover of stock from one person to another, and the paper of a loan or a receipt."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from station.blanks.ledger import Account


class TransferPlace(BaseModel):
    """What is handed over at one place: what is booked, and the last count with its time, if any."""

    model_config = ConfigDict(frozen=True)

    account: Account
    lane: str
    booked: int
    counted: int | None
    counted_at: str | None


class StockTransfer(BaseModel):
    """One handover between two members of staff; the payload of its journal row.

    Attributes:
        at: the moment, in the office's time.
        spoiled: what lies there for destruction, by cause; `void`: how many of them carry an identity.
        missing: blanks booked as missing: they are accounted for and not there.
        differences: places whose last count is still open.
    """

    model_config = ConfigDict(frozen=True)

    number: str
    at: datetime
    giver: str
    receiver: str
    giver_role: str
    receiver_role: str
    places: tuple[TransferPlace, ...]
    spoiled: tuple[tuple[str, int], ...]
    void: int
    missing: int
    differences: int
    questions: int
