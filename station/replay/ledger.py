"""What a journal row does to the blanks ledger, to counts and to what two people have signed."""

from pydantic import BaseModel, ConfigDict

from station.acts import store as acts
from station.acts.store import ActKind
from station.blanks.ledger import BlankMove
from station.counts.adjusting import Adjustment
from station.counts.counting import ShiftCount
from station.database import Transaction
from station.handover import store as handovers
from station.journal import JournalRow
from station.replay import store


class _Destruction(BaseModel):
    model_config = ConfigDict(extra="ignore")

    number: str
    signers: tuple[str, str]
    old_cards: int = 0


class _Handover(BaseModel):
    model_config = ConfigDict(extra="ignore")

    number: str
    giver: str
    receiver: str


def follow(transaction: Transaction, row: JournalRow) -> None:
    """Book what a row says has been booked."""
    if row.name == "blanks_moved":
        store.put_move(transaction, row.sequence, BlankMove.model_validate_json(row.payload))
    elif row.name == "blanks_counted":
        count = ShiftCount.model_validate_json(row.payload)
        for line in count.lines:
            store.put_count(transaction, row.sequence, count.kind, line)
    elif row.name == "blanks_adjusted":
        adjusted = Adjustment.model_validate_json(row.payload)
        settled = store.count_at(transaction, adjusted.count, adjusted.account, adjusted.lane)
        acts.record(transaction, row.sequence, ActKind.ADJUSTMENT, adjusted.signers, settles=settled)
    elif row.name == "blanks_destroyed":
        burnt = _Destruction.model_validate_json(row.payload)
        acts.record(transaction, row.sequence, ActKind.DESTRUCTION, burnt.signers, burnt.number)
        if burnt.old_cards:
            handovers.burn_old_cards(transaction, row.sequence)
    elif row.name == "stock_handed_over":
        given = _Handover.model_validate_json(row.payload)
        people = (given.giver, given.receiver)
        acts.record(transaction, row.sequence, ActKind.HANDOVER, people, given.number)
