"""The way of a spoiled card: kill its chip if it carries an identity, reject it, book the blank."""

from station.cards.chip_steps import TerminateChip
from station.cards.closing import close_spoiled, close_untouched
from station.cards.desk import AttemptDesk
from station.cards.printer_steps import Recall, Reject
from station.cards.progress import Condemned
from station.cards.store import JobState
from station.errors import ChipFault, DeviceAbsent, DeviceFault, OutcomeUnknown
from station.journal import Outcome
from station.lanes.tools import settle
from station.language import marked
from station.ports import CardPosition


class Disposal:
    """Gets one card out of the way."""

    def __init__(self, desk: AttemptDesk) -> None:
        self._desk, self._tools = desk, desk.tools

    def dispose(self) -> None:
        """Reject the condemned card and book its blank as spoiled.

        Raises:
            Asked: nobody but a person can say where the card is.
            StopRequested: the lane is to stop.
        """
        progress = self._desk.progress()
        locked = progress.outcomes.get("lock") in (Outcome.DONE, Outcome.UNKNOWN)
        if self._is_inside():
            if locked and "terminate" not in progress.outcomes and "chip_unreachable" not in progress.events:
                self._kill_chip()
            self._reject()
        evidence = "reject_box" if self._desk.outcome("reject") is Outcome.DONE else "a person's word"
        condemned = Condemned(cause=progress.condemned or "unknown", evidence=evidence)
        with self._tools.database.transaction() as transaction:
            state = close_spoiled(
                transaction,
                self._tools.journal,
                self._tools.clock,
                self._desk.job,
                self._desk.attempt,
                condemned,
                locked=locked,
                blanks_per_job=self._tools.policy.blanks_per_job,
            )
        self._desk.say(marked("Job {job}: the blank is booked as spoiled ({cause})."), cause=condemned.cause)
        if state is JobState.WAITING:
            self._desk.say(marked("Job {job} waits for a person: station questions list."))

    def turn_away(self) -> None:
        """Reject a card that was not a blank: no blank was used.

        Raises:
            Asked: nobody but a person can say where the card is.
        """
        if self._is_inside():
            self._reject()
        with self._tools.database.transaction() as transaction:
            close_untouched(
                transaction, self._tools.journal, self._desk.job, self._desk.attempt, "known_card"
            )

    def _is_inside(self) -> bool:
        return settle(self._tools, self._desk.place).reading.position is not CardPosition.NONE

    def _kill_chip(self) -> None:
        if self._recalled():
            try:
                self._tools.encoder.wait_for_card()
                self._desk.perform(TerminateChip(self._tools, self._desk.place, self._desk.card.hex()))
            except (DeviceFault, DeviceAbsent, OutcomeUnknown, ChipFault) as error:
                self._desk.say(marked("Job {job}: the chip of the spoiled card cannot be reached."), error)
            else:
                return
        self._desk.note("chip_unreachable")

    def _recalled(self) -> bool:
        if settle(self._tools, self._desk.place).reading.position is CardPosition.CHIP_STATION:
            return True
        return self._desk.perform(Recall(self._tools, self._desk.place)).outcome is Outcome.DONE

    def _reject(self) -> None:
        self._tools.encoder.release()
        while self._desk.outcome("reject") is not Outcome.DONE:
            self._desk.perform(Reject(self._tools, self._desk.place))
