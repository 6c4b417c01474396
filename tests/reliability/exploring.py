"""Every death, and every second death in the recovery from it.

Two workers are forked from a process that has everything loaded. A pair of deaths is run once for each state
that the first death leaves behind and each state that the second one does: points between which neither the
database nor the printer nor the chip has changed leave the same state, and what follows is the same.
"""

import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Final

from tests.reliability.cases import (
    SCENARIOS,
    CaseResult,
    Scenario,
    StationDied,
    make_template,
    rehearse,
    run_case,
    warm_up,
)
from tests.reliability.invariants import Counts
from tests.reliability.mortal import MortalDatabase
from tests.reliability.station import DATABASE
from tests.reliability.world import fork

MEMORY: Final = Path("/dev/shm")  # SIGKILL loses no page cache, so a file system in memory tells the same


@dataclass
class Tally:
    """What was tried.

    Attributes:
        points: deaths, or pairs of deaths, that are covered.
        runs: cases that were run for them.
        questions: asked of a person in all runs.
        failures: what went wrong, each with its deaths.
    """

    points: int = 0
    runs: int = 0
    questions: int = 0
    counts: Counts = field(default_factory=Counts)
    failures: list[str] = field(default_factory=list)

    def take(self, scenario: str, result: CaseResult) -> None:
        self.runs += 1
        self.questions += result.questions
        self.counts.add(result.examination.counts)
        if not result.passed:
            reasons = [result.failure, *result.examination.faults]
            self.failures.append(f"{scenario}, deaths at {result.deaths}: {'; '.join(filter(None, reasons))}")

    def add(self, other: "Tally") -> None:
        self.points += other.points
        self.runs += other.runs
        self.questions += other.questions
        self.counts.add(other.counts)
        self.failures += other.failures


@cache
def _database(template: Path, scenario: Scenario) -> MortalDatabase:
    """A process' own database, opened anew for each case; what SQLAlchemy has compiled for it is kept."""
    database = MortalDatabase(DATABASE, template / f"case-{os.getpid()}")
    rehearse(template, database, scenario)
    return database


@dataclass(frozen=True)
class Explorer:
    """One scenario and its template. It goes to the workers and back by name, so it holds nothing else."""

    template: Path
    scenario: Scenario

    @property
    def database(self) -> MortalDatabase:
        """The database of this process' cases."""
        return _database(self.template, self.scenario)

    def live(self, deaths: tuple[int, ...]) -> CaseResult:
        """Die at these points, live to the end, and list the points of the last life."""
        return run_case(self.template, self.database, self.scenario, deaths, record=True)

    def die(self, deaths: tuple[int, ...]) -> CaseResult:
        """Die at these points and live to the end."""
        return run_case(self.template, self.database, self.scenario, deaths, record=False)


@contextmanager
def explorers() -> Iterator[list[Explorer]]:
    """Make the templates of all scenarios, and warm this process for those that it forks."""
    root = Path(tempfile.mkdtemp(prefix="reliability-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        found = []
        for number, scenario in enumerate(SCENARIOS):
            template = root / str(number)
            _, status = os.waitpid(fork(partial(make_template, template, scenario)), 0)
            if status:
                raise StationDied(f"no office for {scenario.name}")
            warm_up(template)
            found.append(Explorer(template, scenario))
        yield found
    finally:
        shutil.rmtree(root)


class Exploration:
    """Deaths upon deaths in one scenario, level by level: 1 for one death, 2 for a second in its recovery.

    Each state that a death can leave is taken up once, whichever deaths led there; how many did is counted.
    """

    def __init__(self, pool: Pool, explorer: Explorer) -> None:
        self._pool, self._explorer = pool, explorer
        self._taken_up: set[str] = set()
        self._lives = [(pool.apply(explorer.live, ((),)), 1)]  # each with the ways that lead to its beginning
        self.first_points = len(self._lives[0][0].gaps)

    def next_level(self, most: int | None = None) -> Tally:
        """Die once more, from every state that no earlier life has begun in; `most` takes a sample.

        The points of the tally are all ways to die that lead to the states taken up, on this level or before.
        """
        ways, paths = self._ways(), self._paths()
        fresh = list(paths)
        if most is not None and len(fresh) > most:
            fresh = sorted(random.Random(len(fresh)).sample(fresh, most))
        self._taken_up.update(fresh)
        tally = Tally(points=sum(ways[state] for state in ways if state in self._taken_up))
        deaths = [paths[state] for state in fresh]
        lives = self._pool.imap(self._explorer.live, deaths, chunksize=2)
        self._lives = []
        for state, life in zip(fresh, lives, strict=True):
            tally.take(self._explorer.scenario.name, life)
            self._lives.append((life, ways[state]))
        return tally

    def _ways(self) -> Counter[str]:
        """In how many ways this level's deaths lead to each state."""
        ways: Counter[str] = Counter()
        for life, weight in self._lives:
            for gap in life.gaps:
                ways[gap.state] += weight
        return ways

    def _paths(self) -> dict[str, tuple[int, ...]]:
        """One way to each state that has not been taken up."""
        paths: dict[str, tuple[int, ...]] = {}
        for life, _ in self._lives:
            for number, gap in enumerate(life.gaps, 1):
                if gap.state not in self._taken_up:
                    paths.setdefault(gap.state, (*life.deaths, number))
        return paths


def every_single(pool: Pool, explorer: Explorer, points: int) -> Tally:
    """Die at each point, whether or not another one leaves the same."""
    tally = Tally(points=points)
    ways = [(at,) for at in range(1, points + 1)]
    for result in pool.imap_unordered(explorer.die, ways, chunksize=4):
        tally.take(explorer.scenario.name, result)
    return tally
