"""What a journal row does to the attempts to print letters."""

from station.database import Transaction
from station.journal import JournalRow
from station.letters.printing import store
from station.letters.printing.rows import (
    BEGUN,
    CHECKED,
    ENDED,
    SENT,
    PaperChecked,
    PrintBegun,
    PrintEnded,
    PrintJobOpened,
)


def follow(transaction: Transaction, row: JournalRow) -> None:
    """Do to the attempts what a row says was done."""
    if row.name == BEGUN:
        store.put_begun(transaction, row.sequence, PrintBegun.model_validate_json(row.payload))
    elif row.name == SENT:
        opened = PrintJobOpened.model_validate_json(row.payload)
        store.put_job(transaction, opened.begun, opened.job)
    elif row.name == ENDED:
        ended = PrintEnded.model_validate_json(row.payload)
        store.put_ended(transaction, ended.begun, ended.outcome, ended.cause)
    elif row.name == CHECKED:
        checked = PaperChecked.model_validate_json(row.payload)
        store.put_checked(transaction, checked.begun, checked.verdict)
