"""The fault menu of a device: what is armed, and at which opportunity it strikes."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass


class UnknownFault(Exception):
    """A fault that is not on the menu."""


@dataclass
class Countdown:
    """When something that is armed strikes."""

    at: int  # opportunities until it strikes; 1 = the next one
    count: int  # opportunities in a row that it strikes

    def strikes(self) -> bool:
        """Count one opportunity; say whether it strikes now."""
        self.at -= 1
        if self.at > 0:
            return False
        self.count -= 1
        return True

    @property
    def is_over(self) -> bool:
        """Whether it will not strike again."""
        return self.count == 0


@dataclass
class _Armed(Countdown):
    argument: str


def require_armable(name: str, known: Collection[str], at: int, count: int) -> None:
    """See that a fault is on the menu, and that it can strike.

    Raises:
        UnknownFault: it is not, or at or count is below 1.
    """
    if name not in known:
        raise UnknownFault(f"no such fault: {name} (known: {', '.join(known)})")
    if at < 1 or count < 1:
        raise UnknownFault("at and count start at 1")


class FaultMenu:
    """The armed faults of one device; safe to use from several threads."""

    def __init__(self, faults: Collection[str]) -> None:
        """Arm nothing; `faults` are the names that can be armed."""
        self._faults = faults
        self._armed: dict[str, list[_Armed]] = {}
        self._lock = threading.Lock()

    def arm(self, name: str, at: int = 1, count: int = 1) -> None:
        """Arm `name`, or `name:argument`, for the `at`th opportunity from now, `count` times in a row.

        Raises:
            UnknownFault: it is not on the menu, or at or count is below 1.
        """
        kind, _, argument = name.partition(":")
        require_armable(kind, self._faults, at, count)
        with self._lock:
            self._armed.setdefault(kind, []).append(_Armed(at, count, argument))

    def strike(self, name: str, only: str | None = None) -> str | None:
        """Count one opportunity; return the argument of the fault that strikes, or None.

        With `only`, faults whose argument is neither empty nor equal to it do not count this opportunity.
        """
        with self._lock:
            struck: str | None = None
            for armed in list(self._armed.get(name, ())):
                if only is not None and armed.argument not in {"", only}:
                    continue
                if armed.strikes():
                    struck = armed.argument
                if armed.is_over:
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
