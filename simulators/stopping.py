"""A wish to stop that a signal handler may set."""

from __future__ import annotations

import time
from types import FrameType

LOOK = 0.1  # seconds


class StopWish:
    """Set by a signal or by anybody.

    No threading.Event: a second signal inside the handler of the first would wait for the event's own lock.
    """

    def __init__(self) -> None:
        self._wished = False

    def set(self) -> None:
        """Wish to stop."""
        self._wished = True

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Wish to stop; a signal handler."""
        self._wished = True

    def is_set(self) -> bool:
        """Whether somebody wants to stop."""
        return self._wished

    def wait(self, seconds: float) -> bool:
        """Wait that long, or until somebody wants to stop; tell whether somebody does."""
        end = time.monotonic() + seconds
        while not self._wished and time.monotonic() < end:
            time.sleep(LOOK)
        return self._wished
