"""The clock of a simulator: simulated seconds, scaled against the wall clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class SimulatorClock:
    """Simulated seconds since start; `speed` of them pass in one second of wall time.

    With speed 0 no wall time is spent at all and the clock shows the sum of what was slept.
    """

    def __init__(self, speed: float = 1.0) -> None:
        """Start the clock at zero.

        Raises:
            ValueError: speed is negative.
        """
        if speed < 0:
            raise ValueError(f"speed must not be negative: {speed}")
        self.speed = speed
        self._started = time.monotonic()
        self._slept = 0.0
        self._ahead = 0.0
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` of simulated time pass; negative and zero durations are nothing."""
        if seconds <= 0:
            return
        with self._lock:
            self._slept += seconds
            gone = min(self._ahead, seconds)
            self._ahead -= gone
        if self.speed:
            time.sleep((seconds - gone) / self.speed)

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Let the simulator's own work be part of the time that the hardware takes, not on top of it.

        What the work took is taken off the next sleeps.
        """
        begun = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._ahead += (time.monotonic() - begun) * self.speed

    def now(self) -> float:
        """Return the simulated seconds since start."""
        if self.speed:
            return (time.monotonic() - self._started) * self.speed
        return self.slept

    @property
    def slept(self) -> float:
        """The simulated seconds that were slept: the time that the hardware itself takes, at any speed."""
        with self._lock:
            return self._slept
