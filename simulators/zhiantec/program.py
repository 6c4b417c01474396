"""One simulated sensor with its line and its admin port's view."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.admin import AdminError
from simulators.clock import SimulatorClock
from simulators.fault_menu import UnknownFault
from simulators.stopping import StopWish
from simulators.zhiantec.conversation import Conversation, Cut
from simulators.zhiantec.faults import DEFECTS
from simulators.zhiantec.line import Line
from simulators.zhiantec.plate import WIDTH, prepared
from simulators.zhiantec.sensor import Model, Sensor
from simulators.zhiantec.truth import Lying, truth_as_json

_DEAF: Final = 0.05  # seconds after power-on (facts)
_DEAF_FAULT: Final = 3.0
_LOOK: Final = 0.05
_LARGEST_SEED: Final = 1 << 63


@dataclass(frozen=True)
class Equipment:
    """What a sensor is started with; model and baud rate are those of a first start, later the disk tells."""

    folder: Path
    link: Path
    model: Model
    baud: int
    speed: float
    seed: int


class Program:
    """A sensor that runs in the thread of `run`."""

    def __init__(self, equipment: Equipment, stop: StopWish) -> None:
        """Plug the sensor in.

        Raises:
            OSError: folder or link cannot be used.
        """
        self.sensor = Sensor(equipment.folder, equipment.model, equipment.baud, equipment.seed)
        self._image = equipment.folder / "image.bin"
        self._stop, self._lock = stop, threading.RLock()
        self._clock = SimulatorClock(equipment.speed)
        self._line = Line(equipment.link, equipment.speed)
        self._talk = Conversation(self.sensor, self._line, self._clock, equipment.seed, stop.is_set)
        self._power_on_due = True
        self.sensor.on_reset = self._want_power_on
        prepared(self.sensor.truth.lying, self.sensor.truth.defects)
        if self.sensor.truth.plugged:
            self._line.open()

    def run(self) -> None:
        """Serve the line until somebody wants to stop."""
        while not self._stop.is_set():
            if self.sensor.truth.plugged != self._line.is_open:
                self._follow_cable()
            if not self._line.is_open:
                self._stop.wait(_LOOK)
                continue
            try:
                if self._power_on_due:
                    self._power_on_due = False
                    deaf = self.sensor.faults.strike("deaf")
                    self._talk.power_on(_DEAF if deaf is None else float(deaf or _DEAF_FAULT))
                self._talk.turn()
            except Cut:
                continue
        self._line.close()

    def _follow_cable(self) -> None:
        if self.sensor.truth.plugged:
            self._line.open()
            self._want_power_on()
        else:
            self._line.close()
        self.sensor.save()

    def _want_power_on(self) -> None:
        self._power_on_due = True

    # ---- the admin port's view ----

    def truth(self) -> object:
        """Return the sensor's truth, the digest of its last image and the armed faults."""
        with self._lock:
            value = truth_as_json(self.sensor.truth)
        held = self._image.read_bytes() if self._image.exists() else None
        return value | {
            "image_sha256": held and hashlib.sha256(held).hexdigest(),
            "image_width": WIDTH,
            "faults": self.sensor.faults.listed(),
        }

    def fault(self, name: str, at: int, count: int) -> None:
        """Arm a fault; defects and a pulled cable are true at once."""
        kind, _, argument = name.partition(":")
        if kind in DEFECTS:
            self._set(lambda: self.sensor.truth.defects.update({kind: argument}))
        elif name == "unplugged":
            self._set(lambda: self._plug(False))
        else:
            try:
                self.sensor.faults.arm(name, at, count)
            except UnknownFault as error:
                raise AdminError(str(error)) from error

    def person(self, action: str, arguments: Mapping[str, object]) -> object:
        """Let a person act at the sensor."""
        if action == "press":
            self._press(arguments)
            return None
        if action == "lay_target":
            self._set(lambda: self._lay(_target(arguments)))
            return None
        actions: dict[str, Callable[[], None]] = {
            "lift": lambda: self._lay(Lying()),
            "clean": lambda: self._mend("dirty_platen", "smear"),
            "repair": lambda: self._mend(*DEFECTS),
            "plug": lambda: self._plug(True),
            "unplug": lambda: self._plug(False),
            "power_cycle": self._want_power_on,
        }
        if action not in actions:
            raise AdminError(f"no such action: {action} (known: press, lay_target, {', '.join(actions)})")
        self._set(actions[action])
        return None

    def _press(self, arguments: Mapping[str, object]) -> None:
        lying = Lying(
            what="finger",
            finger=_seed(arguments, "finger", 1),
            press=_seed(arguments, "press", 1),
            difficulty=_real(arguments, "difficulty", 1.0),
            moisture=_real(arguments, "moisture", 0.0),
        )
        prepared(lying, self.sensor.truth.defects)  # before it lies there: growing a finger takes seconds
        self._set(lambda: self._lay(lying))

    def _set(self, change: Callable[[], None]) -> None:
        with self._lock:
            change()
            self.sensor.save()

    def _lay(self, lying: Lying) -> None:
        self.sensor.truth.lying = lying

    def _plug(self, plugged: bool) -> None:
        self.sensor.truth.plugged = plugged

    def _mend(self, *names: str) -> None:
        for name in names:
            self.sensor.truth.defects.pop(name, None)


def _target(arguments: Mapping[str, object]) -> Lying:
    what = arguments.get("target")
    if what not in ("flat", "bars"):
        raise AdminError("target must be flat or bars")
    upright = arguments.get("upright", True)
    return Lying(what=str(what), cycles=_real(arguments, "cycles", 5.0), upright=upright is not False)


def _seed(arguments: Mapping[str, object], key: str, default: int) -> int:
    value = arguments.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LARGEST_SEED:
        raise AdminError(f"{key} must be a whole number from 0")
    return value


def _real(arguments: Mapping[str, object], key: str, default: float) -> float:
    value = arguments.get(key, default)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise AdminError(f"{key} must be a number")
    return float(value)
