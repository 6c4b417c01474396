"""One simulated printer, put together from its parts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulators.admin import AdminError
from simulators.chip.faults import MENU
from simulators.chip.slot_faults import SlotFault
from simulators.clock import SimulatorClock
from simulators.evolis.cards import CardStore, MakeChip
from simulators.evolis.faults import FAULTS
from simulators.evolis.framing import Framing
from simulators.evolis.interpreter import Interpreter
from simulators.evolis.loading import Loading
from simulators.evolis.machine import Machine
from simulators.evolis.mechanism import Mechanism
from simulators.evolis.models import Model
from simulators.evolis.moves import Moves
from simulators.evolis.person import Person
from simulators.evolis.printing import PrintJobs
from simulators.evolis.queries import Queries
from simulators.evolis.recovery import load_truth
from simulators.evolis.session import Session
from simulators.evolis.settings import Settings
from simulators.evolis.stations import ChipFault, ChipStations, Interface, Slot
from simulators.evolis.timing import timing_of
from simulators.evolis.truth import Ribbon, printer_as_json
from simulators.evolis.usb_device import UsbFunction
from simulators.fault_menu import FaultMenu, UnknownFault


@dataclass(frozen=True)
class Equipment:
    """What a printer is started with. Hopper and ribbon are those of a first start; later the disk tells."""

    folder: Path
    model: Model
    hopper: int
    ribbon: Ribbon
    seed: int
    speed: float
    tray_capacity: int
    make_chip: MakeChip
    read_life_cycle: Callable[[Path], str]
    slots: Mapping[Interface, Slot]
    quiet_jobs: bool = False
    pictures: bool = True


class Printer:
    """One simulated printer without its ports."""

    def __init__(self, equipment: Equipment) -> None:
        self.faults = FaultMenu(FAULTS)
        self.clock = SimulatorClock(equipment.speed)
        self._quiet_jobs = equipment.quiet_jobs
        self._read_life_cycle = equipment.read_life_cycle
        self._changed = threading.Condition(threading.RLock())
        model = equipment.model
        cards = CardStore(
            equipment.folder / "cards",
            model,
            equipment.seed,
            equipment.make_chip,
            self.clock.now,
            equipment.pictures,
        )
        path = equipment.folder / "printer.json"
        truth, is_first = load_truth(path, cards, model, equipment.seed, equipment.ribbon)
        stations = ChipStations(equipment.slots, self.faults, self.clock.sleep)
        mechanism = Mechanism(
            truth, path, cards, stations, model, timing_of(model), self.clock, self.faults, self._changed
        )
        mechanism.tray_capacity = equipment.tray_capacity
        if is_first and equipment.hopper:
            mechanism.fill_hopper(equipment.hopper)
        mechanism.save()
        self.machine = Machine(mechanism, Framing(), self._changed)
        loading = Loading(self.machine)
        self._jobs = PrintJobs(self.machine, loading)
        self._person = Person(self.machine, loading)
        self._interpreter = Interpreter(
            self.machine,
            Queries(self.machine).table(),
            Settings(self.machine).table(),
            Moves(self.machine, loading).table(),
        )
        self.machine.represent()

    def open_session(self, send: Callable[[bytes], None]) -> Session:
        """Begin the printer's end of a host's connection."""
        return Session(self.machine, self._interpreter, self._jobs, self.faults, send, self._quiet_jobs)

    def usb_function(self, soft_reset: Callable[[], None]) -> UsbFunction:
        """Return the printer's USB side, for the front end that serves it."""
        mechanism = self.machine.mechanism
        return UsbFunction(mechanism.model, mechanism.truth.serial, self.machine.status, soft_reset)

    def close(self) -> None:
        """Stop; what is on disk is the truth."""
        self.machine.close()

    # ---- the admin port's view ----

    def truth(self) -> object:
        """Return counters, supplies, the armed faults and every card."""
        mechanism = self.machine.mechanism
        with self._changed:
            value = printer_as_json(mechanism.truth)
            cards = mechanism.cards.as_json()
            words = self.machine.status()
        for card in cards:
            card["life_cycle"] = self._read_life_cycle(mechanism.cards.chip_folder(str(card["uid"])))
        return value | {
            "hopper_count": len(mechanism.truth.hopper),
            "powered": self.machine.powered,
            "seconds": round(self.clock.now(), 3),
            "device_seconds": round(self.clock.slept, 3),  # moves, panels, and the chips' air and EEPROM
            "status": words.text(),
            "faults": self.faults.listed(),
            "cards": cards,
        }

    def fault(self, name: str, at: int, count: int) -> None:
        """Arm a fault; cover_open, reject_box_full, cleaning_due and head_too_hot are true at once."""
        try:
            _check_chip_fault(name)
            self.faults.arm(name, at, count)
        except (UnknownFault, ValueError) as error:
            raise AdminError(str(error)) from error
        mechanism = self.machine.mechanism
        with self._changed:
            if self.faults.strike("cover_open") is not None:
                mechanism.truth.cover_open = True
            if self.faults.strike("reject_box_full") is not None:
                mechanism.truth.reject_box_full = True
            if self.faults.strike("cleaning_due") is not None:
                mechanism.truth.cleaning_due = True
            if self.faults.strike("head_too_hot") is not None:
                mechanism.head_hot_until = self.clock.now() + mechanism.timing.cooling
            mechanism.save()

    def person(self, action: str, arguments: Mapping[str, object]) -> object:
        """Let a person act at the printer."""
        return self._person.act(action, arguments)


def _check_chip_fault(name: str) -> None:
    kind, _, argument = name.partition(":")
    menus = {"chip": set(MENU), "reader": {fault.value for fault in SlotFault}}
    if kind in menus and ChipFault.parse(argument).name not in menus[kind]:
        raise UnknownFault(
            f"no such fault of the {kind}: {argument} (known: {', '.join(sorted(menus[kind]))})"
        )
