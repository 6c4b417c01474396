"""The bandwidth cap: what is sent and fetched, spread over time."""

from collections.abc import Callable, Iterator

from station.clock import Clock

SLICE = 16 * 1024  # bytes; at 8 kB/s a slice takes two seconds


class Pace:
    """Lets so many bytes a second through; without a limit it does nothing."""

    def __init__(self, clock: Clock, pause: Callable[[float], None], bytes_per_second: int | None) -> None:
        """Begin with nothing owed.

        Args:
            clock: tells what time has gone by.
            pause: waits; it may raise when the station is to stop.
            bytes_per_second: the limit; None for none.
        """
        self._clock, self._pause, self._limit = clock, pause, bytes_per_second
        self._free_at = 0.0

    def slices(self, body: bytes) -> bytes | Iterator[bytes]:
        """The body as it is to be sent: whole, or in slices that come no faster than the limit."""
        return body if self._limit is None else self._paced(body)

    def spend(self, count: int) -> None:
        """Wait until `count` more bytes may go."""
        if self._limit is None:
            return
        now = self._clock.monotonic()
        if self._free_at > now:
            self._pause(self._free_at - now)
        self._free_at = max(self._free_at, now) + count / self._limit

    def _paced(self, body: bytes) -> Iterator[bytes]:
        for start in range(0, len(body), SLICE):
            part = body[start : start + SLICE]
            self.spend(len(part))
            yield part
