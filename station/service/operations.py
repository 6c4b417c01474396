"""What a command changes in the station: the same function, in this process or in the one that runs.

An operation takes a pydantic model and gives one back, so that it can cross the control socket.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

from station.blanks import store as blanks
from station.blanks.ledger import Account, BlankMove
from station.cards.hopper import require_in_hopper
from station.cards.intake import Order
from station.cards.questions import AFTER_THE_MAKING
from station.cards.store import JobState, open_attempt_of_lane
from station.errors import Refused, StationError
from station.handover.book import HandoverBook
from station.journal.store import NOWHERE, Place, open_questions
from station.lanes import store as lanes
from station.office import Office
from station.staff import store as staff


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ErrorReport(_Model):
    """An error as it crosses the socket; `kind` is the class that carries the exit status."""

    kind: str
    code: str
    values: dict[str, str]
    details: str = ""
    reasons: tuple[str, ...] = ()

    @classmethod
    def of(cls, error: StationError) -> "ErrorReport":
        """Describe an error."""
        return cls(
            kind=type(error).__name__,
            code=error.code,
            details=error.details,
            reasons=error.reasons,
            values={name: str(value) for name, value in error.values.items()},
        )


class AddJob(_Model):
    """Add a record folder or a held record to the queue, alone or in a batch."""

    folder: Path | None = None
    record: str | None = None
    priority: int
    batch: str | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "AddJob":
        if (self.folder is None) == (self.record is None):
            raise ValueError("a job is made of a folder or of a held record")
        return self


class AddedJob(_Model):
    """The job, its refusal if the gate or the card refused it, and warnings."""

    job: int
    record: str
    state: JobState
    refusal: ErrorReport | None
    warnings: tuple[str, ...]


class AnswerQuestion(_Model):
    """Answer an open question."""

    question: int
    verdict: str
    by: str
    reason: str


class AnsweredQuestion(_Model):
    """The state of the question's job after the answer."""

    state: JobState | None


class ClearLane(_Model):
    """Clear a broken lane."""

    lane: str
    by: str
    reason: str


class MoveBlanks(_Model):
    """Book blanks from one account to another."""

    move: BlankMove
    by: str | None = None


class SignHead(_Model):
    """Sign the journal's last row."""


class Done(_Model):
    """It is done."""

    done: bool = True


def add_job(office: Office, request: AddJob) -> AddedJob:
    """Add a record folder or a held record to the queue, or keep it as refused with the reason."""
    order = Order(request.priority, batch=request.batch)
    if request.folder is not None:
        job, refusal, warnings = office.intake().add(request.folder, order)
    else:
        job, refusal, warnings = office.intake().add_held(request.record or "", order)
    return AddedJob(
        job=job.id,
        record=job.record,
        state=job.state,
        warnings=warnings,
        refusal=ErrorReport.of(refusal) if refusal else None,
    )


def answer_question(office: Office, request: AnswerQuestion) -> AnsweredQuestion:
    """Answer an open question; one about a handover leaves its job as it is: ready."""
    with office.database.reading() as transaction:
        asked = next((row for row in open_questions(transaction) if row.sequence == request.question), None)
    if asked is not None and asked.name in AFTER_THE_MAKING:
        book = HandoverBook(office.database, office.journal, office.clock)
        book.answer(request.question, request.verdict, request.by, request.reason)
        return AnsweredQuestion(state=JobState.READY)
    return AnsweredQuestion(
        state=office.answering().answer(request.question, request.verdict, request.by, request.reason)
    )


def clear_lane(office: Office, request: ClearLane) -> Done:
    """Clear a broken lane, by a person and with a reason."""
    office.require_lane(request.lane)
    if not request.reason.strip():
        raise Refused("REASON_MISSING")
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        attempt = open_attempt_of_lane(transaction, request.lane)
        place = Place(request.lane, attempt.job if attempt else None, attempt.id if attempt else None)
        lanes.clear(transaction, office.clock, office.journal, place, request.by, request.reason.strip())
    return Done()


def move_blanks(office: Office, request: MoveBlanks) -> Done:
    """Book blanks from one account to another."""
    for lane in (request.move.source_lane, request.move.target_lane):
        if lane:
            office.require_lane(lane)
    with office.database.transaction() as transaction:
        if request.by is not None:
            staff.require(transaction, request.by)
        if request.move.source is Account.IN_MACHINE:
            require_in_hopper(transaction, request.move.source_lane, request.move.quantity)
        blanks.book(transaction, office.journal, request.move, NOWHERE, request.by)
    return Done()


def sign_head(office: Office, request: SignHead) -> Done:
    """Sign the journal's last row."""
    office.seal().sign()
    return Done()


def receive_blanks(carton: str, count: int, by: str) -> MoveBlanks:
    """The booking of a carton that came in."""
    return MoveBlanks(
        move=BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=count, cause=carton), by=by
    )


def load_blanks(lane: str, count: int, by: str) -> MoveBlanks:
    """The booking of blanks put into a hopper."""
    return MoveBlanks(
        move=BlankMove(source=Account.STOCK, target=Account.IN_MACHINE, target_lane=lane, quantity=count),
        by=by,
    )


def unload_blanks(lane: str, count: int, by: str) -> MoveBlanks:
    """The booking of blanks taken out of a hopper."""
    return MoveBlanks(
        move=BlankMove(source=Account.IN_MACHINE, source_lane=lane, target=Account.STOCK, quantity=count),
        by=by,
    )
