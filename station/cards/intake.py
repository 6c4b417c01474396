"""Adding jobs: a record folder becomes a job in the queue, or is refused with the reason."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from station.cards import store
from station.cards.closing import close_untouched
from station.cards.content import chip_content
from station.cards.faces import FacePainter
from station.cards.store import Attempt, Job, JobPurpose, JobState
from station.clock import Clock, timestamp
from station.database import Database, Transaction
from station.errors import Refused, StationError
from station.gate.gate import require_printable
from station.journal.store import Journal, Place
from station.ports import StationKeys
from station.records.folder import read_record
from station.records.nik import nik_warnings
from station.records.record import Record

FEMALE = "PEREMPUAN"


class JobAdded(BaseModel):
    """Payload: which record and issue a job is for, what it makes, and what looked odd about it."""

    model_config = ConfigDict(frozen=True)

    record: str
    issue: int
    record_sha256: str
    purpose: JobPurpose | None = None  # rows of older programs do not tell
    warnings: tuple[str, ...] = ()


class JobRefused(BaseModel):
    """Payload: why a job was refused. Codes and fields only."""

    model_config = ConfigDict(frozen=True)

    code: str
    explanation: str


@dataclass(frozen=True)
class Order:
    """How a record is to be made: its turn, what for, and the batch that it belongs to."""

    priority: int
    purpose: JobPurpose = JobPurpose.CARD
    batch: str | None = None


class Intake:
    """Takes records into the queue."""

    def __init__(
        self, database: Database, journal: Journal, clock: Clock, keys: StationKeys, painter: FacePainter
    ) -> None:
        self._database, self._journal, self._clock = database, journal, clock
        self._keys, self._painter = keys, painter

    def add(self, folder: Path, order: Order) -> tuple[Job, StationError | None, tuple[str, ...]]:
        """Add one record; return its job, the refusal if there was one, and warnings.

        A record that the gate or the card refuses is kept as a refused job, so that it is accounted for.

        Raises:
            InputFault: the folder is no record at all: there is nothing to account for.
            Refused: PERSON_HAS_CARD.
        """
        record = read_record(folder)
        person = self._keys.person_key(record.data.nik)
        refusal, warnings = self._examine(record)
        with self._database.transaction() as transaction:
            rival = store.live_job(transaction, person, record.data.issue_number)
            if rival is not None:
                raise Refused("PERSON_HAS_CARD", issue=record.data.issue_number, job=rival.id)
            number = self._insert(transaction, folder, record, person, order, refusal, warnings)
            job = store.find_job(transaction, number)
        if job is None:
            raise LookupError("the job that was just added is not there")
        return job, refusal, warnings

    def _examine(self, record: Record) -> tuple[StationError | None, tuple[str, ...]]:
        """Find everything that would stop this record later, before a blank is used."""
        data = record.data
        try:
            require_printable(data.status)
            warnings = nik_warnings(data.nik, data.birth_date, data.sex == FEMALE)
            warnings += tuple(warning.code for warning in self._painter.warnings(record))
            chip_content(record)
        except StationError as error:
            return error, ()
        return None, warnings

    def _insert(
        self,
        transaction: Transaction,
        folder: Path,
        record: Record,
        person: str,
        order: Order,
        refusal: StationError | None,
        warnings: tuple[str, ...],
    ) -> int:
        issue = record.data.issue_number
        number = store.insert_job(
            transaction,
            record=record.data.record_id,
            folder=str(folder.resolve()),
            record_sha256=record.sha256,
            person=person,
            issue=issue,
            priority=order.priority,
            purpose=order.purpose,
            state=JobState.REFUSED if refusal else JobState.QUEUED,
            created_at=timestamp(self._clock.now()),
            batch=order.batch,
        )
        place = Place(job=number, person=person)
        self._journal.event(
            transaction,
            "job_added",
            JobAdded(
                record=record.data.record_id,
                issue=issue,
                record_sha256=record.sha256,
                purpose=order.purpose,
                warnings=warnings,
            ),
            place,
        )
        if refusal:
            self._journal.event(
                transaction, "job_refused", JobRefused(code=refusal.code, explanation=str(refusal)), place
            )
        return number


def refuse_job(
    transaction: Transaction, journal: Journal, job: Job, attempt: Attempt, error: StationError
) -> None:
    """Refuse a job whose record turned out not to be printable, before it used anything."""
    close_untouched(transaction, journal, job, attempt, error.code)
    journal.event(
        transaction,
        "job_refused",
        JobRefused(code=error.code, explanation=str(error)),
        Place(attempt.lane, job.id, attempt.id, job.person),
    )
    store.set_job_state(transaction, job.id, JobState.REFUSED)
