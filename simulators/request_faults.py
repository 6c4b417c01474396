"""The fault menu of a server: what is armed, and which request it strikes."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from simulators.fault_menu import Countdown, UnknownFault, require_armable


@dataclass(frozen=True)
class Fault:
    """A fault that strikes a request; no name: none."""

    name: str = ""
    value: str = ""

    def number(self, default: float) -> float:
        """Its value as a number."""
        return float(self.value) if self.value else default


@dataclass
class _Armed(Countdown):
    fault: Fault
    method: str


class RequestFaults:
    """The armed faults of one server; safe to use from several threads.

    Args:
        faults: the names that can be armed.
        only: the method that a fault belongs to, whatever is said; for those that belong to one.
        usual: the method where none is said; empty = any.
    """

    def __init__(
        self, faults: Collection[str], only: Mapping[str, str] | None = None, usual: str = ""
    ) -> None:
        self._faults, self._only, self._usual = faults, only or {}, usual
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def arm(self, name: str, at: int = 1, count: int = 1) -> None:
        """Arm `name`, `name:METHOD` or `name:METHOD:VALUE` for the `at`th request from now, `count` times.

        Raises:
            UnknownFault: it is not on the menu, its value is no number, or at or count is below 1.
        """
        kind, _, rest = name.partition(":")
        method, _, value = rest.partition(":")
        require_armable(kind, self._faults, at, count)
        try:
            float(value or 0)
        except ValueError:
            raise UnknownFault(f"no number: {value}") from None
        method = self._only.get(kind, method or self._usual)
        with self._lock:
            self._armed.append(_Armed(at, count, Fault(kind, value), method))

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
                if armed.strikes():
                    struck = armed.fault
                if armed.is_over:
                    self._armed.remove(armed)
            return struck

    def listed(self) -> list[dict[str, object]]:
        """What is armed, as a JSON value."""
        with self._lock:
            return [
                {
                    "name": one.fault.name,
                    "method": one.method,
                    "value": one.fault.value,
                    "at": one.at,
                    "count": one.count,
                }
                for one in self._armed
            ]
