"""A clock that tests move."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def now(self) -> datetime:
        return datetime(2017, 3, 17, 8, 0, tzinfo=UTC) + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, duration: float) -> None:
        self.elapsed += duration
