"""Many offices, each drawn from a seed of its own, one after the other in forked workers."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.pool import Pool
from pathlib import Path
from random import Random
from typing import Final

from simulators.people.folders import write_people
from tests.reliability.cases import warm_up
from tests.reliability.exploring import MEMORY
from tests.reliability.mass_office import MassTally, Plan, run_office
from tests.reliability.workers import workers
from tests.reliability.world import fork

JOBS: Final = 250
PEOPLE: Final = 6
PATIENCE: Final = 900.0  # seconds of wall time for an office
# How many of an office's jobs meet a fault, how many a death; how often a person takes a card out.
FAULTS: Final = (0.03, 0.12, 0.12, 0.35)
DEATHS: Final = (0.0, 0.03, 0.08)
REMOVALS: Final = (0.0, 0.3, 0.7)


@dataclass(frozen=True)
class Demand:
    """What is to be simulated.

    Attributes:
        cards: printed cards at the least.
        seed: of the first office; each further one has the next.
        jobs: of each office.
        offices: exactly so many, however many cards they print; None: as many as the cards need.
    """

    cards: int
    seed: int = 1
    jobs: int = JOBS
    offices: int | None = None


@dataclass
class Lived:
    """What became of one office.

    Attributes:
        failure: why it did not come to its end.
        processor: seconds of computing.
    """

    seed: int
    tally: MassTally = field(default_factory=MassTally)
    failure: str = ""
    processor: float = 0.0

    @property
    def failures(self) -> list[str]:
        """What went wrong, each with its office."""
        found = [self.failure] if self.failure else []
        return [f"office {self.seed}: {fault}" for fault in found + self.tally.examination.faults]


@dataclass
class MassResult:
    """What became of all offices."""

    offices: int = 0
    tally: MassTally = field(default_factory=MassTally)
    failures: list[str] = field(default_factory=list)
    processor: float = 0.0
    wall: float = 0.0

    @property
    def cards(self) -> int:
        """Cards that were printed."""
        return self.tally.examination.counts.cards

    def take(self, office: Lived) -> None:
        self.offices += 1
        self.tally.add(office.tally)
        self.failures += office.failures
        self.processor += office.processor


def plan_of(seed: int, folder: Path, records: Sequence[Path], jobs: int) -> Plan:
    """Draw an office: some are quiet, in some little goes right."""
    source = Random(seed)
    faults, deaths, removals = (source.choice(menu) for menu in (FAULTS, DEATHS, REMOVALS))
    return Plan(folder / f"office-{seed}", tuple(records), seed, jobs, faults, deaths, removals)


def live_through(plan: Plan) -> Lived:
    """Simulate one office in this process."""
    before, lived = time.process_time(), Lived(plan.seed)
    try:
        lived.tally = run_office(plan)
    except Exception as error:  # whatever it is, it is a fault that this office has found
        lived.failure = f"{type(error).__name__}: {error}"
    lived.processor = time.process_time() - before
    return lived


def simulate(demand: Demand, tell: Callable[[MassResult], None] = lambda result: None) -> MassResult:
    """Simulate offices until enough cards are printed; `tell` hears of each office.

    Raises:
        multiprocessing.TimeoutError: an office does not come to its end, and does not even fail.
    """
    result, began = MassResult(), time.monotonic()
    with _people() as (root, records), workers() as pool:
        seed, most = demand.seed, demand.offices or demand.cards
        while result.offices < most and (demand.offices or result.cards < demand.cards):
            count = demand.offices or _offices(demand.cards - result.cards, demand.jobs)
            plans = [plan_of(seed + number, root, records, demand.jobs) for number in range(count)]
            for office in _lives(pool, plans):
                result.take(office)
                result.wall = time.monotonic() - began
                tell(result)
            seed += count
    return result


def _offices(cards: int, jobs: int) -> int:
    return -(-cards // jobs)


def _lives(pool: Pool, plans: Sequence[Plan]) -> Iterator[Lived]:
    lives = pool.imap_unordered(live_through, plans)
    for _ in plans:
        yield lives.next(PATIENCE)


@contextmanager
def _people() -> Iterator[tuple[Path, list[Path]]]:
    """The records of the few people whose cards are made; this process knows their faces for all it forks."""
    root = Path(tempfile.mkdtemp(prefix="mass-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        os.waitpid(fork(lambda: _write(root)), 0)
        warm_up(root)
        yield root, sorted((root / "records").iterdir())
    finally:
        shutil.rmtree(root)


def _write(root: Path) -> None:
    write_people(11, PEOPLE, root / "records", "PRINT_READY_RECORD")
