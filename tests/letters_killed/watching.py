"""Watching a command and the processes that it starts, from outside."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path


def peaks_of(process: int, before: Mapping[str, float]) -> dict[str, float]:
    """Peak memory in MiB of a process and of those that it has started: the most of each kind until now."""
    peaks = dict(before)
    for one in (process, *started_by(process)):
        name, peak = _kind(one, process), _peak(one)
        peaks[name] = max(peaks.get(name, 0.0), peak)
    return peaks


def lives(process: int) -> bool:
    """Whether a process is there and is no dead one that waits to be asked for."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def started_by(process: int) -> list[int]:
    """The processes that one has started, and those that they have."""
    found: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            found += [int(child) for child in (thread / "children").read_text().split()]
    return found + [one for child in found for one in started_by(child)]


def letters_there(data: Path) -> int:
    """How many letters are issued; asked from outside, while they are being made."""
    return _count(data, "SELECT count(*) FROM letters WHERE state = 'issued'")


def numbers_begun(data: Path) -> int:
    """How many numbers wait for their letter."""
    return _count(data, "SELECT count(*) FROM letters WHERE state = 'taken'")


def staged(out: Path) -> int:
    """How many files of letters are written and have not got their name yet."""
    return len(list(out.glob(".letter-*.partial")))


def _count(data: Path, statement: str) -> int:
    try:
        with closing(sqlite3.connect(f"file:{data / 'station.db'}?mode=ro", uri=True)) as connection:
            return int(connection.execute(statement).fetchone()[0])
    except sqlite3.Error:
        return 0  # it is busy


def _kind(process: int, command: int) -> str:
    if process == command:
        return "command"
    with suppress(OSError):
        if b"resource_tracker" in Path(f"/proc/{process}/cmdline").read_bytes():
            return "tracker"
    return "worker"


def _peak(process: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
