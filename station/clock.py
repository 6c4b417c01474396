"""The only place that asks for the time."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the station needs of a clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for deadlines."""

    def sleep(self, duration: float) -> None:
        """Wait for `duration` seconds of this clock."""


class SystemClock:
    """The clock of the workstation."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for deadlines."""
        return time.monotonic()

    def sleep(self, duration: float) -> None:
        """Wait for `duration` seconds."""
        time.sleep(duration)


def timestamp(moment: datetime) -> str:
    """Write a moment as the journal keeps it: ISO 8601, UTC, microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
