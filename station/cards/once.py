"""Steps that cannot be undone: intent before, outcome after, and a probe that finds out what happened.

The same probe decides after the step and after a crash in the middle of it: recovery has no path of its own.
"""

from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from station.journal import JournalRow, Outcome
from station.ports import ChipState, PrinterReading


class PrinterReport(BaseModel):
    """Evidence from a printer that is idle: the reading, the faults seen on the way to it, what follows."""

    model_config = ConfigDict(frozen=True)

    reading: PrinterReading
    faults: tuple[str, ...] = ()
    conclusion: str


class ChipReport(BaseModel):
    """Evidence from a chip: its life cycle, where it could be read, and what follows."""

    model_config = ConfigDict(frozen=True)

    card: str
    state: ChipState | None
    conclusion: str


@dataclass(frozen=True)
class Finding:
    """What a probe has found, with the evidence for it."""

    outcome: Outcome
    evidence: BaseModel
    conclusion: str


class OnceStep(Protocol):
    """One thing done to one card that must not be repeated blindly."""

    @property
    def name(self) -> str:
        """The step's name in the journal."""

    def before(self) -> BaseModel:
        """Take the evidence for the intent row: what is needed to find out later whether it happened."""

    def act(self) -> None:
        """Do it. An error of a device only means that the probe must decide."""

    def probe(self, intent: JournalRow, faults: tuple[str, ...]) -> Finding:
        """Find out from the device what became of it; waits until the device can be believed.

        Args:
            intent: the row that was committed before.
            faults: what the device has complained of since.
        """
