"""What is due for erasure, and what still needs a record."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select, text

from station.cards.store import JobState
from station.database.engine import Transaction
from station.database.tables import deliveries, held_records, jobs, journal

HANDED_OVER = "card_handed_over"
ERASED = "record_erased"
SCRUBBED = "records_scrubbed"
# A ready card that waits for its holder needs its record too; only a person decides about that one.
WORKING = (JobState.QUEUED, JobState.WORKING, JobState.WAITING)
UNDELIVERED = ("waiting", "unknown")


@dataclass(frozen=True)
class DueRecord:
    """A record whose time is over. `since` is when its purpose was met, ISO 8601, UTC."""

    record: str
    since: str
    cause: str


def handed_over_before(transaction: Transaction, moment: str, most: int) -> list[DueRecord]:
    """Readable records whose card was handed over before a moment, oldest first."""
    since = func.max(journal.c.at)
    rows = transaction.execute(
        select(held_records.c.record, since.label("since"))
        .join(jobs, (jobs.c.record == held_records.c.record) & (jobs.c.person == held_records.c.person))
        .join(journal, (journal.c.job == jobs.c.id) & (journal.c.name == HANDED_OVER))
        .where(held_records.c.erased_at.is_(None))
        .group_by(held_records.c.record)
        .having(since < moment)
        .order_by(since)
        .limit(most)
    )
    return [DueRecord(row.record, row.since, "handed_over") for row in rows]


def rejected_before(
    transaction: Transaction, statuses: tuple[str, ...], moment: str, most: int
) -> list[DueRecord]:
    """Readable records to which the centre has given one of these statuses before a moment, oldest first."""
    rows = transaction.execute(
        select(held_records.c.record, held_records.c.centre_status_at)
        .where(
            held_records.c.erased_at.is_(None),
            held_records.c.centre_status.in_(statuses),
            held_records.c.centre_status_at < moment,
        )
        .order_by(held_records.c.centre_status_at)
        .limit(most)
    )
    return [DueRecord(row.record, row.centre_status_at, "rejected") for row in rows]


def why_needed(transaction: Transaction, record: str) -> str | None:
    """The code of what still needs a record: `live_job`, `undelivered`; None when nothing does."""
    working = transaction.execute(
        select(exists().where(jobs.c.record == record, jobs.c.state.in_(WORKING)))
    ).scalar_one()
    if working:
        return "live_job"
    waiting = transaction.execute(
        select(exists().where(deliveries.c.record == record, deliveries.c.state.in_(UNDELIVERED)))
    ).scalar_one()
    return "undelivered" if waiting else None


def is_scrub_due(transaction: Transaction) -> bool:
    """Whether a key was destroyed and old copies of it have not been cleared from the files since."""
    # The names stand in the statement itself: SQLite uses the index of these few rows only then.
    row = transaction.execute(
        text(
            "SELECT name, sequence FROM journal WHERE name IN ('record_erased', 'records_scrubbed')"
            " ORDER BY sequence DESC LIMIT 1"
        )
    ).first()
    if row is not None and row.name == ERASED:
        return True
    return _is_decided_since(transaction, row.sequence if row else 0)


def _is_decided_since(transaction: Transaction, sequence: int) -> bool:
    """Whether the key of a record that was set aside has been destroyed after a row of the journal.

    Each such decision is followed by a row that says it was cleared: few rows are looked at.
    """
    found = transaction.execute(
        text(
            "SELECT EXISTS (SELECT 1 FROM set_aside WHERE state != 'waiting')"
            " AND EXISTS (SELECT 1 FROM journal WHERE sequence > :sequence"
            " AND name IN ('record_discarded', 'record_taken_after_all'))"
        ),
        {"sequence": sequence},
    ).scalar_one()
    return bool(found)
