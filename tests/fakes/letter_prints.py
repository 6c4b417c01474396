"""Attempts to print a letter that stand in the books, without a printer."""

from station.database import Database
from station.journal import Outcome
from station.journal.store import Journal
from station.letters.printing import store
from station.letters.printing.rows import (
    BEGUN,
    CHECKED,
    ENDED,
    SENT,
    CopyKind,
    PaperChecked,
    PaperVerdict,
    PrintBegun,
    PrintCause,
    PrintEnded,
    PrintJobOpened,
)


def fill_prints(database: Database, journal: Journal) -> None:
    """Two attempts with the first letter of 2026: a spoiled sheet, and a reprint that has a job."""
    with database.transaction() as transaction:
        first = _begun(1, CopyKind.FIRST)
        row = journal.event(transaction, BEGUN, first)
        store.put_begun(transaction, row, first)
        journal.event(transaction, SENT, PrintJobOpened(begun=row, job=41))
        store.put_job(transaction, row, 41)
        ended = PrintEnded(begun=row, outcome=Outcome.DONE, cause=PrintCause.HANDED_OVER)
        journal.event(transaction, ENDED, ended)
        store.put_ended(transaction, row, ended.outcome, ended.cause)
        journal.event(transaction, CHECKED, PaperChecked(begun=row, verdict=PaperVerdict.SPOILED))
        store.put_checked(transaction, row, PaperVerdict.SPOILED)
        again = _begun(2, CopyKind.REPRINT)
        row = journal.event(transaction, BEGUN, again)
        store.put_begun(transaction, row, again)
        journal.event(transaction, SENT, PrintJobOpened(begun=row, job=42))
        store.put_job(transaction, row, 42)


def _begun(attempt: int, kind: CopyKind) -> PrintBegun:
    return PrintBegun(
        year=2026,
        place=1,
        attempt=attempt,
        number="471.13/00001/2026",
        copy_kind=kind,
        printer="ipp://127.0.0.1:631/printers/A4",
        sha256="0" * 64,
        size=1,
        reason="" if attempt == 1 else "the first sheet was spoiled",
    )
