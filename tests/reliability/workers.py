"""Forked workers, each on a core of its own: what one of them does, it does one step after the other."""

import gc
import logging
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.pool import Pool
from multiprocessing.sharedctypes import Synchronized
from typing import Final

from tests.reliability.world import die_with_parent

WORKERS: Final = 2
ALLOCATIONS: Final = 50_000  # between two looks of the garbage collector; most of what is loaded stays


@contextmanager
def workers(count: int = WORKERS) -> Iterator[Pool]:
    """Fork workers from this process, with all that it has loaded. They die with the block."""
    context = multiprocessing.get_context("fork")
    turns = context.Value("i", 0)
    gc.freeze()
    with context.Pool(count, initializer=_begin, initargs=(turns,)) as pool:
        yield pool


def _begin(turns: "Synchronized[int]") -> None:
    die_with_parent()
    with turns.get_lock():
        turn, turns.value = turns.value, turns.value + 1
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[turn % len(cores)]})  # a question and its answer stay in one cache
    gc.set_threshold(ALLOCATIONS)
    logging.disable(logging.WARNING)  # the drivers tell of the faults that are struck on purpose
