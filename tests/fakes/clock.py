"""A clock that tests move."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class FakeClock:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.on_sleep: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return datetime(2017, 3, 17, 8, 0, tzinfo=UTC) + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, duration: float) -> None:
        self.elapsed += duration
        self.on_sleep()
