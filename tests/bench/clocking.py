"""Timing small pieces of work."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

REPEATS: Final = 15


def milliseconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median of several runs, after one that does not count."""
    work()
    return statistics.median(_once(work) for _ in range(repeats))


def _once(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


@dataclass(frozen=True)
class Spent:
    """Milliseconds by the clock on the wall, and of all the processor's cores together."""

    wall: float
    cores: float

    def less(self, other: "Spent", share: int) -> "Spent":
        """Take another time off and divide the rest."""
        return Spent((self.wall - other.wall) / share, (self.cores - other.cores) / share)


def spent_on(work: Callable[[], object]) -> Spent:
    """Run a work once and measure it."""
    wall, cores = time.perf_counter(), time.process_time()
    work()
    return Spent((time.perf_counter() - wall) * 1000, (time.process_time() - cores) * 1000)


def best_of_each(works: Sequence[Callable[[], Spent]], rounds: int) -> list[Spent]:
    """Run works that measure themselves, in turns, and return the least of each but the first."""
    times = [[work() for work in works] for _ in range(rounds + 1)]
    return [
        Spent(min(spent.wall for spent in column), min(spent.cores for spent in column))
        for column in zip(*times[1:], strict=True)
    ]
