"""The trail of one person's data: what the station holds, did, sent, and who looked at it.

It holds no name, no NIK and no picture: the person is named by the HMAC of the NIK, as in the journal.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from station.cards import store as cards
from station.cards.store import Attempt, Job
from station.centre import store as centre
from station.database import Transaction
from station.intake import store as intakes
from station.journal import JournalRow
from station.letters import store as letters
from station.letters.store import Letter
from station.trail import store
from station.vault import store as vault
from station.vault.store import HeldRecord

JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class TrailArrival(_Model):
    """A bundle that has carried a record of the person, and what became of the record."""

    bundle: str
    sender: str
    at: str
    verdict: str
    code: str | None


class TrailRecord(_Model):
    """A record of the person. `centre_receipt` is the number of the centre's receipt."""

    record: str
    issue: int
    content_hash: str
    received_at: str
    origin: str
    local_status: str
    centre_status: str | None
    centre_status_at: str | None
    delivery: str | None
    centre_receipt: int | None
    centre_receipt_at: str | None
    erased_at: str | None
    arrivals: tuple[TrailArrival, ...]


class TrailAttempt(_Model):
    """One try at the person's card. `card` is the chip's number."""

    number: int
    lane: str
    state: str
    card: str | None
    cause: str | None


class TrailJob(_Model):
    """A card job of the person."""

    job: int
    record: str
    issue: int
    purpose: str
    state: str
    added_at: str
    attempts: tuple[TrailAttempt, ...]


class TrailLetter(_Model):
    """A substitute letter of the person, or a number that was taken for one. `has_file`: it can be read."""

    number: str
    record: str
    reason: str
    issued_on: str
    valid_until: str
    state: str
    cause: str | None
    has_file: bool
    erased_at: str | None


class TrailRow(_Model):
    """One row of the journal: what was done, when, by whom."""

    row: int
    at: str
    kind: str
    name: str
    job: int | None
    lane: str | None
    outcome: str | None
    by: str | None
    details: JsonValue


class Trail(_Model):
    """All of it. Format `trail/1` (docs/reference/vault.md)."""

    format: Literal["trail/1"] = "trail/1"
    person: str
    made_at: str
    records: tuple[TrailRecord, ...]
    jobs: tuple[TrailJob, ...]
    letters: tuple[TrailLetter, ...]
    rows: tuple[TrailRow, ...]


def trail_of(transaction: Transaction, person: str, made_at: str) -> Trail:
    """Collect the trail of a person.

    Args:
        transaction: one look at the whole.
        person: HMAC of the NIK, hexadecimal.
        made_at: ISO 8601, UTC.
    """
    own = store.jobs_of_person(transaction, person)
    return Trail(
        person=person,
        made_at=made_at,
        records=tuple(_record(transaction, held) for held in vault.of_person(transaction, person)),
        jobs=tuple(_job(job, cards.attempts_of_job(transaction, job.id)) for job in own),
        letters=tuple(_letter(letter) for letter in letters.of_person(transaction, person)),
        rows=tuple(_row(row) for row in store.rows_about(transaction, person, own)),
    )


def _record(transaction: Transaction, held: HeldRecord) -> TrailRecord:
    delivery = centre.of_record(transaction, held.record)
    arrivals = intakes.came_from(transaction, held.record)
    return TrailRecord(
        record=held.record,
        issue=held.issue,
        content_hash=held.content_hash,
        received_at=held.received_at,
        origin=held.origin,
        local_status=held.local_status,
        centre_status=held.centre_status,
        centre_status_at=held.centre_status_at,
        delivery=delivery.state.value if delivery else None,
        centre_receipt=delivery.receipt_number if delivery else None,
        centre_receipt_at=delivery.receipt_at if delivery else None,
        erased_at=held.erased_at,
        arrivals=tuple(
            TrailArrival(
                bundle=intake.bundle,
                sender=intake.sender,
                at=verdict.at,
                verdict=verdict.verdict.value,
                code=verdict.code,
            )
            for intake, verdict in arrivals
        ),
    )


def _job(job: Job, attempts: Sequence[Attempt]) -> TrailJob:
    return TrailJob(
        job=job.id,
        record=job.record,
        issue=job.issue,
        purpose=job.purpose.value,
        state=job.state.value,
        added_at=job.created_at,
        attempts=tuple(
            TrailAttempt(
                number=one.number, lane=one.lane, state=one.state.value, card=one.card, cause=one.cause
            )
            for one in attempts
        ),
    )


def _letter(letter: Letter) -> TrailLetter:
    return TrailLetter(
        number=letter.number,
        record=letter.record,
        reason=letter.reason,
        issued_on=letter.issued_on,
        valid_until=letter.valid_until,
        state=letter.state.value,
        cause=letter.cause,
        has_file=letter.wrapped_key is not None,
        erased_at=letter.erased_at,
    )


def _row(row: JournalRow) -> TrailRow:
    return TrailRow(
        row=row.sequence,
        at=row.at,
        kind=row.kind.value,
        name=row.name,
        job=row.job,
        lane=row.lane,
        outcome=row.outcome.value if row.outcome else None,
        by=row.signed_by,
        details=JSON.validate_json(row.payload),
    )
