"""What the journal says of the jobs, their attempts, and what the centre must be told of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from station.audit.facts import Facts, TableRow
from station.blanks.ledger import Account, BlankMove
from station.cards.intake import JobAdded
from station.cards.printer_steps import BeforePrint
from station.cards.progress import Condemned
from station.cards.questions import AFTER_THE_MAKING, QuestionEvidence
from station.cards.store import AttemptState, JobPurpose, JobState
from station.centre.messages import CardMessage, Topic, content_digest
from station.journal import JournalRow, Outcome, RowKind

LOCKED = frozenset({Outcome.DONE, Outcome.UNKNOWN})


class CardFacts:
    """Folds the whole journal into the states that the station caches beside it.

    Not told by the journal, and so not compared: the folder, the turn, the batch and the hour of a job, and
    the digest of a face that was never printed.
    """

    def __init__(self) -> None:
        self._jobs, self._attempts, self._messages = Facts(("id",)), Facts(("id",)), Facts(("journal",))
        self._locked: set[int] = set()
        self._tries: dict[int, int] = {}
        self._ready: dict[int, JournalRow] = {}
        self._events: Mapping[str, Callable[[JournalRow], None]] = {
            "job_added": self._job_added,
            "job_refused": lambda row: self._job(row, JobState.REFUSED),
            "job_queued": lambda row: self._job(row, JobState.QUEUED),
            "job_given_up": lambda row: self._job(row, JobState.GIVEN_UP),
            "attempt_opened": self._attempt_opened,
            "card_bound": self._card_bound,
            "card_ready": self._card_ready,
            "card_spoiled": self._card_spoiled,
            "card_handed_over": lambda row: self._tell(row, Topic.CARD_HANDED_OVER),
            "attempt_not_done": self._attempt_not_done,
            "blanks_moved": self._blank_moved,
        }

    def take(self, row: JournalRow) -> None:
        """Take over one journal row."""
        if row.kind is RowKind.EVENT and row.name in self._events:
            self._events[row.name](row)
        elif row.kind is RowKind.INTENT and row.name == "print":
            face = BeforePrint.model_validate_json(row.payload).face_sha256
            self._attempts.change((row.attempt,), row.sequence, face_sha256=face)
        elif row.kind is RowKind.OUTCOME and row.name == "lock" and row.attempt is not None:
            self._locked.discard(row.attempt)
            self._locked |= {row.attempt} if row.outcome in LOCKED else set()
        elif row.name in AFTER_THE_MAKING:
            return
        elif row.kind is RowKind.QUESTION:
            self._asked(row)
        elif row.kind is RowKind.ANSWER and row.name not in ("print_again", "quality_check"):
            self._job(row, JobState.WORKING, row.lane)

    def _job(self, row: JournalRow, state: JobState, lane: str | None = None) -> None:
        self._jobs.change((row.job,), row.sequence, state=state.value, lane=lane)

    def _job_added(self, row: JournalRow) -> None:
        added = JobAdded.model_validate_json(row.payload)
        values: dict[str, object] = {
            "record": added.record,
            "record_sha256": added.record_sha256,
            "issue": added.issue,
            "person": row.person,
            "state": JobState.QUEUED.value,
            "lane": None,
            "purpose": added.purpose.value,
        }
        self._jobs.expect((row.job,), row.sequence, values)

    def _attempt_opened(self, row: JournalRow) -> None:
        self._tries[row.job or 0] = number = self._tries.get(row.job or 0, 0) + 1
        values: dict[str, object] = {
            "job": row.job,
            "number": number,
            "lane": row.lane,
            "state": AttemptState.OPEN.value,
            "card": None,
            "cause": None,
        }
        self._attempts.expect((row.attempt,), row.sequence, values)
        self._job(row, JobState.WORKING, row.lane)

    def _card_bound(self, row: JournalRow) -> None:
        card = QuestionEvidence.model_validate_json(row.payload).card
        self._attempts.change((row.attempt,), row.sequence, card=card)

    def _card_ready(self, row: JournalRow) -> None:
        self._attempts.change((row.attempt,), row.sequence, state=AttemptState.READY.value, cause=None)
        self._job(row, JobState.READY, row.lane)
        self._ready[row.attempt or 0] = row

    def _card_spoiled(self, row: JournalRow) -> None:
        condemned, attempt = Condemned.model_validate_json(row.payload), (row.attempt,)
        checked = self._attempts.value(attempt, "state") == AttemptState.CHECKING.value
        if checked or row.attempt in self._locked:
            self._tell(row, Topic.CARD_VOID, condemned.cause)
        state = AttemptState.SPOILED.value
        self._attempts.change(attempt, row.sequence, state=state, cause=condemned.cause)
        self._job(row, JobState.WORKING, row.lane)

    def _attempt_not_done(self, row: JournalRow) -> None:
        cause, state = Condemned.model_validate_json(row.payload).cause, AttemptState.NOT_DONE.value
        self._attempts.change((row.attempt,), row.sequence, state=state, cause=cause)

    def _blank_moved(self, row: JournalRow) -> None:
        """The blank of a ready card is issued, or it was a specimen's: then the centre hears nothing."""
        ready = self._ready.pop(row.attempt or 0, None)
        if ready is None:
            return
        is_issued = BlankMove.model_validate_json(row.payload).target is Account.ISSUED
        purpose = JobPurpose.CARD if is_issued else JobPurpose.SPECIMEN
        self._jobs.change((row.job,), row.sequence, purpose=purpose.value)
        if is_issued:
            self._tell(ready, Topic.CARD_ISSUED)

    def _asked(self, row: JournalRow) -> None:
        if row.name == "quality_check":
            state = AttemptState.CHECKING.value
            self._attempts.change((row.attempt,), row.sequence, state=state)
        self._job(row, JobState.WAITING, row.lane)

    def _tell(self, row: JournalRow, topic: Topic, cause: str | None = None) -> None:
        """The centre must be told of a card; one whose UID is not known it never hears of."""
        job, card = (row.job,), self._attempts.value((row.attempt,), "card")
        issue = self._jobs.value(job, "issue")
        if card is None or not isinstance(issue, int):
            return
        record, person = self._jobs.value(job, "record"), self._jobs.value(job, "person")
        message = CardMessage(
            card=str(card), record=str(record), issue=issue, person=str(person), cause=cause
        )
        payload = message.model_dump_json()
        values: dict[str, object] = {
            "topic": topic.value,
            "payload": payload,
            "content_sha256": content_digest(topic, payload),
        }
        self._messages.expect((row.sequence,), row.sequence, values)

    def message_hashes(self) -> Mapping[str, int]:
        """The journal row of each message that the centre must get, by its content hash."""
        facts = self._messages.expected.values()
        return {str(fact.values["content_sha256"]): fact.journal for fact in facts}

    def wrong_jobs(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the jobs contradict."""
        return self._jobs.differences(stored)

    def wrong_attempts(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the attempts contradict."""
        return self._attempts.differences(stored)

    def wrong_messages(self, stored: Iterable[TableRow]) -> Iterator[int]:
        """The journal rows that the outbox contradicts."""
        return self._messages.differences(stored)
