"""A person at a printer of the rig, who looks, mends one thing at a time, and writes it down afterwards."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from simulators.rig import AdminClient, AdminRefusal, CardView
from tests.reliability.caretaker import NOTHING, ROLL


class _Look(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RibbonLook(_Look):
    """The ribbon; `window` is what is left of the set under the head."""

    sets_left: int
    broken: bool
    window: str


class PrinterLook(_Look):
    """What a person sees who looks at the printer."""

    hopper: int
    inside: str | None
    place: str | None
    stuck: bool
    cover_open: bool
    feeder_empty: bool
    tray_full: bool
    reject_box_full: bool
    cleaning_due: bool
    head_hot: bool
    powered: bool
    moving: bool
    ribbon: RibbonLook

    @property
    def in_slot(self) -> bool:
        """Whether a card stands in the exit, and nothing moves it."""
        return self.place == "eject" and not self.stuck and not self.moving


@dataclass
class Habits:
    """What this person does.

    Attributes:
        source: of chance.
        removals: how often a jammed card is thrown away, and how often a card is taken out of the exit.
        handful: blanks laid into an empty hopper.
    """

    source: random.Random
    removals: float = 0.3
    handful: int = 40


class RigCaretaker:
    """Comes when nothing moves; what was laid in is kept in `filled` until it is booked."""

    def __init__(self, printer: AdminClient, habits: Habits) -> None:
        self._printer, self._habits = printer, habits
        self.filled = 0

    def look(self) -> PrinterLook:
        """Look at the printer."""
        return PrinterLook.model_validate(self._printer.person("look"))

    def come_by(self) -> str | None:
        """Mend the first thing that is wrong; return what was done."""
        seen = self.look()
        if seen.moving:
            return None
        for wrong, action, arguments in self._complaints(seen):
            if wrong:
                return action if self._act(action, arguments) else None
        return None

    def _act(self, action: str, arguments: Mapping[str, object]) -> bool:
        try:
            done = self._printer.person(action, **arguments)
        except AdminRefusal:
            return False  # it has moved since it was looked at
        if action == "fill_hopper" and isinstance(done, list):
            self.filled += len(done)
        return True

    def _complaints(self, seen: PrinterLook) -> list[tuple[bool, str, Mapping[str, object]]]:
        ribbon = seen.ribbon
        no_ribbon = ribbon.broken or (ribbon.sets_left == 0 and not ribbon.window)
        thrown_away = seen.stuck and self._wants_it_out()
        return [
            (not seen.powered, "power_cycle", NOTHING),
            (seen.stuck, "clear_jam", {"take_card_out": thrown_away}),
            (seen.cover_open, "close_cover", NOTHING),
            (seen.head_hot, "let_head_cool", NOTHING),
            (seen.in_slot and self._wants_it_out(), "take_card", NOTHING),
            (no_ribbon, "change_ribbon", {"sets": ROLL}),
            (seen.tray_full, "empty_tray", NOTHING),
            (seen.reject_box_full, "empty_reject_box", NOTHING),
            (seen.cleaning_due, "clean", NOTHING),
            (seen.feeder_empty or seen.hopper == 0, "fill_hopper", {"count": self._habits.handful}),
        ]

    def _wants_it_out(self) -> bool:
        return self._habits.source.random() < self._habits.removals

    def find_card(self, uid: str) -> CardView | None:
        """Look for a card by the 8 bytes of its UID; whoever finds it in the exit takes it out."""
        seen = self.look()
        if seen.in_slot and seen.inside == uid[2:]:
            self._act("take_card", NOTHING)
        try:
            found = self._printer.person("look_at_card", uid=uid[2:])
        except AdminRefusal:
            return None
        return CardView.model_validate({"life_cycle": ""} | found) if isinstance(found, dict) else None
