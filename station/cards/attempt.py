"""One attempt: a blank goes through the steps, from the hopper to the good tray or the reject box."""

from enum import StrEnum

from station.cards import store
from station.cards.chip_steps import LockChip, TerminateChip
from station.cards.closing import close_ready
from station.cards.desk import Asked, AttemptDesk, CardCondemned
from station.cards.disposal import Disposal
from station.cards.making import KnownCard, Making
from station.cards.once import OnceStep
from station.cards.printer_steps import LoadBlank, Recall, Reject
from station.cards.questions import QuestionEvidence
from station.cards.store import Attempt, AttemptState, Job, JobState
from station.lanes.tools import LaneTools
from station.language import marked
from station.ports import ChipContent
from templates.card.face import CardFace, face_sha256


class AttemptEnd(StrEnum):
    """How an attempt has ended for now."""

    READY = "ready"
    SPOILED = "spoiled"
    UNTOUCHED = "untouched"
    WAITING = "waiting"


class AttemptRun:
    """Runs one attempt as far as it goes, from wherever the journal says that it is."""

    def __init__(
        self, tools: LaneTools, job: Job, attempt: Attempt, content: ChipContent, face: CardFace
    ) -> None:
        self._desk = AttemptDesk(tools, job, attempt)
        self._making = Making(self._desk, content, face, face_sha256(face).hex())
        self._disposal = Disposal(self._desk)

    def run(self) -> AttemptEnd:
        """Do what is left to do.

        Raises:
            StopRequested: the lane is to stop.
            StationError: something that no step expects; the lane latches.
        """
        try:
            return self._run()
        except CardCondemned:
            return self._dispose()
        except Asked:
            return AttemptEnd.WAITING

    def _run(self) -> AttemptEnd:
        if self._desk.progress().open_question:
            return AttemptEnd.WAITING
        self._settle_interrupted()
        progress = self._desk.progress()
        if progress.condemned:
            raise CardCondemned
        try:
            if "card_known" in progress.events:
                raise KnownCard
            self._making.make()
        except KnownCard:
            self._disposal.turn_away()
            return AttemptEnd.UNTOUCHED
        return self._finish()

    def _dispose(self) -> AttemptEnd:
        try:
            self._disposal.dispose()
        except Asked:
            return AttemptEnd.WAITING
        return AttemptEnd.SPOILED

    def _finish(self) -> AttemptEnd:
        """Book the card as issued, or have a person look at it first, as the policy says."""
        desk, tools = self._desk, self._desk.tools
        every = tools.policy.quality_check_every
        with tools.database.transaction() as transaction:
            check = every > 0 and (store.count_jobs(transaction, JobState.READY) + 1) % every == 0
            if check:
                store.set_attempt_state(transaction, desk.attempt.id, AttemptState.CHECKING)
                store.set_job_state(transaction, desk.job.id, JobState.WAITING, tools.name)
                tools.journal.question(
                    transaction, "quality_check", QuestionEvidence(card=desk.attempt.card), desk.place
                )
            else:
                close_ready(transaction, tools.journal, tools.clock, desk.job, desk.attempt)
        if check:
            desk.say(marked("Job {job} waits for a person: station questions list."))
            return AttemptEnd.WAITING
        desk.say(marked("Job {job}: card {card} is ready."), card=desk.attempt.card)
        return AttemptEnd.READY

    def _settle_interrupted(self) -> None:
        """After a crash: the step that was in flight is probed, never begun again."""
        progress = self._desk.progress()
        intent = progress.open_intent
        if intent is None:
            return
        self._desk.say(
            marked("Job {job}: {step} was interrupted; the devices are asked what happened."),
            step=intent.name,
        )
        self._desk.settle(self._step(intent.name), intent, progress.faults)

    def _step(self, name: str) -> OnceStep:
        desk = self._desk
        if name == "print":
            return self._making.print_step()
        for move in (LoadBlank, Recall, Reject):
            if move.name == name:
                return move(desk.tools, desk.place)
        fuse = LockChip if name == LockChip.name else TerminateChip
        return fuse(desk.tools, desk.place, desk.card.hex())
