"""A batch of letters from the command to the files in a folder, beside the page alone.

`LETTERS=2000 python -m tests.bench --name letters` for more of them.
"""

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from templates.letters.press import Press
from templates.letters.values import LetterValues
from tests.bench.clocking import Spent, spent_on
from tests.bench.letters_content import FOLDERS, make_letters
from tests.bench.rows import BenchFailed, Row
from tests.letters_killed.office import CLERK, CommandFailed, LetterOffice
from tests.letters_killed.watching import peaks_of

LETTERS: Final = int(os.environ.get("LETTERS", "400"))
FEW: Final = 50  # letters of the batch that is taken off: the start of its processes is in both
PAGES: Final = 50
LOOK: Final = 0.1
MEMORY_GOAL: Final = 1.3


@dataclass(frozen=True)
class BatchRun:
    """One batch: what it has spent with its processes, and the peak memory of them all, in MiB."""

    spent: Spent
    peak: float


def batch_rows() -> Iterator[Row]:
    """Issue a few letters, then many more, and draw some pages alone.

    Raises:
        BenchFailed: the office cannot be opened, or a batch did not end well.
    """
    with tempfile.TemporaryDirectory(prefix="bench-letters-") as name:
        office = LetterOffice(Path(name))
        try:
            office.open(FEW, seed=1)
            few = run_batch(office)
            office.hold(FEW + LETTERS, seed=1, first=FEW)
        except CommandFailed as failure:
            raise BenchFailed(str(failure)) from failure
        many = run_batch(office)
    each, page = many.spent.less(few.spent, LETTERS), page_alone(make_letters(PAGES))
    what = f"a letter of a batch of {FEW + LETTERS}, number to file"
    yield Row(f"{what}: ms", each.wall, page.wall, "its page alone, unsigned")
    yield Row(f"{what}: ms of all cores", each.cores, page.cores, "the same")
    yield Row(
        f"peak memory of a batch of {FEW + LETTERS}, all processes: MiB",
        many.peak,
        few.peak,
        f"batch of {FEW}",
        MEMORY_GOAL,
    )


def run_batch(office: LetterOffice) -> BatchRun:
    """Issue letters for everybody who has none, into a folder.

    Raises:
        BenchFailed: it did not end well.
    """
    wanted = ("--all-eligible", "--reason", "lost", "--by", CLERK, "--out", str(office.folder / "out"))
    wall, cores, peaks = time.perf_counter(), _cores(), dict[str, float]()
    with subprocess.Popen(
        office.command("letters", "batch", *wanted, "--json"),
        env=office.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None:
            peaks = peaks_of(process.pid, peaks)
            time.sleep(LOOK)
    wall, cores = time.perf_counter() - wall, _cores() - cores
    if process.returncode:
        raise BenchFailed(f"a batch ended with {process.returncode}")
    return BatchRun(Spent(wall * 1000, cores * 1000), sum(peaks.values()))


def page_alone(letters: Sequence[LetterValues]) -> Spent:
    """What the page of a letter takes, as a file of its own and without a signature."""
    press = Press.load(FOLDERS)
    press.one_letter(letters[0])
    work = spent_on(lambda: [press.one_letter(letter) for letter in letters])
    return work.less(Spent(0, 0), len(letters))


def _cores() -> float:
    """Seconds of the processes that have ended, and of those that they have waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
