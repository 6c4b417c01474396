"""Answering questions: the verdict is a journal row; what follows is done in the same transaction."""

from station.cards import store
from station.cards.closing import close_ready, close_spoiled, close_untouched
from station.cards.progress import Condemned
from station.cards.questions import Answer, Verdict, verdict_of
from station.cards.store import Job, JobState
from station.clock import Clock
from station.database import Database, Transaction
from station.errors import Refused
from station.journal import JournalRow
from station.journal.store import Journal, Place, open_questions
from station.restoration import store as restorations
from station.restoration.store import MADE, MADE_QUESTION
from station.settings import PolicySettings
from station.staff import store as staff


class Answering:
    """Takes a person's answers."""

    def __init__(self, database: Database, journal: Journal, clock: Clock, policy: PolicySettings) -> None:
        self._database, self._journal, self._clock, self._policy = database, journal, clock, policy

    def answer(self, question: int, verdict: str, by: str, reason: str) -> JobState | None:
        """Answer one open question; return the state of its job.

        Raises:
            Refused: QUESTION_UNKNOWN, VERDICT_UNKNOWN, STAFF_UNKNOWN, REASON_MISSING.
        """
        if not reason.strip():
            raise Refused("REASON_MISSING")
        with self._database.transaction() as transaction:
            staff.require(transaction, by)
            row = next((row for row in open_questions(transaction) if row.sequence == question), None)
            if row is None or row.job is None:
                raise Refused("QUESTION_UNKNOWN", question=question)
            chosen = verdict_of(row, verdict)
            self._journal.answer(
                transaction, row, Answer(verdict=verdict, reason=reason.strip()), by, chosen.outcome
            )
            self._follow(transaction, row, verdict, chosen)
            job = store.find_job(transaction, row.job)
        return job.state if job else None

    def _follow(self, transaction: Transaction, row: JournalRow, code: str, verdict: Verdict) -> None:
        job = store.find_job(transaction, row.job or 0)
        if job is None:
            raise Refused("JOB_UNKNOWN", job=row.job)
        if row.name == "print_again":
            state = JobState.QUEUED if code == "print_again" else JobState.GIVEN_UP
            self._journal.event(transaction, f"job_{state}", None, Place(job=job.id, person=job.person))
            store.set_job_state(transaction, job.id, state)
        elif row.name == MADE_QUESTION:
            self._follow_made(transaction, job, row, is_made=code == MADE)
        elif row.name == "quality_check":
            attempt = store.find_attempt(transaction, row.attempt or 0)
            if attempt is None:
                raise Refused("QUESTION_UNKNOWN", question=row.sequence)
            if verdict.condemns is None:
                close_ready(transaction, self._journal, self._clock, job, attempt)
            else:
                close_spoiled(
                    transaction,
                    self._journal,
                    self._clock,
                    job,
                    attempt,
                    Condemned(cause=verdict.condemns, evidence="quality check"),
                    locked=True,
                    blanks_per_job=self._policy.blanks_per_job,
                )
        else:
            store.set_job_state(transaction, job.id, JobState.WORKING, row.lane)  # its lane goes on with it

    def _follow_made(self, transaction: Transaction, job: Job, row: JournalRow, *, is_made: bool) -> None:
        """A card that was made after a restored backup is a live card, though nobody has its rows."""
        attempt = store.find_attempt(transaction, row.attempt) if row.attempt else None
        place = Place(row.lane, job.id, row.attempt, job.person)
        if is_made and attempt and attempt.card and attempt.face_sha256 is not None:
            close_ready(transaction, self._journal, self._clock, job, attempt)
        elif is_made:
            if attempt:
                close_untouched(transaction, self._journal, job, attempt, MADE_QUESTION)
            event = self._journal.event(transaction, "job_given_up", None, place)
            store.set_job_state(transaction, job.id, JobState.GIVEN_UP)
            restoration = restorations.latest(transaction)
            if restoration:
                restorations.note_card(
                    transaction,
                    person=job.person,
                    issue=job.issue,
                    card=None,
                    restoration=restoration.journal,
                    row=event,
                    source="person",
                )
        elif attempt:
            store.set_job_state(transaction, job.id, JobState.WORKING, row.lane)
        else:
            self._journal.event(transaction, "job_queued", None, place)
            store.set_job_state(transaction, job.id, JobState.QUEUED)
