"""What a journal row does to the register of letters. The files of letters issued since a backup are lost."""

from station.database import Transaction
from station.journal import JournalRow
from station.letters import store
from station.letters.rows import (
    ERASED,
    ISSUED,
    TAKEN,
    VOIDED,
    WITHDRAWN,
    LetterErased,
    LetterIssued,
    LetterVoided,
    LetterWithdrawn,
    NumberTaken,
)


def follow(transaction: Transaction, row: JournalRow) -> None:
    """Do to the register what a row says was done."""
    if row.name == TAKEN:
        store.put_taken(
            transaction, row.sequence, row.person or "", NumberTaken.model_validate_json(row.payload)
        )
    elif row.name == ISSUED:
        issued = LetterIssued.model_validate_json(row.payload)
        store.put_issued(transaction, row.sequence, issued.year, issued.place, None)
    elif row.name == VOIDED:
        void = LetterVoided.model_validate_json(row.payload)
        store.put_void(transaction, row.sequence, void.year, void.place, void.cause)
    elif row.name == WITHDRAWN:
        back = LetterWithdrawn.model_validate_json(row.payload)
        store.put_withdrawn(transaction, row.sequence, back.year, back.place, back.cause)
    elif row.name == ERASED:
        erased = LetterErased.model_validate_json(row.payload)
        store.put_erased(transaction, erased.year, erased.place, row.at)
