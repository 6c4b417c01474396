"""The whole way: record a day, cut the power at every point, examine what each cut may leave behind."""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Protocol

from tests.crash.lost_writes.cuts import Limits, remains
from tests.crash.lost_writes.disk import Disk, Event, Mark, SyncFile, SyncFolder
from tests.crash.lost_writes.invariants import Violation
from tests.crash.lost_writes.known import Known, knowledge
from tests.crash.lost_writes.recording import Reader
from tests.crash.lost_writes.tracing import read_trace, run_traced

MEMORY = Path("/dev/shm")
ROOM = 1 << 30
SHOWN = 10


class Examining(Protocol):
    """Opens disks of one day."""

    @property
    def recoveries(self) -> int:
        """How many different situations were recovered from."""

    def examine(self, files: Mapping[str, bytes], known: Known) -> list[Violation]:
        """Say what does not hold on a disk."""


class Day(Protocol):
    """A day that can be recorded."""

    @property
    def module(self) -> str:
        """The program that is recorded. Its first argument is the root, its last a commit to leave out."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Its arguments in between."""

    @property
    def database(self) -> str:
        """Where it has its database, below the root."""

    def prepare(self, root: Path) -> None:
        """Put down what the day begins with, outside of what is recorded."""

    def examiner(self, root: Path) -> Examining:
        """What opens its disks."""


@dataclass(frozen=True)
class Campaign:
    """What is tried.

    Attributes:
        day: what is recorded.
        limits: how many disks at each cut.
        seed: of every choice.
        stop_at_first: end at the first violation.
        without_commit: a caller whose commit is taken out of the recorded program.
        pretended: whether that commit counts as acknowledged.
    """

    day: Day
    limits: Limits
    seed: int = 1
    stop_at_first: bool = False
    without_commit: str | None = None
    pretended: bool = True


@dataclass
class Counts:
    """What has come of it. `built` disks of which `opened` were different ones.

    `day_failed` is the last word of the recorded program when it did not even get through its day.
    """

    day_failed: str = ""
    events: Counter[str] = field(default_factory=Counter)
    cuts: int = 0
    built: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    opened: int = 0
    recovered: int = 0
    passed: int = 0
    failed: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        """Take in what has come of another day."""
        self.day_failed = self.day_failed or other.day_failed
        self.events += other.events
        self.kinds += other.kinds
        self.rules += other.rules
        self.cuts += other.cuts
        self.built += other.built
        self.opened += other.opened
        self.recovered += other.recovered
        self.passed += other.passed
        self.failed += other.failed
        self.failures += other.failures

    @property
    def holds(self) -> bool:
        """Whether everything was tried and everything holds."""
        return not self.failed and not self.day_failed and self.opened > 0


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory where there is one: thousands of disks are written, and none must last."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    place = MEMORY if roomy else None
    with TemporaryDirectory(prefix="lost-writes-", dir=place) as folder:
        yield Path(folder).resolve()


def record(root: Path, campaign: Campaign) -> list[Event]:
    """Record the day in a child process.

    Raises:
        TracingFailed: strace cannot trace here, the day failed, or it changed a file in an unknown way.
    """
    day = campaign.day
    day.prepare(root)
    command = [sys.executable, "-B", "-m", day.module, str(root), *day.arguments]
    if campaign.without_commit:
        command.append(campaign.without_commit)
    trace = root / "trace"
    run_traced(command, trace, {"OPENBLAS_NUM_THREADS": "1"})
    events = list(Reader(root).events(read_trace(trace)))
    trace.unlink()
    return events


def run(campaign: Campaign) -> Counts:
    """Record, cut, examine, count."""
    with scratch() as root:
        events = record(root, campaign)
        counts = Counts(events=Counter(type(event).__name__ for event in events))
        examiner = campaign.day.examiner(root)
        _examine_cuts(events, campaign, examiner, counts)
        counts.recovered = examiner.recoveries
    return counts


def _examine_cuts(events: list[Event], campaign: Campaign, examiner: Examining, counts: Counts) -> None:
    disk, random = Disk(), Random(campaign.seed)
    known = knowledge(events, pretended=campaign.pretended)
    seen: set[bytes] = set()
    for at, event in enumerate(events):
        if _is_cut(events, at):
            _examine_cut(disk, known[at], campaign, random, examiner, seen, counts)
        disk.take(event)
        if counts.failed and campaign.stop_at_first:
            return
    _examine_cut(disk, known[-1], campaign, random, examiner, seen, counts)


def _is_cut(events: list[Event], at: int) -> bool:
    """Cuts are before each sync, and before and after each mark; more is pending at none in between."""
    here = isinstance(events[at], SyncFile | SyncFolder | Mark)
    return here or (at > 0 and isinstance(events[at - 1], Mark))


def _examine_cut(
    disk: Disk,
    known: Known,
    campaign: Campaign,
    random: Random,
    examiner: Examining,
    seen: set[bytes],
    counts: Counts,
) -> None:
    counts.cuts += 1
    for remain in remains(disk, campaign.limits, random):
        counts.built += 1
        counts.kinds[remain.kind] += 1
        files = disk.after_cut(remain.landed)
        key = _key(files, known)
        if key in seen:
            continue
        seen.add(key)
        if remain.kind == "mixed":
            files[f"{campaign.day.database}-shm"] = random.randbytes(32768)  # nobody promises what is in it
        counts.opened += 1
        violations = examiner.examine(files, known)
        counts.failed += bool(violations)
        counts.passed += not violations
        for violation in violations:
            counts.rules[violation.rule] += 1
            if len(counts.failures) < SHOWN:
                counts.failures.append(
                    f"cut {counts.cuts}, {remain.kind}: {violation.rule}: {violation.detail}"
                )
        if violations and campaign.stop_at_first:
            return


def _key(files: dict[str, bytes], known: Known) -> bytes:
    key = blake2b(repr(known).encode(), digest_size=16)
    for path in sorted(files):
        key.update(path.encode() + b"\0" + len(files[path]).to_bytes(8, "big") + files[path])
    return key.digest()
