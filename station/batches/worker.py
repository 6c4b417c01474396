"""The worker of one lane: takes the next job, runs its attempts, latches on what it does not understand."""

from dataclasses import dataclass

from station.cards import store
from station.cards.attempt import AttemptEnd, AttemptRun
from station.cards.closing import CHIP_CAUSES
from station.cards.content import chip_content
from station.cards.faces import FacePainter
from station.cards.intake import pass_gate, refuse_job
from station.cards.progress import Condemned
from station.cards.questions import QuestionEvidence
from station.cards.source import FolderSource, RecordSource
from station.cards.store import Attempt, Job, JobState
from station.database import Transaction
from station.errors import ChipFault, DeviceAbsent, InputFault, LaneLatched, Refused, StationError
from station.journal.store import Place, latest_events, open_questions
from station.lanes import store as lane_store
from station.lanes.tools import DeviceWait, LaneTools, StopRequested, ask_printer
from station.lanes.witness import note_counters
from station.language import marked
from station.outage.store import require_printing_permitted
from station.ports import PrinterIdentity
from station.records.record import Record
from station.restoration import store as restorations

IDLE = 0.3


@dataclass
class LaneTally:
    """What a lane has done since it was started."""

    ready: int = 0
    spoiled: int = 0
    refused: int = 0


