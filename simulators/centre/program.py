"""The admin port's view of a centre: its truth, its faults, and the people who work there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from simulators.admin import AdminError
from simulators.centre.centre import Centre

SWITCHES = {
    "cut_link": ("link", "down"),
    "restore_link": ("link", "up"),
    "stop_deduplication": ("deduplicates", "no"),
    "start_deduplication": ("deduplicates", "yes"),
    "withdraw_printing": ("printing", "withdrawn"),
    "allow_printing": ("printing", "allowed"),
    "fill_disk": ("disk", "full"),
    "free_disk": ("disk", "free"),
    "let_certificate_expire": ("certificate", "expired"),
    "renew_certificate": ("certificate", "valid"),
}


class Program:
    """What `simulators.admin` serves."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self._actions: dict[str, Callable[[Mapping[str, object]], object]] = {
            "pass_time": self._pass_time,
            "fall_silent": self._fall_silent,
            "set_verdict": self._set_verdict,
            "announce": self._announce,
            "publish": self._publish,
            "publish_received": self._publish_received,
            "enrol": self._enrol,
            "clear_faults": self._clear_faults,
            "end_sessions": self._end_sessions,
            "received": self._received,
        }

    def truth(self) -> object:
        """The truth, in figures."""
        return self.centre.summary()

    def fault(self, name: str, at: int, count: int) -> None:
        """Arm a fault."""
        self.centre.fault_armed(name, at, count)

    def person(self, action: str, arguments: Mapping[str, object]) -> object:
        """Let somebody at the centre act."""
        if action in SWITCHES:
            self.centre.truth.set_switch(*SWITCHES[action])
            return None
        if action not in self._actions:
            known = ", ".join(sorted((*SWITCHES, *self._actions)))
            raise AdminError(f"no such action: {action} (known: {known})")
        try:
            return self._actions[action](arguments)
        except (OSError, ValueError, KeyError) as error:
            raise AdminError(f"{type(error).__name__}: {error}") from error

    def _pass_time(self, arguments: Mapping[str, object]) -> object:
        """Let simulated time pass; with --speed 0 it passes in no other way."""
        self.centre.clock.sleep(_number(arguments, "seconds"))
        return self.centre.now()

    def _fall_silent(self, arguments: Mapping[str, object]) -> object:
        until = self.centre.now() + _number(arguments, "seconds")
        self.centre.truth.set_switch("silent_until", str(until))
        return until

    def _set_verdict(self, arguments: Mapping[str, object]) -> object:
        """Decide beforehand how the search of a record ends."""
        with self.centre.truth.change() as books:
            books.execute(
                "INSERT OR REPLACE INTO wishes VALUES (?, ?)",
                (_text(arguments, "record"), _text(arguments, "status")),
            )
        return None

    def _announce(self, arguments: Mapping[str, object]) -> object:
        """Say the status of a record that lies in a folder, as its record.json has it."""
        self.centre.announce(_text(arguments, "station"), _folders(arguments))
        return None

    def _publish(self, arguments: Mapping[str, object]) -> object:
        return self.centre.publish(_text(arguments, "station"), _folders(arguments))

    def _publish_received(self, arguments: Mapping[str, object]) -> object:
        return self.centre.publish_received(_text(arguments, "station"), _text(arguments, "content_hash"))

    def _enrol(self, arguments: Mapping[str, object]) -> object:
        self.centre.enrol(*(_text(arguments, name) for name in ("station", "signing", "encryption")))
        return None

    def _clear_faults(self, arguments: Mapping[str, object]) -> object:
        self.centre.faults.clear()
        return None

    def _end_sessions(self, arguments: Mapping[str, object]) -> object:
        self.centre.sessions.end_all()
        return None

    def _received(self, arguments: Mapping[str, object]) -> object:
        """Each thing received: hash, number, how often it came, by which way."""
        names = ("kind", "content_hash", "number", "arrivals", "channel", "record", "verdict")
        rows = self.centre.truth.rows(f"SELECT {', '.join(names)} FROM received ORDER BY number")
        return [dict(zip(names, row, strict=True)) for row in rows]


def _text(arguments: Mapping[str, object], name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str):
        raise AdminError(f"{name} must be a text")
    return value


def _number(arguments: Mapping[str, object], name: str) -> float:
    value = arguments.get(name)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value < 0:
        raise AdminError(f"{name} must be a number that is not negative")
    return float(value)


def _folders(arguments: Mapping[str, object]) -> list[Path]:
    value = arguments.get("folders")
    if not isinstance(value, list) or not value:
        raise AdminError("folders must be a list of folders")
    return [Path(str(folder)) for folder in value]
