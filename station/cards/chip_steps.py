"""The fuses of the chip: lock it, and kill it. The life cycle on the chip is the evidence."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from station.cards.once import ChipReport, Finding
from station.errors import ChipFault, DeviceAbsent, DeviceFault, OutcomeUnknown
from station.journal import JournalRow, Outcome
from station.journal.store import Place
from station.lanes.tools import DeviceWait, LaneTools
from station.language import marked
from station.ports import ChipState

CHIP_TRIES = 3
SILENCE = 1.0
Answer = TypeVar("Answer")


def ask_chip(tools: LaneTools, place: Place, ask: Callable[[], Answer]) -> Answer | None:
    """Ask a chip something that may be asked again; None when it was silent three times.

    While the reader or its daemon is away the lane waits: a blank is not to blame for that.

    Raises:
        ChipFault, DeviceFault, WrongCard: what the chip or the reader says.
        StopRequested: the lane is to stop.
    """
    silences, wait = 0, DeviceWait(tools, place)
    while silences < CHIP_TRIES:
        try:
            answer = ask()
        except DeviceAbsent as error:
            wait.go_on(error)
        except OutcomeUnknown as error:
            silences += 1
            tools.say(marked("Job {job}: the chip is asked again."), place.job, error, {"job": place.job})
            tools.encoder.release()
            tools.pause(SILENCE)
        else:
            wait.end()
            return answer
    return None


def read_state(tools: LaneTools, place: Place, card: str) -> ChipState | None:
    """Read a chip's life cycle; None when it cannot be read. Reading uses nothing up."""
    try:
        return ask_chip(tools, place, lambda: tools.encoder.state(bytes.fromhex(card)))
    except (DeviceFault, ChipFault):
        return None


class _Fuse:
    """What locking and terminating have in common."""

    name: str
    blown: ChipState

    def __init__(self, tools: LaneTools, place: Place, card: str) -> None:
        self._tools, self._place, self._card = tools, place, card

    def before(self) -> BaseModel:
        """Note the life cycle before."""
        return ChipReport(
            card=self._card, state=read_state(self._tools, self._place, self._card), conclusion="before"
        )

    def probe(self, intent: JournalRow, faults: tuple[str, ...]) -> Finding:
        """Read the life cycle again."""
        before = ChipReport.model_validate_json(intent.payload).state
        state = read_state(self._tools, self._place, self._card)
        if state is self.blown:
            outcome, conclusion = Outcome.DONE, state.value
        elif state is not None and state is before:
            outcome, conclusion = Outcome.NOT_DONE, state.value
        else:
            outcome, conclusion = Outcome.UNKNOWN, "unreadable"
        return Finding(outcome, ChipReport(card=self._card, state=state, conclusion=conclusion), conclusion)


class LockChip(_Fuse):
    """Activate the chip: from here on its files cannot be changed."""

    name = "lock"
    blown = ChipState.ACTIVATED

    def act(self) -> None:
        """Blow the fuse."""
        self._tools.encoder.activate(bytes.fromhex(self._card))


class TerminateChip(_Fuse):
    """Kill the chip of a spoiled card that carries a working identity."""

    name = "terminate"
    blown = ChipState.TERMINATED

    def act(self) -> None:
        """Blow the last fuse."""
        self._tools.encoder.terminate(bytes.fromhex(self._card))
