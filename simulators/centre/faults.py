"""The fault menu of the centre: what is armed, and which request it strikes."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from random import Random

# name -> what happens; `name:METHOD` strikes only at this method, `name:METHOD:VALUE` has a value besides
FAULTS = {
    "hang_up": "the connection ends before anything of the request is read",
    "slow": "the answer comes late; value: seconds of wall time (3)",
    "drip": "the answer comes byte by byte; value: seconds between two bytes (0.2)",
    "no_answer": "the request is ignored and the connection stays open, until the station gives up",
    "server_error": "a 5xx answer without a signature; value: the status (500)",
    "cut_body": "the connection ends inside the body of the request; value: bytes that are read (1000)",
    "cut_answer": "the connection ends inside the answer; value: bytes that are sent (40)",
    "lost_receipt": "a PUT is received and kept, and the connection ends without an answer",
    "repeated_receipt": "the answer of a PUT is sent twice",
    "wrong_receipt": "the receipt of a PUT is another record's, rightly signed",
    "wrong_number": "the receipt of a PUT has another number than the signed one",
    "wrong_signature": "receipts and answers are signed by another key",
    "redirect": "302 to another address",
    "garbage": "bytes that are no HTTP",
    "not_json": "200 with a page of HTML",
    "huge_answer": "200 with an endless body",
}
ONLY_PUT = frozenset({"cut_body", "lost_receipt", "repeated_receipt", "wrong_receipt", "wrong_number"})
AT_RANDOM = ("hang_up", "server_error", "cut_body", "cut_answer", "lost_receipt", "wrong_receipt", "not_json")
"""What a failing centre draws from: each ends at once, so that a long run is not spent waiting."""


class UnknownFault(Exception):
    """A fault that is not on the menu."""


@dataclass(frozen=True)
class Fault:
    """A fault that strikes a request."""

    name: str
    value: str = ""

    def number(self, default: float) -> float:
        """Its value as a number."""
        return float(self.value) if self.value else default


@dataclass
class _Armed:
    fault: Fault
    method: str
    at: int  # opportunities until it strikes; 1 = the next one
    count: int  # opportunities in a row that it strikes


class FaultMenu:
    """The armed faults of one centre; safe to use from several threads."""

    def __init__(self, seed: int = 1, one_in: int = 0) -> None:
        """Arm nothing; with `one_in`, one request of so many fails at random all the time."""
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()
        self._random, self._one_in = Random(f"centre faults {seed}"), one_in

    def arm(self, name: str, at: int = 1, count: int = 1) -> None:
        """Arm `name`, `name:METHOD` or `name:METHOD:VALUE` for the `at`th request from now, `count` times.

        Raises:
            UnknownFault: it is not on the menu, its value is no number, or at or count is below 1.
        """
        kind, _, rest = name.partition(":")
        method, _, value = rest.partition(":")
        if kind not in FAULTS:
            raise UnknownFault(f"no such fault: {kind} (known: {', '.join(FAULTS)})")
        if at < 1 or count < 1:
            raise UnknownFault("at and count start at 1")
        try:
            float(value or 0)
        except ValueError:
            raise UnknownFault(f"no number: {value}") from None
        with self._lock:
            method = "PUT" if kind in ONLY_PUT else method
            self._armed.append(_Armed(Fault(kind, value), method, at, count))

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._armed.clear()

    def strike(self, method: str) -> Fault | None:
        """Count one request; return the fault that strikes it."""
        with self._lock:
            struck: Fault | None = None
            for armed in list(self._armed):
                if armed.method not in {"", method}:
                    continue
                armed.at -= 1
                if armed.at <= 0:
                    struck = armed.fault
                    armed.count -= 1
                    if armed.count == 0:
                        self._armed.remove(armed)
            return struck or self._by_chance(method)

    def listed(self) -> list[dict[str, object]]:
        """What is armed, as a JSON value."""
        with self._lock:
            return [
                {"name": one.fault.name, "value": one.fault.value, "at": one.at, "count": one.count}
                for one in self._armed
            ]

    def _by_chance(self, method: str) -> Fault | None:
        if not self._one_in or self._random.randrange(self._one_in):
            return None
        name = self._random.choice(AT_RANDOM)
        return Fault("server_error") if name in ONLY_PUT and method != "PUT" else Fault(name)
