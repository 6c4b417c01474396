"""How an attempt ends: as a ready card, or as a spoiled blank. Each in one transaction."""

from station.blanks import store as blanks
from station.blanks.ledger import Account, BlankMove
from station.cards import store
from station.cards.progress import Condemned
from station.cards.questions import QuestionEvidence
from station.cards.store import Attempt, AttemptState, Job, JobPurpose, JobState
from station.centre import store as centre
from station.centre.messages import CardMessage, Topic
from station.clock import Clock
from station.database import Transaction
from station.journal.store import Journal, Place

CHIP_CAUSES = frozenset(
    {"chip_readback", "chip_write", "chip_silent", "chip_lock", "no_chip", "foreign_card", "load_jam"}
)


def place_of(job: Job, attempt: Attempt) -> Place:
    """Where the rows of an attempt belong."""
    return Place(lane=attempt.lane, job=job.id, attempt=attempt.id, person=job.person)


def message_of(job: Job, card: str, cause: str | None = None) -> CardMessage:
    """What the centre is told of a card of a job."""
    return CardMessage(card=card, record=job.record, issue=job.issue, person=job.person, cause=cause)


def close_ready(transaction: Transaction, journal: Journal, clock: Clock, job: Job, attempt: Attempt) -> None:
    """Book a card as issued, and queue the message to the centre in the same transaction.

    A specimen is nobody's card: its blank is spoiled, and the centre hears nothing of it.
    """
    place = place_of(job, attempt)
    row = journal.event(transaction, "card_ready", None, place)
    store.set_attempt_state(transaction, attempt.id, AttemptState.READY)
    store.set_job_state(transaction, job.id, JobState.READY, attempt.lane)
    specimen = job.purpose is JobPurpose.SPECIMEN
    blanks.book(
        transaction,
        journal,
        BlankMove(
            source=Account.IN_MACHINE,
            source_lane=attempt.lane,
            card=attempt.card,
            target=Account.SPOILED if specimen else Account.ISSUED,
            cause="specimen" if specimen else None,
        ),
        place,
    )
    if attempt.card and not specimen:
        centre.queue(transaction, clock, row, Topic.CARD_ISSUED, message_of(job, attempt.card))


def close_spoiled(
    transaction: Transaction,
    journal: Journal,
    clock: Clock,
    job: Job,
    attempt: Attempt,
    condemned: Condemned,
    *,
    locked: bool,
    blanks_per_job: int,
) -> JobState:
    """Book a blank as spoiled; the job takes another, or a person is asked. Return the job's state.

    A chip fault lets the job take another blank by itself, up to the limit; a spoiled print never does. A
    card whose chip was locked carries a working identity: it is void, and the centre is told.
    """
    place = place_of(job, attempt)
    row = journal.event(transaction, "card_spoiled", condemned, place)
    store.set_attempt_state(transaction, attempt.id, AttemptState.SPOILED, condemned.cause)
    blanks.book(
        transaction,
        journal,
        BlankMove(
            source=Account.IN_MACHINE,
            source_lane=attempt.lane,
            target=Account.SPOILED,
            card=attempt.card,
            cause=condemned.cause,
        ),
        place,
    )
    if locked and attempt.card:
        centre.queue(transaction, clock, row, Topic.CARD_VOID, message_of(job, attempt.card, condemned.cause))
    spoiled = sum(one.state is AttemptState.SPOILED for one in store.attempts_of_job(transaction, job.id))
    if condemned.cause in CHIP_CAUSES and spoiled < blanks_per_job:
        return _set(transaction, job, JobState.WORKING, attempt.lane)
    journal.question(
        transaction,
        "print_again",
        QuestionEvidence(card=attempt.card, cause=condemned.cause),
        Place(lane=attempt.lane, job=job.id, person=job.person),
    )
    return _set(transaction, job, JobState.WAITING, attempt.lane)


def close_untouched(
    transaction: Transaction, journal: Journal, job: Job, attempt: Attempt, cause: str
) -> None:
    """Close an attempt that used no blank; the job takes another try."""
    journal.event(
        transaction, "attempt_not_done", Condemned(cause=cause, evidence=""), place_of(job, attempt)
    )
    store.set_attempt_state(transaction, attempt.id, AttemptState.NOT_DONE, cause)


def _set(transaction: Transaction, job: Job, state: JobState, lane: str) -> JobState:
    store.set_job_state(transaction, job.id, state, lane)
    return state