class LaneWorker:
    """Makes cards on one lane, one after the other. One thread runs it."""

    def __init__(self, tools: LaneTools, painter: FacePainter, source: RecordSource | None = None) -> None:
        self._tools, self._painter = tools, painter
        self._source = source or FolderSource()
        self._printer: PrinterIdentity | None = None
        self.tally = LaneTally()

    def run_batch(self, limit: int | None = None) -> None:
        """Work until the queue is empty, `limit` jobs were begun, or only persons can help.

        Raises:
            LaneLatched: LANE_BROKEN.
            StopRequested: the lane is to stop.
        """
        begun = 0
        while True:
            work = self._next_work(take=limit is None or begun < limit)
            if work is None:
                return
            job, attempt, fresh = work
            begun += fresh
            self._work(job, attempt)

    def run_forever(self) -> None:
        """Work, and wait for work, until `stop` is set. A broken lane waits for the person who clears it."""
        said = ""
        while not self._tools.stop.is_set():
            try:
                self.run_batch()
                said = ""
            except LaneLatched:
                pass  # shown and written when it latched; a person clears it
            except StopRequested:
                return
            except StationError as error:  # the database fails: nothing moves that cannot be written down
                if str(error) != said:
                    said, lane = str(error), self._tools.name
                    self._tools.say(marked("Lane {lane} waits for somebody."), None, error, {"lane": lane})
            self._tools.clock.sleep(IDLE)

    def _next_work(self, *, take: bool) -> tuple[Job, Attempt, bool] | None:
        """The attempt to go on with, or a fresh one of this lane's job or of the next job in the queue."""
        name = self._tools.name
        self._stand_by_after_restore()
        with self._tools.database.transaction() as transaction:
            status = lane_store.status(transaction, name)
            if status.state is lane_store.LaneState.BROKEN:
                code, _, _ = (status.cause or "").partition(":")
                raise LaneLatched("LANE_BROKEN", lane=name, cause=code, details=status.cause or "")
            attempt = store.open_attempt_of_lane(transaction, name)
            if attempt is not None:
                if any(question.attempt == attempt.id for question in open_questions(transaction)):
                    return None  # a card may still be in the path
                job = store.find_job(transaction, attempt.job)
                if job is not None and restorations.asks_about(transaction, job.id):
                    self._ask_whether_made(transaction, job, attempt)
                    return None
                return (job, attempt, False) if job else None
            job = store.working_job_of_lane(transaction, name)
            fresh = job is None
            if job is None and take:
                job = store.next_queued(transaction)
            while job is not None and restorations.asks_about(transaction, job.id):
                self._ask_whether_made(transaction, job, None)
                job, fresh = store.next_queued(transaction) if take else None, True
            if job is None:
                return None
            self._tools.require_room()
            require_printing_permitted(transaction)
            store.set_job_state(transaction, job.id, JobState.WORKING, name)
            attempt = store.insert_attempt(transaction, job.id, name)
            place = Place(name, job.id, attempt.id, job.person)
            self._tools.journal.event(transaction, "attempt_opened", None, place)
        return job, attempt, fresh

    def _stand_by_after_restore(self) -> None:
        """Note the printer's counters, and do nothing else until people have released the station.

        Raises:
            Refused: RESTORE_HOLDS.
        """
        with self._tools.database.reading() as transaction:
            held = restorations.held(transaction)
        if held is not None:
            note_counters(self._tools, held)
            raise Refused("RESTORE_HOLDS", backup=held.backup)

    def _ask_whether_made(self, transaction: Transaction, job: Job, attempt: Attempt | None) -> None:
        """Cards were made after the backup that nothing explains: this may be one of them."""
        place = Place(self._tools.name, job.id, attempt.id if attempt else None, job.person)
        evidence = QuestionEvidence(card=attempt.card if attempt else None)
        self._tools.journal.question(transaction, restorations.MADE_QUESTION, evidence, place)
        store.set_job_state(transaction, job.id, JobState.WAITING, self._tools.name)

    def _work(self, job: Job, attempt: Attempt) -> None:
        place = Place(self._tools.name, job.id, attempt.id, job.person)
        try:
            record = self._gate(job, attempt)
            if record is not None:
                self._count(self._run(job, attempt, record))
            self._seal(job)
        except StopRequested:
            raise
        except StationError as error:
            self._latch(place, error)
        except Exception as error:  # the one place where the undefined is caught: it latches the lane
            self._latch(
                place, StationError("UNDEFINED", cause=type(error).__name__, details=str(error)), error
            )

    def _seal(self, job: Job) -> None:
        """Sign the journal's head; where the token is away, the next head covers these rows too."""
        try:
            self._tools.seal()
        except DeviceAbsent as error:
            self._tools.say(marked("The journal's head could not be signed."), job.id, error)

    def _gate(self, job: Job, attempt: Attempt) -> Record | None:
        """Step 1: the record is print-ready and can become a card. A fault of the input refuses the job."""
        try:
            record = self._read(job, attempt)
            if record.sha256 != job.record_sha256:
                raise InputFault("RECORD_CHANGED")
            with self._tools.database.reading() as transaction:
                pass_gate(transaction, self._tools.gate, record, job.purpose)
        except (InputFault, Refused) as error:
            if attempt.face_sha256 is not None:
                raise  # a blank may be in the path: this is not a refusal any more
            self._refuse(job, attempt, error)
            return None
        return record

    def _read(self, job: Job, attempt: Attempt) -> Record:
        """Read the job's record; wait while the token that unwraps its key is away."""
        wait = DeviceWait(self._tools, Place(self._tools.name, job.id, attempt.id, job.person))
        while True:
            try:
                record = self._source.read(job.record, job.folder)
            except DeviceAbsent as error:
                wait.go_on(error)
            else:
                wait.end()
                return record

    def _run(self, job: Job, attempt: Attempt, record: Record) -> AttemptEnd | None:
        """Step 2 renders; the steps from 3 on are the attempt's."""
        printer = self._identify(Place(self._tools.name, job.id, attempt.id, job.person))
        try:
            face, content = self._painter.paint(record, printer), chip_content(record)
        except InputFault as error:
            if attempt.face_sha256 is not None:
                raise
            self._refuse(job, attempt, error)
            return None
        self._tools.say(
            marked("Job {job}: begun on lane {lane}, try {number}."),
            job.id,
            values={"job": job.id, "lane": self._tools.name, "number": attempt.number},
        )
        return AttemptRun(self._tools, job, attempt, content, face).run()

    def _identify(self, place: Place) -> PrinterIdentity:
        """Ask the printer what it is, once; wait for it while it is away."""
        if self._printer is None:
            self._printer = ask_printer(self._tools, place, self._tools.printer.identify)
        return self._printer

    def _count(self, end: AttemptEnd | None) -> None:
        if end is AttemptEnd.SPOILED:
            self._stop_wasting_blanks()
        self.tally.ready += end is AttemptEnd.READY
        self.tally.spoiled += end is AttemptEnd.SPOILED

    def _stop_wasting_blanks(self) -> None:
        """Chip after chip that fails is no fault of the chips: a dead reader must not eat the hopper.

        Raises:
            ChipFault: CHIP_FAULTS_IN_A_ROW.
        """
        most = self._tools.policy.chip_faults_in_a_row
        with self._tools.database.reading() as transaction:
            rows = latest_events(
                transaction, self._tools.name, ("card_spoiled", "card_ready", "lane_cleared"), most
            )
        faults = [
            row
            for row in rows
            if row.name == "card_spoiled" and Condemned.model_validate_json(row.payload).cause in CHIP_CAUSES
        ]
        if len(faults) >= most:
            raise ChipFault("CHIP_FAULTS_IN_A_ROW", count=most, lane=self._tools.name)

    def _refuse(self, job: Job, attempt: Attempt, error: StationError) -> None:
        with self._tools.database.transaction() as transaction:
            refuse_job(transaction, self._tools.journal, job, attempt, error)
        self.tally.refused += 1
        self._tools.say(marked("Job {job} is refused."), job.id, error, {"job": job.id})

    def _latch(self, place: Place, error: StationError, cause: Exception | None = None) -> None:
        with self._tools.database.transaction() as transaction:
            lane_store.latch(transaction, self._tools.clock, self._tools.journal, place, str(error))
        self._tools.say(
            marked("Lane {lane} is latched: nothing moves until a person clears it."),
            place.job,
            error,
            {"lane": self._tools.name},
        )
        raise LaneLatched("LANE_BROKEN", lane=self._tools.name, cause=error.code, details=str(error)) from (
            cause or error
        )
