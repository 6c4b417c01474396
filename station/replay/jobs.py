"""What a journal row does to jobs and attempts."""

from pydantic import BaseModel, ConfigDict

from station.cards import store as cards
from station.cards.closing import message_of
from station.cards.intake import JobAdded
from station.cards.progress import Condemned, fold
from station.cards.questions import AFTER_THE_MAKING, QuestionEvidence
from station.cards.store import AttemptState, JobPurpose, JobState
from station.centre import store as centre
from station.centre.messages import Topic
from station.clock import Clock
from station.database import Transaction
from station.journal import JournalRow, Outcome, RowKind
from station.journal.store import rows_of_attempt
from station.replay import store
from station.restoration import store as restorations

STATES = {
    "job_refused": JobState.REFUSED,
    "job_queued": JobState.QUEUED,
    "job_given_up": JobState.GIVEN_UP,
}
# After these answers another row says what follows.
FOLLOWED_ANSWERS = frozenset({"print_again", "quality_check"})


class _Face(BaseModel):
    """The part of a print's intent that the attempt keeps."""

    model_config = ConfigDict(extra="ignore")

    face_sha256: str


def follow(transaction: Transaction, clock: Clock, row: JournalRow) -> None:
    """Do to jobs, attempts and the outbox what a row says, as the code that wrote it did."""
    if row.job is None:
        return
    if row.kind is RowKind.EVENT:
        _event(transaction, clock, row)
    elif row.kind is RowKind.INTENT and row.name == "print" and row.attempt:
        cards.set_face(transaction, row.attempt, _Face.model_validate_json(row.payload).face_sha256)
    elif row.kind is RowKind.INTENT and row.name == "load" and row.attempt:
        _keep_untold_face(transaction, row.attempt)
    elif row.name in AFTER_THE_MAKING:
        return
    elif row.kind is RowKind.QUESTION:
        cards.set_job_state(transaction, row.job, JobState.WAITING, row.lane)
        if row.name == "quality_check" and row.attempt:
            cards.set_attempt_state(transaction, row.attempt, AttemptState.CHECKING)
    elif row.kind is RowKind.ANSWER and row.name not in FOLLOWED_ANSWERS:
        cards.set_job_state(transaction, row.job, JobState.WORKING, row.lane)


def _keep_untold_face(transaction: Transaction, attempt: int) -> None:
    """A face is drawn before a blank is loaded; its digest is told when it is printed. It is not nothing."""
    known = cards.find_attempt(transaction, attempt)
    if known is not None and known.face_sha256 is None:
        cards.set_face(transaction, attempt, cards.UNTOLD_FACE)


def _event(transaction: Transaction, clock: Clock, row: JournalRow) -> None:
    job = row.job or 0
    if row.name == "job_added":
        store.put_job(transaction, row, JobAdded.model_validate_json(row.payload))
    elif row.name in STATES:
        cards.set_job_state(transaction, job, STATES[row.name])
        _note_made(transaction, row, job)
    elif row.name == "attempt_opened":
        store.put_attempt(transaction, row)
        cards.set_job_state(transaction, job, JobState.WORKING, row.lane)
    elif row.attempt is not None:
        _attempt_event(transaction, clock, row, job, row.attempt)


def _note_made(transaction: Transaction, row: JournalRow, job: int) -> None:
    """A card that a person has said was made before an earlier restore is a live card still."""
    known, restoration = cards.find_job(transaction, job), restorations.latest(transaction)
    if row.name != "job_given_up" or known is None or restoration is None:
        return
    if restorations.is_made(transaction, job):
        restorations.note_card(
            transaction,
            person=known.person,
            issue=known.issue,
            card=None,
            restoration=restoration.journal,
            row=row.sequence,
            source="person",
        )


def _attempt_event(transaction: Transaction, clock: Clock, row: JournalRow, job: int, attempt: int) -> None:
    if row.name == "card_bound":
        card = QuestionEvidence.model_validate_json(row.payload).card
        cards.set_card(transaction, attempt, card or "")
    elif row.name == "attempt_not_done":
        cause = Condemned.model_validate_json(row.payload).cause
        cards.set_attempt_state(transaction, attempt, AttemptState.NOT_DONE, cause)
    elif row.name == "card_ready":
        cards.set_attempt_state(transaction, attempt, AttemptState.READY)
        cards.set_job_state(transaction, job, JobState.READY, row.lane)
        _tell_centre(transaction, clock, row, Topic.CARD_ISSUED, None)
    elif row.name == "card_handed_over":
        _tell_centre(transaction, clock, row, Topic.CARD_HANDED_OVER, None)
    elif row.name == "card_spoiled":
        cause = Condemned.model_validate_json(row.payload).cause
        cards.set_attempt_state(transaction, attempt, AttemptState.SPOILED, cause)
        cards.set_job_state(transaction, job, JobState.WORKING, row.lane)
        lock = fold(rows_of_attempt(transaction, attempt)).outcomes.get("lock")
        if lock in (Outcome.DONE, Outcome.UNKNOWN):
            _tell_centre(transaction, clock, row, Topic.CARD_VOID, cause)


def _tell_centre(
    transaction: Transaction, clock: Clock, row: JournalRow, topic: Topic, cause: str | None
) -> None:
    """Queue the message again: it has the same content as the first one, so it never counts twice."""
    job = cards.find_job(transaction, row.job or 0)
    attempt = cards.find_attempt(transaction, row.attempt or 0)
    if job is None or attempt is None or attempt.card is None:
        return
    if job.purpose is JobPurpose.CARD or topic is Topic.CARD_VOID:
        centre.queue(transaction, clock, row.sequence, topic, message_of(job, attempt.card, cause))
