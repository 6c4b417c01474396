"""What a journal row of a handover does to the tables: the same when it is written and after a restore."""

from collections.abc import Mapping
from typing import Final

from station.cards.questions import Answer
from station.database import Transaction
from station.handover import store
from station.handover.rows import (
    HANDED_OVER,
    HANDOVER,
    OLD_CARD,
    UNKNOWN_QUESTION,
    BeforeHandover,
    CardHandedOver,
    Conclusion,
    HandoverReport,
    OldCardWithdrawn,
)
from station.journal import JournalRow, Outcome, RowKind
from station.journal.store import row_at

# What an answer alone settles; "given" is followed by a row that the card was handed over.
ANSWERED: Final[Mapping[str, tuple[Outcome, Conclusion]]] = {
    "still_here": (Outcome.NOT_DONE, Conclusion.CARD_HERE),
    "card_lost": (Outcome.UNKNOWN, Conclusion.MISSING),
}


def follow(transaction: Transaction, row: JournalRow) -> None:
    """Do to handovers and old cards what a row says was done."""
    if row.name == HANDOVER and row.kind is RowKind.INTENT:
        store.put_begun(transaction, row, BeforeHandover.model_validate_json(row.payload))
    elif row.name == HANDOVER and row.kind is RowKind.OUTCOME and row.outcome is not Outcome.DONE:
        report = HandoverReport.model_validate_json(row.payload)
        store.put_outcome(transaction, row.intent or 0, row.sequence, row.outcome or Outcome.UNKNOWN, report)
    elif row.name == UNKNOWN_QUESTION and row.kind is RowKind.ANSWER:
        said = ANSWERED.get(Answer.model_validate_json(row.payload).verdict)
        if said is not None:
            store.put_answered(transaction, row.intent or 0, row.sequence, *said)
    elif row.name == HANDED_OVER:
        store.put_handed_over(transaction, row.sequence, CardHandedOver.model_validate_json(row.payload))
    elif row.name == OLD_CARD:
        taken = OldCardWithdrawn.model_validate_json(row.payload)
        store.put_old_card(transaction, row.sequence, row.job or 0, taken.kind)


def follow_at(transaction: Transaction, sequence: int) -> JournalRow:
    """Do what the row that was just written says; return it."""
    row = row_at(transaction, sequence)
    if row is None:
        raise LookupError(f"no row {sequence} in the journal")
    follow(transaction, row)
    return row
