"""Rows put back as they were: the journal's own, and those of the tables that the journal describes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import IntegrityError

from station.blanks.ledger import BlankMove
from station.cards.intake import JobAdded
from station.cards.source import HELD
from station.cards.store import AttemptState, JobState
from station.counts.counting import CountLine
from station.database.engine import Transaction
from station.database.tables import attempts, batches, blank_counts, blank_moves, jobs, journal, lanes, staff
from station.errors import Refused
from station.journal import JournalRow
from station.lanes.store import LaneState
from station.staff.store import StaffMember


@contextmanager
def whole_or_not(transaction: Transaction) -> Iterator[None]:
    """Do some statements of a transaction all, or none of them.

    Raises:
        Refused: JOURNAL_REFUSED when a rule of the database stands against one.
    """
    try:
        with transaction.begin_nested():
            yield
    except IntegrityError as error:
        raise Refused("JOURNAL_REFUSED", rule=str(error.orig)) from error


def put_row(transaction: Transaction, row: JournalRow) -> None:
    """Put a journal row where it was; the database sees that it follows the last one."""
    transaction.execute(
        insert(journal).values(
            sequence=row.sequence,
            at=row.at,
            kind=row.kind,
            name=row.name,
            lane=row.lane,
            job=row.job,
            attempt=row.attempt,
            intent=row.intent,
            question=row.question,
            outcome=row.outcome,
            person=row.person,
            signed_by=row.signed_by,
            payload=row.payload,
            previous_hash=row.previous_hash,
            hash=row.hash,
        )
    )


def put_job(transaction: Transaction, row: JournalRow, added: JobAdded) -> None:
    """Put a job back under its number. Its record is looked for among those that the station holds."""
    transaction.execute(
        insert(jobs).values(
            id=row.job,
            record=added.record,
            folder=HELD,
            record_sha256=added.record_sha256,
            person=row.person,
            issue=added.issue,
            priority=added.priority,
            purpose=added.purpose,
            state=JobState.QUEUED,
            created_at=row.at,
            batch=added.batch,
        )
    )


def put_attempt(transaction: Transaction, row: JournalRow) -> None:
    """Put an attempt back under its number."""
    before = select(func.count()).select_from(attempts).where(attempts.c.job == row.job)
    number = int(transaction.execute(before).scalar_one()) + 1
    transaction.execute(
        insert(attempts).values(
            id=row.attempt, job=row.job, number=number, lane=row.lane, state=AttemptState.OPEN
        )
    )


def put_move(transaction: Transaction, row: int, move: BlankMove) -> None:
    """Book a move of blanks that the journal has already."""
    transaction.execute(insert(blank_moves).values(journal=row, **move.model_dump()))


def put_count(transaction: Transaction, row: int, kind: str, line: CountLine) -> None:
    """Put one counted place back."""
    transaction.execute(
        insert(blank_counts).values(
            journal=row,
            kind=kind,
            account=line.account,
            lane=line.lane,
            counted=line.counted,
            expected=line.expected,
        )
    )


def count_at(transaction: Transaction, row: int, account: str, lane: str) -> int | None:
    """The number of a counted place."""
    return transaction.execute(
        select(blank_counts.c.id).where(
            blank_counts.c.journal == row, blank_counts.c.account == account, blank_counts.c.lane == lane
        )
    ).scalar()


def put_member(transaction: Transaction, member: StaffMember) -> None:
    """Put a member of staff back, who cannot sign before a PIN is set."""
    transaction.execute(insert(staff).values(name=member.name, role=member.role))


def set_failures(transaction: Transaction, name: str, failures: int) -> None:
    """Set how many wrong PINs in a row there were."""
    transaction.execute(update(staff).where(staff.c.name == name).values(pin_failures=failures))


def put_batch(transaction: Transaction, name: str, priority_class: str, at: str) -> None:
    """Put a batch back."""
    transaction.execute(
        insert(batches).values(name=name, priority_class=priority_class, paused=0, created_at=at)
    )


def put_lane(transaction: Transaction, name: str, state: LaneState, cause: str | None, since: str) -> None:
    """Set a lane's state."""
    values = {"state": state, "cause": cause, "since": since}
    transaction.execute(
        upsert(lanes).values(name=name, **values).on_conflict_do_update(index_elements=["name"], set_=values)
    )
