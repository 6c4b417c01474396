"""The admin port's view of the scanner: its truth, its faults, and the person who stands before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

from simulators.admin import AdminError
from simulators.fault_menu import UnknownFault
from simulators.sbi.model import FINGERS, STATUSES
from simulators.sbi.plate import pressed
from simulators.sbi.service import Service
from simulators.sbi.truth import Press


class Program:
    """What `simulators.admin` serves."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._actions: dict[str, Callable[[Mapping[str, object]], None]] = {
            "press": self._press,
            "lift": lambda _: service.truth.change(plate=()),
            "unplug": lambda _: service.truth.change(is_plugged=False),
            "plug": lambda _: service.truth.change(is_plugged=True),
            "set_status": self._set_status,
            "clear_faults": lambda _: service.faults.clear(),
        }

    def truth(self) -> object:
        """The state, every capture, the armed faults."""
        return {
            "state": asdict(self._service.truth.state),
            "captures": self._service.truth.captures(),
            "faults": self._service.faults.listed(),
        }

    def fault(self, name: str, at: int, count: int) -> None:
        """Arm a fault."""
        try:
            self._service.faults.arm(name, at, count)
        except UnknownFault as error:
            raise AdminError(str(error)) from error

    def person(self, action: str, arguments: Mapping[str, object]) -> object:
        """Press a finger, lift all, pull or plug the cable, set a status, clear the faults."""
        if action not in self._actions:
            raise AdminError(f"no such action: {action} (known: {', '.join(self._actions)})")
        self._actions[action](arguments)
        return None

    def _press(self, arguments: Mapping[str, object]) -> None:
        """Put a finger down: `finger` and `press` are seeds; `name` says which on a slap's plate."""
        name = arguments.get("name", "")
        if not isinstance(name, str) or (name and name not in FINGERS):
            raise AdminError(f"no such finger: {name}")
        press = Press(_whole(arguments, "finger"), _whole(arguments, "press"), _difficulty(arguments), name)
        others = () if not name else self._service.truth.state.plate
        pressed(press)  # a finger is grown on its first use, which takes seconds: not those of the scanner
        plate = (*(one for one in others if one.name not in ("", name)), press)
        self._service.truth.change(plate=plate)

    def _set_status(self, arguments: Mapping[str, object]) -> None:
        if arguments.get("status") not in STATUSES:
            raise AdminError(f"the status is one of {', '.join(STATUSES)}")
        self._service.truth.change(status=arguments["status"])


def _whole(arguments: Mapping[str, object], name: str) -> int:
    value = arguments.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise AdminError(f"{name} must be a whole number that is not negative")
    return value


def _difficulty(arguments: Mapping[str, object]) -> float:
    value = arguments.get("difficulty", 1.0)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 5:
        raise AdminError("difficulty must be a number of 0 to 5")
    return float(value)
