"""A person who looks after one printer: mends what can be mended, and never touches anything else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulators.evolis.machine import Machine
from simulators.evolis.person import Arguments
from simulators.evolis.truth import Place

Act = Callable[[str, Arguments], object]
NOTHING: Mapping[str, object] = {}
ROLL = 200  # sets of a new ribbon


@dataclass
class Caretaker:
    """Comes when nothing goes on, and does one thing at a time.

    Attributes:
        machine: the printer.
        act: a pair of hands (`simulators.evolis.person`).
        takes_card_out: whether a jammed card is thrown away (else it is set free inside).
        handful: blanks laid into an empty hopper; 0 leaves it empty.
        takes_from_slot: whether a card that stands in the exit is taken out now.
        filled: what was laid in, not booked yet by whoever keeps the books.
    """

    machine: Machine
    act: Act
    takes_card_out: Callable[[], bool] = lambda: False
    takes_from_slot: Callable[[], bool] = lambda: True
    handful: int = 0
    filled: list[str] = field(default_factory=list)

    def come_by(self) -> str | None:
        """Mend the first thing that is wrong; return what was done."""
        for wrong, action, arguments in self._complaints():
            if wrong:
                done = self.act(action, arguments)
                if action == "fill_hopper" and isinstance(done, list):
                    self.filled += [str(uid) for uid in done]
                return action
        return None

    def _complaints(self) -> list[tuple[bool, str, Arguments]]:
        mechanism, truth = self.machine.mechanism, self.machine.mechanism.truth
        jammed = truth.stuck
        no_ribbon = truth.ribbon.broken or (truth.ribbon.sets_left == 0 and not truth.ribbon.window)
        hungry = truth.feeder_empty or not truth.hopper
        return [
            (not self.machine.powered, "power_cycle", NOTHING),
            (jammed, "clear_jam", {"take_card_out": jammed and self.takes_card_out()}),
            (truth.cover_open, "close_cover", NOTHING),
            (self._stands_in_slot() and self.takes_from_slot(), "take_card", NOTHING),
            (no_ribbon, "change_ribbon", {"sets": ROLL}),
            (truth.tray >= mechanism.tray_capacity, "empty_tray", NOTHING),
            (mechanism.reject_box_full(), "empty_reject_box", NOTHING),
            (truth.cleaning_due, "clean", NOTHING),
            (hungry and self.handful > 0, "fill_hopper", {"count": max(self.handful, 1)}),
        ]

    def _stands_in_slot(self) -> bool:
        truth = self.machine.mechanism.truth
        return truth.place is Place.EJECT and not truth.stuck

    def look_for(self, uid: str) -> None:
        """Look for a card; whoever finds it in the exit takes it out."""
        if self._stands_in_slot() and self.machine.mechanism.truth.inside == uid:
            self.act("take_card", NOTHING)
