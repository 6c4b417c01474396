"""The fault menu: what is armed, and at which opportunity it strikes."""

from __future__ import annotations

import threading
from dataclasses import dataclass

# name -> where it strikes; what may follow a colon is its argument
FAULTS = {
    "no_answer": "a reply is not sent; argument: only for this mnemonic, status for the status text",
    "cut_answer": "a reply stops in its middle; argument: only for this mnemonic",
    "late_answer": "a reply comes late; argument: seconds of wall time (3)",
    "wrong_answer": "a reply is that of another command; argument: only for this mnemonic",
    "double_answer": "a reply is sent twice; argument: only for this mnemonic",
    "split_answer": "a reply is split over packets; argument: only for this mnemonic",
    "disconnect": "the connection ends inside the data of a bitmap",
    "stall": "USB: the bulk OUT endpoint stalls at a transfer",
    "feeder_empty": "a feed finds nothing, though cards may lie there",
    "double_feed": "a feed takes two cards and jams",
    "jam_before_print": "the card jams on its way to the print station",
    "jam_in_print": "the card jams in the print station; argument: after how many panels (2)",
    "jam_after_print": "the card jams on its way out",
    "jam_at_station": "the card jams on its way to a chip station",
    "ribbon_out_between_panels": "the ribbon ends; argument: after how many panels (2)",
    "cover_open": "the cover is opened at once, and stays so until a person closes it",
    "reject_box_full": "the reject box is full at once, until a person empties it",
    "head_too_hot": "the head is too hot at once, until it has cooled",
    "cleaning_due": "cleaning is due at once, until a person cleans",
    "power_cut": "the power fails at a step; argument: feed, move, panel, eject or reply",
    "chip": "argument: a fault of the card that next reaches a station: name[:nth APDU[:times[:FID in hex]]]",
    "reader": "argument: a fault of the reader slot at the next card there: name[:nth APDU[:times]]",
}


class UnknownFault(Exception):
    """A fault that is not on the menu."""


@dataclass
class _Armed:
    argument: str
    at: int  # opportunities until it strikes; 1 = the next one
    count: int  # opportunities in a row that it strikes


class FaultMenu:
    """The armed faults of one printer; safe to use from several threads."""

    def __init__(self) -> None:
        self._armed: dict[str, list[_Armed]] = {}
        self._lock = threading.Lock()

    def arm(self, name: str, at: int = 1, count: int = 1) -> None:
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

    def strike(self, name: str, only: str | None = None) -> str | None:
        """Count one opportunity; return the argument of the fault that strikes, or None.

        With `only`, faults whose argument is neither empty nor equal to it do not count this opportunity.
        """
        with self._lock:
            struck: str | None = None
            for armed in list(self._armed.get(name, ())):
                if only is not None and armed.argument not in {"", only}:
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
