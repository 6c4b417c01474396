"""Timing small pieces of work."""

import statistics
import time
from collections.abc import Callable
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
