"""Restorations in the database: what is held back, and which cards were made since the backup."""

from dataclasses import dataclass

from sqlalchemy import Row, insert, select, update

from station.database.engine import Transaction
from station.database.tables import cards_since_backup, journal, restorations
from station.errors import Refused
from station.journal import RowKind

MADE_QUESTION = "made_since_backup"
MADE = "made"
NOT_MADE = '"verdict":"not_made"'


@dataclass(frozen=True)
class Restoration:
    """One restore of this database.

    Attributes:
        journal: row of the event `restored_from_backup`.
        state_of: moment of the backup; what happened from then on is unknown, not undone.
        released: row of the release; None while nothing may be made.
        asks_each: whether each job is asked about before it is made: cards were made that nothing explains.
    """

    journal: int
    backup: str
    state_of: str
    restored_at: str
    released: int | None
    asks_each: bool


def add(transaction: Transaction, row: int, backup: str, state_of: str, restored_at: str) -> None:
    """Note that the database was restored: no attempt begins from here on."""
    transaction.execute(
        insert(restorations).values(
            journal=row, backup=backup, state_of=state_of, restored_at=restored_at, asks_each=0
        )
    )


def latest(transaction: Transaction) -> Restoration | None:
    """The last restore, if there was any."""
    row = transaction.execute(select(restorations).order_by(restorations.c.journal.desc()).limit(1)).first()
    return _restoration(row) if row else None


def held(transaction: Transaction) -> Restoration | None:
    """The restore that has not been released yet, if there is one."""
    found = latest(transaction)
    return found if found and found.released is None else None


def require_released(transaction: Transaction) -> None:
    """See that nothing is held back.

    Raises:
        Refused: RESTORE_HOLDS.
    """
    found = held(transaction)
    if found:
        raise Refused("RESTORE_HOLDS", backup=found.backup)


def release(transaction: Transaction, restoration: int, row: int, *, asks_each: bool) -> None:
    """Release what a restore holds back; the database sees that every place was counted before."""
    transaction.execute(
        update(restorations)
        .where(restorations.c.journal == restoration)
        .values(released=row, asks_each=int(asks_each))
    )


def put_release(transaction: Transaction, row: int, *, asks_each: bool) -> None:
    """Put a release back that the journal has already."""
    found = latest(transaction)
    if found is None:
        return
    if found.released is None:
        release(transaction, found.journal, row, asks_each=asks_each)
    else:
        stop_asking(transaction, found.journal)


def stop_asking(transaction: Transaction, restoration: int) -> None:
    """Make jobs without asking about each."""
    transaction.execute(update(restorations).where(restorations.c.journal == restoration).values(asks_each=0))


def asks_about(transaction: Transaction, job: int) -> bool:
    """Whether a person must say first that this job's card was not made after the backup."""
    found = latest(transaction)
    if found is None or not found.asks_each:
        return False
    answers = transaction.execute(
        select(journal.c.payload).where(
            journal.c.job == job,
            journal.c.kind == RowKind.ANSWER,
            journal.c.name == MADE_QUESTION,
            journal.c.sequence > found.journal,
        )
    ).scalars()
    return not any(NOT_MADE in payload for payload in answers)


def is_made(transaction: Transaction, job: int) -> bool:
    """Whether a person has said last that this job's card was made after a backup."""
    last = transaction.execute(
        select(journal.c.payload)
        .where(journal.c.job == job, journal.c.kind == RowKind.ANSWER, journal.c.name == MADE_QUESTION)
        .order_by(journal.c.sequence.desc())
        .limit(1)
    ).scalar()
    return last is not None and f'"verdict":"{MADE}"' in last


def note_card(
    transaction: Transaction,
    *,
    person: str,
    issue: int,
    card: str | None,
    restoration: int,
    row: int,
    source: str,
) -> None:
    """Note a card that was made after the backup and of which there is no attempt: it is a live card."""
    transaction.execute(
        insert(cards_since_backup).values(
            person=person, issue=issue, card=card, restoration=restoration, journal=row, source=source
        )
    )


def require_no_card(transaction: Transaction, person: str, issue: int) -> None:
    """See that this person's card of this issue was not made after a backup that was restored.

    Raises:
        Refused: CARD_SINCE_BACKUP.
    """
    found = transaction.execute(
        select(cards_since_backup.c.journal).where(
            cards_since_backup.c.person == person, cards_since_backup.c.issue == issue
        )
    ).first()
    if found:
        raise Refused("CARD_SINCE_BACKUP", issue=issue)


def _restoration(row: Row[tuple[object, ...]]) -> Restoration:
    return Restoration(
        row.journal, row.backup, row.state_of, row.restored_at, row.released, bool(row.asks_each)
    )
