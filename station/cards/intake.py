"""Adding jobs: a record folder or a held record becomes a job in the queue, or is refused with the reason."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from station.cards import store
from station.cards.closing import close_untouched
from station.cards.content import chip_content
from station.cards.faces import FacePainter
from station.cards.source import HELD, FolderSource, RecordSource
from station.cards.store import Attempt, Job, JobPurpose, JobState
from station.clock import Clock, timestamp
from station.database import Database, Transaction
from station.errors import Refused, StationError
from station.gate.gate import Candidate, Gate, require_printable
from station.journal.store import Journal, Place
from station.ports import StationKeys
from station.records.nik import nik_warnings
from station.records.record import Record
from station.restoration import store as restorations

FEMALE = "PEREMPUAN"


class JobAdded(BaseModel):
    """Payload: which record and issue a job is for, and what looked odd about it.

    With the turn, purpose and batch a job can be rebuilt from its row when a backup is restored.
    """

    model_config = ConfigDict(frozen=True)

    record: str
    issue: int
    record_sha256: str
    warnings: tuple[str, ...] = ()
    priority: int = 0
    purpose: JobPurpose = JobPurpose.CARD
    batch: str | None = None


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
        self,
        database: Database,
        journal: Journal,
        clock: Clock,
        keys: StationKeys,
        painter: FacePainter,
        gate: Gate,
        source: RecordSource | None = None,
    ) -> None:
        self._database, self._journal, self._clock = database, journal, clock
        self._keys, self._painter, self._gate = keys, painter, gate
        self._source = source or FolderSource()

    def add(self, folder: Path, order: Order) -> tuple[Job, StationError | None, tuple[str, ...]]:
        """Add one record folder; return its job, the refusal if there was one, and warnings.

        A record that the gate or the card refuses is kept as a refused job, so that it is accounted for.

        Raises:
            InputFault: the folder is no record at all: there is nothing to account for.
            Refused: PERSON_HAS_CARD, CARD_SINCE_BACKUP.
        """
        lies = str(folder.resolve())
        return self._take(self._source.read("", lies), lies, order)

    def add_held(self, record: str, order: Order) -> tuple[Job, StationError | None, tuple[str, ...]]:
        """Add a record that the station holds; return as `add`.

        Raises:
            Refused: RECORD_NOT_HELD, RECORD_ERASED, PERSON_HAS_CARD.
            InputFault: it is broken: there is nothing to account for.
            DeviceAbsent: the token cannot unwrap its key.
        """
        return self._take(self._source.read(record, HELD), HELD, order)

    def _take(
        self, record: Record, folder: str, order: Order
    ) -> tuple[Job, StationError | None, tuple[str, ...]]:
        person = self._keys.person_key(record.data.nik)
        refusal, warnings = self._examine(record, order)
        with self._database.transaction() as transaction:
            restorations.require_no_card(transaction, person, record.data.issue_number)
            rival = store.live_job(transaction, person, record.data.issue_number)
            if rival is not None and self._finds_record(transaction, rival, record, folder):
                return rival, None, warnings
            if rival is not None:
                raise Refused("PERSON_HAS_CARD", issue=record.data.issue_number, job=rival.id)
            number = self._insert(transaction, folder, record, person, order, refusal, warnings)
            job = store.find_job(transaction, number)
        if job is None:
            raise LookupError("the job that was just added is not there")
        return job, refusal, warnings

    def _finds_record(self, transaction: Transaction, job: Job, record: Record, folder: str) -> bool:
        """After a restore: where the record of a job lies that was added after the backup is in no journal.

        Whoever adds the same record again says so, and the job goes on with it.
        """
        is_same = (job.record, job.record_sha256) == (record.data.record_id, record.sha256)
        is_lost = job.folder == HELD and folder != HELD and job.state is not JobState.READY
        if not (is_same and is_lost and restorations.latest(transaction)):
            return False
        store.set_folder(transaction, job.id, folder)
        self._journal.event(transaction, "job_record_found", None, Place(job=job.id, person=job.person))
        return True

    def _examine(self, record: Record, order: Order) -> tuple[StationError | None, tuple[str, ...]]:
        """Find everything that would stop this record later, before a blank is used."""
        data = record.data
        try:
            warnings = nik_warnings(data.nik, data.birth_date, data.sex == FEMALE)
            warnings += tuple(warning.code for warning in self._painter.warnings(record))
            chip_content(record)
            with self._database.reading() as transaction:
                pass_gate(transaction, self._gate, record, order.purpose)
        except StationError as error:
            return error, ()
        return None, warnings

    def _insert(
        self,
        transaction: Transaction,
        folder: str,
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
            folder=folder,
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
                warnings=warnings,
                priority=order.priority,
                purpose=order.purpose,
                batch=order.batch,
            ),
            place,
        )
        if refusal:
            self._journal.event(
                transaction, "job_refused", JobRefused(code=refusal.code, explanation=str(refusal)), place
            )
        return number


def pass_gate(transaction: Transaction, gate: Gate, record: Record, purpose: JobPurpose) -> None:
    """Let a record through the gate; a specimen is nobody's card, and has no centre.

    Raises:
        Refused: as the gate.
    """
    if purpose is JobPurpose.SPECIMEN:
        require_printable(record.data.status)
    else:
        gate.require_printable(
            transaction, Candidate(record.data.record_id, record.sha256, record.data.status)
        )


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
