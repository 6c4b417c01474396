"""Jobs and attempts: the state that is cached beside the journal, written in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, and_, exists, func, insert, or_, select, update

from station.database.engine import Transaction
from station.database.tables import attempts, batches, held_records, jobs, journal
from station.gate.store import FROM_CENTRE
from station.journal import Outcome, RowKind


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    WORKING = "working"
    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


class JobPurpose(StrEnum):
    """What a job makes: a person's card, or a specimen that never leaves the office."""

    CARD = "card"
    SPECIMEN = "specimen"


UNTOLD_FACE = ""
"""A face was drawn, and after a restore nobody knows its digest any more."""
LIVE_STATES = frozenset({JobState.QUEUED, JobState.WORKING, JobState.WAITING, JobState.READY})


class AttemptState(StrEnum):
    """How an attempt stands. An attempt is what a blank is bound to."""

    OPEN = "open"
    CHECKING = "checking"
    READY = "ready"
    SPOILED = "spoiled"
    NOT_DONE = "not_done"


@dataclass(frozen=True)
class Job:
    """One card to be made. `folder` is where the record lies, empty when the station holds it.

    `person` is the HMAC of the NIK.
    """

    id: int
    record: str
    folder: str
    record_sha256: str
    person: str
    issue: int
    priority: int
    purpose: JobPurpose
    state: JobState
    lane: str | None
    created_at: str
    batch: str | None


@dataclass(frozen=True)
class Attempt:
    """One try at a job with one blank; `card` is the blank's UID once it is known, hexadecimal."""

    id: int
    job: int
    number: int
    lane: str
    state: AttemptState
    card: str | None
    cause: str | None
    face_sha256: str | None


def _job(row: Row[tuple[object, ...]]) -> Job:
    return Job(
        row.id,
        row.record,
        row.folder,
        row.record_sha256,
        row.person,
        row.issue,
        row.priority,
        JobPurpose(row.purpose),
        JobState(row.state),
        row.lane,
        row.created_at,
        row.batch,
    )


def _attempt(row: Row[tuple[object, ...]]) -> Attempt:
    return Attempt(
        row.id, row.job, row.number, row.lane, AttemptState(row.state), row.card, row.cause, row.face_sha256
    )


def insert_job(
    transaction: Transaction,
    *,
    record: str,
    folder: str,
    record_sha256: str,
    person: str,
    issue: int,
    priority: int,
    purpose: JobPurpose,
    state: JobState,
    created_at: str,
    batch: str | None,
) -> int:
    """Add a job; return its number."""
    result = transaction.execute(
        insert(jobs)
        .values(
            record=record,
            folder=folder,
            record_sha256=record_sha256,
            person=person,
            issue=issue,
            priority=priority,
            purpose=purpose,
            state=state,
            created_at=created_at,
            batch=batch,
        )
        .returning(jobs.c.id)
    )
    return int(result.scalar_one())


def find_job(transaction: Transaction, number: int) -> Job | None:
    """Read one job."""
    row = transaction.execute(select(jobs).where(jobs.c.id == number)).first()
    return _job(row) if row else None


def all_jobs(transaction: Transaction, states: Sequence[JobState] = tuple(JobState)) -> list[Job]:
    """Read the jobs in these states, in the order of their numbers."""
    return [
        _job(row)
        for row in transaction.execute(select(jobs).where(jobs.c.state.in_(states)).order_by(jobs.c.id))
    ]


def live_job(transaction: Transaction, person: str, issue: int) -> Job | None:
    """The job that makes or has made this person's card of this issue, if there is one."""
    row = transaction.execute(
        select(jobs).where(jobs.c.person == person, jobs.c.issue == issue, jobs.c.state.in_(LIVE_STATES))
    ).first()
    return _job(row) if row else None


def ready_without_job(transaction: Transaction, printable: Sequence[str]) -> list[str]:
    """The held records that the gate would let through and that have no job yet, oldest first.

    A job that was refused before the centre's last word does not count: that word may have changed it. One
    that was refused or given up since counts: whoever wants that record again names it.
    """
    own_word = and_(
        held_records.c.centre_status.is_(None),
        held_records.c.origin.startswith(FROM_CENTRE),
        held_records.c.local_status.in_(printable),
    )
    printed = or_(held_records.c.centre_status.in_(printable), own_word)
    said = func.coalesce(held_records.c.centre_status_at, held_records.c.received_at)
    tried = exists().where(
        jobs.c.record == held_records.c.record,
        jobs.c.person == held_records.c.person,
        or_(jobs.c.state != JobState.REFUSED, jobs.c.created_at >= said),
    )
    found = transaction.execute(
        select(held_records.c.record)
        .where(held_records.c.erased_at.is_(None), printed, ~tried)
        .order_by(held_records.c.received_at, held_records.c.record)
    )
    return [str(record) for record in found.scalars()]


def jobs_of_batch(transaction: Transaction, batch: str) -> list[Job]:
    """Read the jobs of one batch, in the order of their numbers."""
    return [
        _job(row)
        for row in transaction.execute(select(jobs).where(jobs.c.batch == batch).order_by(jobs.c.id))
    ]


def next_queued(transaction: Transaction) -> Job | None:
    """The job whose turn it is: lowest priority number first, then the oldest; none of a paused batch."""
    row = transaction.execute(
        select(jobs).where(_runnable()).order_by(jobs.c.priority, jobs.c.id).limit(1)
    ).first()
    return _job(row) if row else None


def count_runnable(transaction: Transaction) -> int:
    """How many jobs are in the queue and not held by a paused batch."""
    return int(transaction.execute(select(func.count()).select_from(jobs).where(_runnable())).scalar_one())


