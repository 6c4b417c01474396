"""A station on simulators, run as processes whose CPU time can be told apart."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter

from simulators.people.folders import write_record
from simulators.rig import Rig, RigError, RigOptions
from tests.bench.rows import BenchFailed

LANE: Final = "A"
OPERATOR: Final = "Sari"
SPARE: Final = 3  # blanks more than cards
PRINT_READY: Final = "PRINT_READY_RECORD"
LIMIT: Final = 240.0  # seconds that one command may take
LAST_WORDS: Final = 2000  # characters of its output that tell why a command failed


@dataclass(frozen=True)
class Batch:
    """What one `station jobs run` has cost.

    Attributes:
        cards: that became ready.
        cpu: seconds of user and system time of the station's process, its start included.
        device: simulated seconds that the printer and its chips took themselves.
    """

    cards: int
    cpu: float
    device: float


class JournalLine(BaseModel):
    """One row of `station jobs show`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: datetime
    kind: str
    step: str
    outcome: str | None


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    job: int
    state: str


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    journal: tuple[JournalLine, ...]


_LIST: Final = TypeAdapter(tuple[_Listed, ...])
_SHOWN: Final = TypeAdapter(_Shown)


@dataclass(frozen=True)
class BenchOffice:
    """One lane with blanks and records, and the command that works them off."""

    rig: Rig
    folder: Path

    def open_up(self, cards: int) -> Self:
        """Take on an operator, book the blanks, bring in the records."""
        self.station("staff", "add", OPERATOR, "--role", "operator")
        count = str(cards + SPARE)
        self.station("blanks", "receive", "--carton", "K-1", "--count", count, "--by", OPERATOR)
        self.station("blanks", "load", "--lane", LANE, "--count", count, "--by", OPERATOR)
        records = [self._record(number) for number in range(cards)]
        self.rig.announce(records)
        self.station("centre", "sync")
        self.station("jobs", "add", *(str(record) for record in records))
        return self

    def run_batch(self, cards: int) -> Batch:
        """Make some cards with one run of the station.

        Raises:
            BenchFailed: not all of them became ready.
        """
        before, cpu, device = len(self.ready_jobs()), _cpu_of_children(), self._device_seconds()
        self.station("jobs", "run", "--limit", str(cards))
        cpu, device = _cpu_of_children() - cpu, self._device_seconds() - device
        ready = len(self.ready_jobs()) - before
        if ready != cards:
            raise BenchFailed(f"{ready} of {cards} cards became ready")
        return Batch(cards, cpu, device)

    def ready_jobs(self) -> tuple[int, ...]:
        """The numbers of the jobs whose card is ready."""
        listed = _LIST.validate_json(self.station("jobs", "list", "--json"))
        return tuple(sorted(line.job for line in listed if line.state == "ready"))

    def journal(self, job: int) -> tuple[JournalLine, ...]:
        """The journal of one job."""
        return _SHOWN.validate_json(self.station("jobs", "show", str(job), "--json")).journal

    def station(self, *words: str) -> bytes:
        """Run one command of the station and return what it wrote.

        Raises:
            BenchFailed: it failed, or took too long.
        """
        command = [str(Path(sys.executable).parent / "station"), "--lang", "en", *words]
        try:
            done = subprocess.run(
                command,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=LIMIT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BenchFailed(f"station {' '.join(words[:2])}: {error}") from error
        if done.returncode != 0:
            text = (done.stdout + done.stderr).decode(errors="replace")[-LAST_WORDS:]
            raise BenchFailed(f"station {' '.join(words[:2])} ended with {done.returncode}: {text}")
        return done.stdout

    def environment(self) -> dict[str, str]:
        """The environment of the station's processes."""
        return {**os.environ, **self.rig.environment()}

    def _record(self, number: int) -> Path:
        folder = self.folder / "records" / f"{number + 1:04}"
        write_record(1, number, folder, PRINT_READY)
        return folder

    def _device_seconds(self) -> float:
        return self.rig.admin(LANE).truth().device_seconds


@contextmanager
def bench_office(speed: float, cards: int) -> Iterator[BenchOffice]:
    """Open an office that can make `cards` cards, on simulators that run `speed` times as fast as hardware.

    Raises:
        BenchFailed: the station is not there or refuses, or a simulator does not start or answer.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        try:
            with Rig(RigOptions(folder / "rig", speed=speed, hopper=cards + SPARE)) as rig:
                yield BenchOffice(rig, folder).open_up(cards)
        except RigError as error:
            raise BenchFailed(f"the simulators: {error}") from error


def slope(few: Batch, more: Batch) -> float:
    """Return CPU seconds for one card more: the start of the process does not count."""
    return (more.cpu - few.cpu) / (more.cards - few.cards)


def _cpu_of_children() -> float:
    """CPU seconds of the processes that have ended and were waited for: the simulators are still alive."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
