"""The fault menu of a simulated sensor: what is armed, and at which opportunity it strikes."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

FAULTS: Final = {
    "bad_sum": "a frame's sum is wrong; argument: only an ack, or only data",
    "lost_byte": "a byte of a frame is lost; argument as above",
    "doubled_byte": "a byte of a frame comes twice; argument as above",
    "wrong_address": "a frame has another address; argument as above",
    "stray_bytes": "noise stands before a frame; argument as above",
    "no_answer": "a command is not answered",
    "slow": "an answer comes late; argument: seconds (2)",
    "no_finger": "GetImage finds no finger though one lies there",
    "storm": "GetImage is answered with 02 many times in a row; argument: how many (40)",
    "finger_lifted": "the finger goes in mid-scan; argument: 03 at GetImage (default) or 06 at Img2Tz",
    "wrong_password": "the password is refused",
    "no_last_packet": "an upload lacks its last packet",
    "cut_upload": "an upload stops; argument: after how many packets (20)",
    "deaf": "after the next power-on nothing is heard; argument: seconds (3)",
    "unplugged": "the cable is pulled: at once, or with the argument upload in the middle of the next one",
    "dirty_platen": "grains and an old print on the plate at once, until a person cleans it",
    "dots_490": "490 dots per inch at once, until it is repaired",
    "gradient": "20 % less light at the lower edge at once, until it is repaired",
    "dead_row": "a row sees nothing, at once, until it is repaired; argument: its number (140)",
    "noise": "three times the noise at once, until it is repaired",
    "smear": "a smear on the plate at once, until a person cleans it",
}
DEFECTS: Final = ("dirty_platen", "dots_490", "gradient", "dead_row", "noise", "smear")


class UnknownFault(Exception):
    """A fault that is not on the menu."""


@dataclass
class _Armed:
    argument: str
    at: int  # opportunities until it strikes; 1 = the next one
    count: int  # opportunities in a row that it strikes


class FaultMenu:
    """The armed faults; safe to use from several threads."""

    def __init__(self) -> None:
        self._armed: dict[str, list[_Armed]] = {}
        self._lock = threading.Lock()

    def arm(self, name: str, at: int, count: int) -> None:
        """Arm `name`, or `name:argument`, for the `at`th opportunity from now, `count` times in a row.

        Raises:
            UnknownFault: it is not on the menu, or at or count is below 1.
        """
        kind, _, argument = name.partition(":")
        if kind not in FAULTS:
            raise UnknownFault(f"no such fault: {kind} (known: {', '.join(FAULTS)})")
        if at < 1 or count < 1:
            raise UnknownFault("at and count start at 1")
        with self._lock:
            self._armed.setdefault(kind, []).append(_Armed(argument, at, count))

    def strike(self, name: str, only: str = "") -> str | None:
        """Count one opportunity; return the argument of the fault that strikes, or None.

        With `only`, faults whose argument is neither empty nor equal to it do not count this opportunity.
        """
        with self._lock:
            struck: str | None = None
            for armed in list(self._armed.get(name, ())):
                if only and armed.argument not in {"", only}:
                    continue
                armed.at -= 1
                if armed.at <= 0:
                    struck = armed.argument
                    armed.count -= 1
                    if armed.count == 0:
                        self._armed[name].remove(armed)
            return struck

    def listed(self) -> list[dict[str, object]]:
        """Return what is armed, as a JSON value."""
        with self._lock:
            return [
                {"name": name, "argument": armed.argument, "at": armed.at, "count": armed.count}
                for name, several in self._armed.items()
                for armed in several
            ]