def _runnable() -> ColumnElement[bool]:
    paused = select(batches.c.name).where(batches.c.paused == 1)
    return and_(jobs.c.state == JobState.QUEUED, or_(jobs.c.batch.is_(None), jobs.c.batch.not_in(paused)))


def count_jobs(transaction: Transaction, state: JobState) -> int:
    """How many jobs are in a state."""
    return int(
        transaction.execute(select(func.count()).select_from(jobs).where(jobs.c.state == state)).scalar_one()
    )


def count_purpose(transaction: Transaction, purpose: JobPurpose) -> int:
    """How many jobs were ever added for a purpose."""
    return int(
        transaction.execute(
            select(func.count()).select_from(jobs).where(jobs.c.purpose == purpose)
        ).scalar_one()
    )


def set_job_state(transaction: Transaction, number: int, state: JobState, lane: str | None = None) -> None:
    """Cache a job's state, and the lane that works on it."""
    transaction.execute(update(jobs).where(jobs.c.id == number).values(state=state, lane=lane))


def open_attempt_of_lane(transaction: Transaction, lane: str) -> Attempt | None:
    """The attempt that a lane has begun and not closed."""
    row = transaction.execute(
        select(attempts).where(attempts.c.lane == lane, attempts.c.state == AttemptState.OPEN)
    ).first()
    return _attempt(row) if row else None


def out_of_hopper(transaction: Transaction, lane: str) -> tuple[str, ...]:
    """The blanks booked in a lane that are no longer in its hopper: loaded, and not yet booked out.

    Each is named by its UID, or by its attempt while the UID is not known.
    """
    loaded = exists().where(
        journal.c.attempt == attempts.c.id,
        journal.c.name.in_(("load", "load_unknown")),
        journal.c.outcome == Outcome.DONE,
    )
    return _blanks_of_attempts(transaction, lane, loaded)


def out_of_reach(transaction: Transaction, lane: str) -> tuple[str, ...]:
    """Those that are no longer in the hopper, and those of which nobody knows yet: a load that was begun."""
    settled = journal.alias("settled")
    undone = exists().where(
        and_(settled.c.intent == journal.c.sequence, settled.c.outcome == Outcome.NOT_DONE)
    )
    begun = exists().where(
        journal.c.attempt == attempts.c.id,
        journal.c.kind == RowKind.INTENT,
        journal.c.name == "load",
        ~undone,
    )
    return _blanks_of_attempts(transaction, lane, begun)


def _blanks_of_attempts(transaction: Transaction, lane: str, taken: ColumnElement[bool]) -> tuple[str, ...]:
    found = transaction.execute(
        select(attempts.c.id, attempts.c.card)
        .where(
            attempts.c.lane == lane,
            attempts.c.state.in_((AttemptState.OPEN, AttemptState.CHECKING)),
            or_(attempts.c.card.is_not(None), taken),
        )
        .order_by(attempts.c.id)
    )
    return tuple(row.card or _unnamed(row.id) for row in found)


def blank_of(attempt: Attempt) -> str:
    """The name of an attempt's blank: its UID, or its attempt while the UID is not known."""
    return attempt.card or _unnamed(attempt.id)


def _unnamed(attempt: int) -> str:
    return f"attempt {attempt}"


def find_attempt(transaction: Transaction, number: int) -> Attempt | None:
    """Read one attempt by its id."""
    row = transaction.execute(select(attempts).where(attempts.c.id == number)).first()
    return _attempt(row) if row else None


def attempts_of_job(transaction: Transaction, job: int) -> list[Attempt]:
    """Read the attempts of a job, oldest first."""
    return [
        _attempt(row)
        for row in transaction.execute(
            select(attempts).where(attempts.c.job == job).order_by(attempts.c.number)
        )
    ]


def attempts_of_card(transaction: Transaction, card: str) -> list[Attempt]:
    """Read the attempts that a card was bound to, oldest first."""
    return [
        _attempt(row)
        for row in transaction.execute(
            select(attempts).where(attempts.c.card == card).order_by(attempts.c.id)
        )
    ]


def insert_attempt(transaction: Transaction, job: int, lane: str) -> Attempt:
    """Open the next attempt of a job."""
    number = (
        int(
            transaction.execute(
                select(func.count()).select_from(attempts).where(attempts.c.job == job)
            ).scalar_one()
        )
        + 1
    )
    result = transaction.execute(
        insert(attempts)
        .values(job=job, number=number, lane=lane, state=AttemptState.OPEN)
        .returning(attempts.c.id)
    )
    return Attempt(int(result.scalar_one()), job, number, lane, AttemptState.OPEN, None, None, None)


def set_card(transaction: Transaction, attempt: int, card: str) -> None:
    """Bind a blank to an attempt."""
    transaction.execute(update(attempts).where(attempts.c.id == attempt).values(card=card))


def set_folder(transaction: Transaction, job: int, folder: str) -> None:
    """Say where a job's record lies."""
    transaction.execute(update(jobs).where(jobs.c.id == job).values(folder=folder))


def set_face(transaction: Transaction, attempt: int, face_sha256: str) -> None:
    """Keep the digest of the rendered face."""
    transaction.execute(update(attempts).where(attempts.c.id == attempt).values(face_sha256=face_sha256))


def working_job_of_lane(transaction: Transaction, lane: str) -> Job | None:
    """The job that a lane works on, if it has one."""
    row = transaction.execute(
        select(jobs).where(jobs.c.state == JobState.WORKING, jobs.c.lane == lane)
    ).first()
    return _job(row) if row else None


def set_attempt_state(
    transaction: Transaction, attempt: int, state: AttemptState, cause: str | None = None
) -> None:
    """Set how an attempt stands; the database keeps a closed one closed."""
    transaction.execute(update(attempts).where(attempts.c.id == attempt).values(state=state, cause=cause))
