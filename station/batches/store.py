"""Batches in the database, and what past cards teach about the time a card takes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from station.cards.store import Attempt, Job, attempts_of_job
from station.cards.store import jobs_of_batch as jobs_of
from station.clock import Clock, timestamp
from station.database.engine import Transaction
from station.database.tables import attempts, batches, journal
from station.errors import Refused


@dataclass(frozen=True)
class Batch:
    """A named set of jobs that were added together."""

    name: str
    priority_class: str
    paused: bool
    created_at: str


def add(transaction: Transaction, clock: Clock, name: str, priority_class: str) -> None:
    """Make a batch.

    Raises:
        Refused: BATCH_KNOWN.
    """
    if find(transaction, name):
        raise Refused("BATCH_KNOWN", batch=name)
    transaction.execute(
        insert(batches).values(
            name=name, priority_class=priority_class, paused=0, created_at=timestamp(clock.now())
        )
    )


def find(transaction: Transaction, name: str) -> Batch | None:
    """Find a batch by name."""
    row = transaction.execute(select(batches).where(batches.c.name == name)).first()
    return Batch(row.name, row.priority_class, bool(row.paused), row.created_at) if row else None


def require(transaction: Transaction, name: str) -> Batch:
    """Find a batch by name, or refuse.

    Raises:
        Refused: BATCH_UNKNOWN.
    """
    batch = find(transaction, name)
    if batch is None:
        raise Refused("BATCH_UNKNOWN", batch=name)
    return batch


def everything(transaction: Transaction) -> list[Batch]:
    """All batches, oldest first."""
    rows = transaction.execute(select(batches).order_by(batches.c.created_at, batches.c.name))
    return [Batch(row.name, row.priority_class, bool(row.paused), row.created_at) for row in rows]


def set_paused(transaction: Transaction, name: str, *, paused: bool) -> None:
    """Pause a batch or let it go on."""
    transaction.execute(update(batches).where(batches.c.name == name).values(paused=int(paused)))


def verdicts(transaction: Transaction, name: str) -> list[tuple[Job, Attempt | None]]:
    """Every job of a batch with its last attempt."""
    found = []
    for job in jobs_of(transaction, name):
        tries = attempts_of_job(transaction, job.id)
        found.append((job, tries[-1] if tries else None))
    return found


def seconds_of_recent_cards(transaction: Transaction, most: int) -> list[float]:
    """How long the latest ready cards took from the opening of their attempt, in seconds."""
    opened = journal.alias("opened")
    rows = transaction.execute(
        select(opened.c.at, journal.c.at)
        .join(opened, opened.c.attempt == journal.c.attempt)
        .where(journal.c.name == "card_ready", opened.c.name == "attempt_opened")
        .order_by(journal.c.sequence.desc())
        .limit(most)
    ).all()
    return [
        (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds() for begin, end in rows
    ]


def attempts_by_end(transaction: Transaction) -> dict[str, int]:
    """How many attempts ended how."""
    rows = transaction.execute(select(attempts.c.state, func.count()).group_by(attempts.c.state))
    return {str(state): int(count) for state, count in rows}
