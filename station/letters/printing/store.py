"""Attempts to print a letter, in the database. Rows are made and moved on with their journal rows."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, insert, select, update

from station.database.engine import Transaction
from station.database.letter_print_tables import letter_prints
from station.journal import Outcome
from station.letters.printing.rows import CopyKind, PaperVerdict, PrintBegun, PrintCause


class PrintAttempt(BaseModel):
    """One attempt to print a letter.

    Attributes:
        journal: the row in which it began.
        attempt: 1, 2, 3 … of its letter.
        job: number at the print server; None before there was one.
        outcome, cause: None while nobody knows. DONE: handed to the device.
        paper: what a person has found in the tray; None before somebody has looked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    journal: int
    year: int
    place: int
    attempt: int
    number: str
    copy_kind: CopyKind
    printer: str
    sha256: str
    job: int | None
    outcome: Outcome | None
    cause: PrintCause | None
    paper: PaperVerdict | None

    @property
    def may_be_paper(self) -> bool:
        """Whether there may be a sheet of it that nobody has found spoiled or missing."""
        return self.outcome in (Outcome.DONE, Outcome.UNKNOWN) and self.paper in (None, PaperVerdict.GOOD)

    @property
    def waits_for_person(self) -> bool:
        """Whether only a person can say if there is a sheet of it."""
        return self.outcome is Outcome.UNKNOWN and self.paper is None


def put_begun(transaction: Transaction, row: int, begun: PrintBegun) -> None:
    """An attempt begins; the database refuses it where a sheet may be lying about."""
    values = begun.model_dump(
        include={"year", "place", "attempt", "number", "copy_kind", "printer", "sha256"}
    )
    transaction.execute(insert(letter_prints).values(journal=row, **values))


def put_job(transaction: Transaction, begun: int, job: int) -> None:
    """The print server has given it a number."""
    _change(transaction, begun, {"job": job})


def put_ended(transaction: Transaction, begun: int, outcome: Outcome, cause: PrintCause) -> None:
    """It has ended."""
    _change(transaction, begun, {"outcome": outcome, "cause": cause})


def put_checked(transaction: Transaction, begun: int, verdict: PaperVerdict) -> None:
    """A person has looked into the tray."""
    _change(transaction, begun, {"paper": verdict})


def _change(transaction: Transaction, begun: int, values: dict[str, object]) -> None:
    transaction.execute(update(letter_prints).where(letter_prints.c.journal == begun).values(**values))


def at(transaction: Transaction, begun: int) -> PrintAttempt | None:
    """Find an attempt by the row in which it began."""
    found = transaction.execute(select(letter_prints).where(letter_prints.c.journal == begun)).first()
    return _as_attempt(found) if found else None


def of_letter(transaction: Transaction, year: int, place: int) -> list[PrintAttempt]:
    """The attempts of a letter, oldest first."""
    found = transaction.execute(
        select(letter_prints)
        .where(letter_prints.c.year == year, letter_prints.c.place == place)
        .order_by(letter_prints.c.attempt)
    )
    return [_as_attempt(row) for row in found]


def open_attempts(transaction: Transaction) -> list[PrintAttempt]:
    """The attempts of which nobody knows the end, oldest first: under way, or left behind by a crash."""
    found = transaction.execute(
        select(letter_prints).where(letter_prints.c.outcome.is_(None)).order_by(letter_prints.c.journal)
    )
    return [_as_attempt(row) for row in found]


def unlooked_at(transaction: Transaction) -> list[PrintAttempt]:
    """The attempts that have ended and whose sheet nobody has looked at, oldest first."""
    found = transaction.execute(
        select(letter_prints)
        .where(letter_prints.c.outcome.in_([Outcome.DONE, Outcome.UNKNOWN]), letter_prints.c.paper.is_(None))
        .order_by(letter_prints.c.journal)
    )
    return [_as_attempt(row) for row in found]


def _as_attempt(row: Row[tuple[object, ...]]) -> PrintAttempt:
    return PrintAttempt(
        journal=row.journal,
        year=row.year,
        place=row.place,
        attempt=row.attempt,
        number=row.number,
        copy_kind=CopyKind(row.copy_kind),
        printer=row.printer,
        sha256=row.sha256,
        job=row.job,
        outcome=Outcome(row.outcome) if row.outcome else None,
        cause=PrintCause(row.cause) if row.cause else None,
        paper=PaperVerdict(row.paper) if row.paper else None,
    )
