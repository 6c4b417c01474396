"""What goes wrong in an office, drawn from the menus of the simulators."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from simulators.chip.faults import MENU, CardFaults, Fault
from simulators.chip.slot_faults import SlotFault, SlotFaults
from simulators.fault_menu import FaultMenu

ANSWERS = ("no_answer", "cut_answer", "wrong_answer", "double_answer", "split_answer")
MECHANICS = (
    "feeder_empty",
    "double_feed",
    "jam_at_station",
    "jam_before_print",
    "jam_after_print",
    "cover_open",
    "reject_box_full",
    "head_too_hot",
    "cleaning_due",
)
SITES = ("feed", "move", "panel", "eject", "reply")
UNFIT = frozenset({"stall"})  # of the USB port only
PANELS = 5
ANSWERS_A_CARD, APDUS_A_CARD = 55, 95  # about so many; what comes too late hits the next card

Arm = Callable[[str, int, int], None]


class Adversary:
    """Arms one fault at a time, any of the menu with the same weight for each of its groups."""

    def __init__(self, source: random.Random, arm: Arm) -> None:
        self._source, self._arm = source, arm
        self._groups = (
            self._answer,
            self._mechanics,
            self._print,
            self._power,
            self._chip,
            self._reader,
        )

    def strike(self) -> str:
        """Arm a fault; return its name."""
        name, at = self._source.choice(self._groups)()
        self._arm(name, at, 1)
        return name

    def _answer(self) -> tuple[str, int]:
        source = self._source
        name = source.choice((*ANSWERS, "late_answer:0.2", "disconnect"))
        return name, source.randint(1, 4 if name == "disconnect" else ANSWERS_A_CARD)

    def _mechanics(self) -> tuple[str, int]:
        return self._source.choice(MECHANICS), 1

    def _print(self) -> tuple[str, int]:
        after = self._source.randint(1, PANELS - 1)
        return f"{self._source.choice(('jam_in_print', 'ribbon_out_between_panels'))}:{after}", 1

    def _power(self) -> tuple[str, int]:
        site = self._source.choice(SITES)
        most = {"reply": ANSWERS_A_CARD, "panel": PANELS}.get(site, 1)
        return f"power_cut:{site}", self._source.randint(1, most)

    def _chip(self) -> tuple[str, int]:
        name = self._source.choice(sorted(MENU))
        at = 1 if "activate" in name or name == "wrong_uid" else self._source.randint(1, APDUS_A_CARD)
        return f"chip:{name}:{min(at, 40) if MENU[name].instructions else at}", 1

    def _reader(self) -> tuple[str, int]:
        fault = self._source.choice(list(SlotFault)).value
        return f"reader:{fault}:{self._source.randint(1, APDUS_A_CARD)}", 1


@contextmanager
def counted_strikes() -> Iterator[Counter[str]]:
    """Count the faults that really strike, by name, in all simulators of this process."""
    struck: Counter[str] = Counter()
    of_printer, of_card, of_slot = FaultMenu.strike, CardFaults.strike_command, SlotFaults.strike_apdu
    names = {id(fault): name for name, fault in MENU.items()}

    def printer(menu: FaultMenu, name: str, only: str | None = None) -> str | None:
        argument = of_printer(menu, name, only)
        if argument is not None and name not in ("chip", "reader"):
            struck[name] += 1
        return argument

    def card(faults: CardFaults, instruction: int | None, file: int | None) -> Fault | None:
        fault = of_card(faults, instruction, file)
        if fault is not None:
            struck[f"chip {names[id(fault)]}"] += 1
        return fault

    def slot(faults: SlotFaults) -> SlotFault | None:
        fault = of_slot(faults)
        if fault is not None:
            struck[f"reader {fault.value}"] += 1
        return fault

    with (
        patch.object(FaultMenu, "strike", printer),
        patch.object(CardFaults, "strike_command", card),
        patch.object(SlotFaults, "strike_apdu", slot),
    ):
        yield struck
