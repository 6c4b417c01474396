"""One simulated chip card: power, commands, saved truth and modelled time."""

from collections.abc import Callable
from pathlib import Path

from simulators.chip.faults import LOSSES, CardFaults, CardMute, CardTorn, Effect, Fault
from simulators.chip.processor import process
from simulators.chip.session import Chip, Session
from simulators.chip.state import ChipState, tear
from simulators.chip.store import load_keys, load_state, save_state
from simulators.chip.timing import ChipTiming, Interface

# "Transport": nothing may be keyed on the ATR
ATR: dict[Interface, bytes] = {
    "contactless": b"\x3b\x80\x80\x01\x01",
    "contact": b"\x3b\x90\x96\x81\x81",
}


def no_sleep(seconds: float) -> None:
    """Let modelled time pass without waiting."""


class Card:
    """A card with a chip, on its way through the printer or on a reader."""

    def __init__(
        self, folder: Path, timing: ChipTiming | None = None, sleep: Callable[[float], None] = no_sleep
    ) -> None:
        """Take up the card whose chip lives in this folder.

        Args:
            folder: made by `blank.manufacture`.
            timing: speed of chip and air; 106 kbit/s when not given.
            sleep: spends the modelled seconds of each command.

        Raises:
            FileNotFoundError: no chip was made there.
            ValueError: the saved chip cannot be read.
        """
        self.faults = CardFaults()
        self.elapsed = 0.0
        self._folder = folder
        self._timing = timing or ChipTiming()
        self._sleep = sleep
        self._chip = Chip(load_state(folder), load_keys(folder))
        self._interface: Interface | None = None

    @property
    def uid(self) -> bytes:
        """The 7 bytes of the type A card."""
        return self._chip.state.uid

    @property
    def state(self) -> ChipState:
        """The truth about the chip, for tests and admin ports."""
        return self._chip.state

    @property
    def powered(self) -> bool:
        """Whether a session is under way."""
        return self._interface is not None

    def power_on(self, interface: Interface) -> bytes:
        """Give the chip power from the contacts or the field: a session begins. The answer is the ATR."""
        self._interface = interface
        self._chip.session = Session()
        return ATR[interface]

    def power_off(self) -> None:
        """Take the power away: selected file and channel are lost."""
        self._interface = None
        self._chip.session = Session()

    def exchange(self, apdu: bytes) -> bytes:
        """Carry out one command and give the response with its status word.

        What the command changes is on the disk before the answer is given, and its modelled time spent.

        Raises:
            CardTorn: a fault took the power away; the card is off.
            CardMute: the card does not answer, by a fault or because it has no power.
        """
        if self._interface is None:
            raise CardMute
        fault = self._strike(apdu)
        if fault is not None and fault.effect in LOSSES:
            self._lose_power(apdu, fault)
        before = self._chip.state
        answer = process(self._chip, apdu, fault)
        self._save(before, self._chip.state)
        response = answer.encode()
        self._spend(self._interface, len(apdu), len(response), answer.pages)
        return response

    def _strike(self, apdu: bytes) -> Fault | None:
        instruction = apdu[1] if len(apdu) > 1 else None
        fault = self.faults.strike_command(instruction, self._chip.session.file)
        if fault is not None and fault.effect is Effect.MUTE:
            raise CardMute
        return fault

    def _lose_power(self, apdu: bytes, fault: Fault) -> None:
        before = self._chip.state
        if fault.effect is not Effect.LOST_BEFORE:
            process(self._chip, apdu, None)
        after = self._chip.state
        if fault.effect is Effect.LOST_WITHIN and after != before:
            after = tear(before, after)
        self._save(before, after)
        self.power_off()
        raise CardTorn(fault.returns)

    def _save(self, before: ChipState, after: ChipState) -> None:
        if after != before:
            save_state(self._folder, after)
        self._chip.state = after

    def _spend(self, interface: Interface, command: int, answer: int, pages: int) -> None:
        seconds = self._timing.transfer(interface, command, answer) + pages * self._timing.page_time
        self.elapsed += seconds
        self._sleep(seconds)
