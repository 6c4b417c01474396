"""What every step of an attempt needs: the journal's view of it, and the two ways out."""

from dataclasses import dataclass
from typing import NoReturn

from station.cards import store
from station.cards.closing import place_of
from station.cards.once import Finding, OnceStep
from station.cards.progress import Condemned, Progress, fold
from station.cards.questions import QuestionEvidence
from station.cards.store import Attempt, Job, JobState
from station.database import Transaction
from station.errors import ChipFault, DeviceAbsent, DeviceFault, OutcomeUnknown, StationError
from station.journal import JournalRow, Outcome
from station.journal.store import row_at, rows_of_attempt
from station.lanes.tools import LaneTools
from station.language import marked

AFTER_REFUSAL = 2.0


class Asked(Exception):
    """A person has been asked; the attempt waits."""


class CardCondemned(Exception):
    """The card is spoiled; what is left is to get it out of the way."""


@dataclass(frozen=True)
class FollowUp:
    """What an UNKNOWN leads to: a question, or the end of this card."""

    question: str | None = None
    cause: str | None = None


# Written in the same transaction as the outcome: a crash in between cannot lose it.
FOLLOW_UPS = {
    ("load", "stuck_inside"): FollowUp(cause="load_jam"),
    ("load", "left_the_path"): FollowUp(question="load_unknown"),
    ("lock", "unreadable"): FollowUp(cause="chip_lock"),
    ("print", "incomplete_inside"): FollowUp(cause="print_jam"),
    ("print", "left_the_path"): FollowUp(question="print_unknown"),
    ("reject", "left_the_path"): FollowUp(question="reject_unknown"),
}
NOTHING = FollowUp()


class AttemptDesk:
    """One attempt on a lane: reads how far it is, performs its once-only steps."""

    def __init__(self, tools: LaneTools, job: Job, attempt: Attempt) -> None:
        self.tools, self.job, self.attempt = tools, job, attempt
        self.place = place_of(job, attempt)

    @property
    def card(self) -> bytes:
        """UID of the bound blank, 8 bytes."""
        if self.attempt.card is None:
            raise LookupError("no blank is bound to this attempt")
        return bytes.fromhex(self.attempt.card)

    def progress(self) -> Progress:
        """How far the attempt is, from the journal."""
        with self.tools.database.reading() as transaction:
            return fold(rows_of_attempt(transaction, self.attempt.id))

    def outcome(self, step: str) -> Outcome | None:
        """The last settled outcome of a step."""
        return self.progress().outcomes.get(step)

    def reload(self) -> None:
        """Read the attempt's cached row again."""
        with self.tools.database.reading() as transaction:
            self.attempt = store.find_attempt(transaction, self.attempt.id) or self.attempt

    def note(self, event: str) -> None:
        """Write an event of this attempt."""
        with self.tools.database.transaction() as transaction:
            self.tools.journal.event(transaction, event, None, self.place)

    def say(self, message: str, error: StationError | None = None, **values: object) -> None:
        """Tell the people something about this job."""
        self.tools.say(message, self.job.id, error, {"job": self.job.id, **values})

    def perform(self, step: OnceStep) -> Finding:
        """Intent, act, probe, outcome.

        Raises:
            Asked, CardCondemned: what an unknown outcome leads to.
            StopRequested: the lane is to stop.
        """
        evidence = step.before()
        with self.tools.database.transaction() as transaction:
            intent = row_at(
                transaction, self.tools.journal.intent(transaction, step.name, evidence, self.place)
            )
        if intent is None:
            raise LookupError("the intent that was just written is not there")
        faults: tuple[str, ...] = ()
        try:
            step.act()
        except DeviceFault as error:
            self.say(marked("Job {job}: {step} met a fault."), error, step=step.name)
            faults = (error.code,)
            self.tools.pause(AFTER_REFUSAL)  # nothing that moves is asked for again at once
        except (DeviceAbsent, OutcomeUnknown, ChipFault) as error:  # no fault of the card: the probe decides
            self.say(marked("Job {job}: {step} met a fault."), error, step=step.name)
        return self.settle(step, intent, faults)

    def settle(self, step: OnceStep, intent: JournalRow, faults: tuple[str, ...]) -> Finding:
        """Probe, and write the outcome with what follows from it.

        Raises:
            Asked, CardCondemned: what an unknown outcome leads to.
        """
        finding = step.probe(intent, faults)
        follow_up = FOLLOW_UPS.get((step.name, finding.conclusion), NOTHING)
        with self.tools.database.transaction() as transaction:
            self.tools.journal.outcome(transaction, intent, finding.outcome, finding.evidence)
            if follow_up.cause:
                self._write_condemned(transaction, follow_up.cause, finding.conclusion)
            if follow_up.question:
                self._write_question(transaction, follow_up.question, finding, intent.sequence)
        if follow_up.cause:
            self._announce_condemned(follow_up.cause, None)
        if follow_up.question:
            self._announce_question()
        return finding

    def condemn(self, cause: str, evidence: str, error: StationError | None = None) -> NoReturn:
        """End this card: it is spoiled.

        Raises:
            CardCondemned: always.
        """
        with self.tools.database.transaction() as transaction:
            self._write_condemned(transaction, cause, evidence)
        self._announce_condemned(cause, error)

    def ask(self, question: str) -> NoReturn:
        """Ask a person about something that no step has raised.

        Raises:
            Asked: always.
        """
        with self.tools.database.transaction() as transaction:
            self._write_question(transaction, question, None, None)
        self._announce_question()

    def _write_condemned(self, transaction: Transaction, cause: str, evidence: str) -> None:
        self.tools.journal.event(
            transaction, "condemned", Condemned(cause=cause, evidence=evidence), self.place
        )

    def _announce_condemned(self, cause: str, error: StationError | None) -> NoReturn:
        self.say(marked("Job {job}: this blank is spoiled ({cause})."), error, cause=cause)
        raise CardCondemned

    def _write_question(
        self, transaction: Transaction, question: str, finding: Finding | None, intent: int | None
    ) -> None:
        report = finding.evidence.model_dump_json() if finding else "{}"
        self.tools.journal.question(
            transaction,
            question,
            QuestionEvidence(card=self.attempt.card, evidence=report),
            self.place,
            intent,
        )
        store.set_job_state(transaction, self.job.id, JobState.WAITING, self.tools.name)

    def _announce_question(self) -> NoReturn:
        self.say(marked("Job {job} waits for a person: station questions list."))
        raise Asked
