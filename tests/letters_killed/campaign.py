"""A campaign: batches of the same people, each killed with SIGKILL, until one comes to its end."""

import json
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from tests.letters_killed.office import CLERK, LIMIT, CommandFailed, LetterOffice
from tests.letters_killed.watching import (
    letters_there,
    lives,
    numbers_begun,
    peaks_of,
    staged,
    started_by,
)

LOOK: Final = 0.03
EARLY: Final = 100  # letters of a run after which its memory is looked at first
AFTERWARDS: Final = 20.0  # seconds in which the processes of a killed batch must be gone
ANYWHERE: Final = 0.4  # seconds: less than a portion takes
NUMBERS, FILES, LETTERS = "numbers", "files", "letters"
SEEN: Final = (NUMBERS, FILES, LETTERS)  # numbers without letters, files half written, or nothing but letters


class Survived(AssertionError):
    """A process has outlived its batch."""


@dataclass(frozen=True)
class Death:
    """When a batch is killed: so many seconds after so many letters are there and one of `SEEN` is seen."""

    letters: int
    seen: str
    later: float

    def has_come(self, there: int, data: Path, out: Path) -> bool:
        """Whether it is time."""
        if there < self.letters:
            return False
        if self.seen == NUMBERS:
            return numbers_begun(data) > 0
        return staged(out) > 0 if self.seen == FILES else True


@dataclass
class Run:
    """One batch.

    Attributes:
        letters: that were there when it began. begun: numbers without a letter then. files: half written.
        early, peak: MiB by kind of process, after the first letters and in the end.
    """

    letters: int
    begun: int
    files: int
    made: int = 0
    seconds: float = 0.0
    early: dict[str, float] = field(default_factory=dict)
    peak: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Campaign:
    """What came of it. `void`: numbers that are void. `said`: the last batch's own sum."""

    runs: tuple[Run, ...]
    void: int
    said: dict[str, object]

    @property
    def kills(self) -> int:
        """How many batches were killed."""
        return len(self.runs) - 1

    @property
    def longest(self) -> Run:
        """The batch that has made most letters."""
        return max(self.runs, key=lambda run: run.made)

    @property
    def peak(self) -> dict[str, float]:
        """The most that a process of each kind has used, in MiB."""
        kinds = {kind for run in self.runs for kind in run.peak}
        return {kind: max(run.peak.get(kind, 0.0) for run in self.runs) for kind in sorted(kinds)}

    @property
    def seconds(self) -> float:
        """All batches together."""
        return sum(run.seconds for run in self.runs)


def campaign(folder: Path, count: int, kills: int, seed: int) -> Campaign:
    """Open an office with so many people, kill batches, let the last one end, and examine what is there.

    Raises:
        CommandFailed: something is missing, there twice, or cannot be read.
        Survived: a process of a killed batch goes on.
    """
    random, office, out = Random(seed), LetterOffice(folder), folder / "letters"
    office.open(count, seed)
    runs: list[Run] = []
    words = None
    while words is None:
        run = Run(letters_there(office.data), numbers_begun(office.data), staged(out))
        runs.append(run)
        left = kills - (len(runs) - 1)
        more = random.randint(0, max(1, 2 * (count - run.letters) // (left + 1)))
        seen = SEEN[(len(runs) - 1) % len(SEEN)]
        death = Death(run.letters + more, seen, random.uniform(0, ANYWHERE))
        words = _run(office, out, run, death if left > 0 else None)
    void = int(examine(office, out, count, seed))
    return Campaign(tuple(runs), void, json.loads(words))


def examine(office: LetterOffice, out: Path, count: int, seed: int) -> str:
    """Look at what is there; see `examining`.

    Raises:
        CommandFailed: it is not what it must be.
    """
    python = str(Path(office.command()[0]).parent / "python")
    words = [str(office.folder), str(out), str(count), str(seed)]
    return office.run(python, "-m", "tests.letters_killed.examining", *words)


def _run(office: LetterOffice, out: Path, run: Run, death: Death | None) -> str | None:
    """One batch; what it said in the end, None where it was killed."""
    wanted = ("--all-eligible", "--reason", "lost", "--by", CLERK, "--out", str(out), "--json")
    begun = time.monotonic()
    with (
        (office.folder / "complaints.txt").open("ab") as complaints,
        subprocess.Popen(
            office.command("letters", "batch", *wanted),
            env=office.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,  # a tracker of Python's own says that a killed process has left semaphores
            text=True,
        ) as process,
    ):
        words = _watch(process, (office.data, out), run, death)
    run.made, run.seconds = letters_there(office.data) - run.letters, time.monotonic() - begun
    if process.returncode == -signal.SIGKILL:
        return None
    if process.returncode != 0:
        raise CommandFailed(f"a batch ended with {process.returncode}: {words}")
    return words


def _watch(process: "subprocess.Popen[str]", places: tuple[Path, Path], run: Run, death: Death | None) -> str:
    """Wait for the end, or kill it when its time has come."""
    end = time.monotonic() + LIMIT
    data, out = places
    while True:
        try:
            return process.communicate(timeout=LOOK)[0]
        except subprocess.TimeoutExpired:
            there = letters_there(data)
        run.peak = peaks_of(process.pid, run.peak)
        if not run.early and there >= run.letters + EARLY:
            run.early = dict(run.peak)
        if time.monotonic() > end:
            process.kill()
            raise CommandFailed("a batch does not end")
        if death is not None and death.has_come(there, data, out):
            time.sleep(death.later)
            children = started_by(process.pid)
            process.kill()
            _require_gone(children)


def _require_gone(processes: list[int]) -> None:
    end = time.monotonic() + AFTERWARDS
    while living := [one for one in processes if lives(one)]:
        if time.monotonic() > end:
            raise Survived(f"{len(living)} processes go on after their batch was killed")
        time.sleep(LOOK)
