"""Imports that are killed at random moments: `python -m tests.fuzz.killed_import --count 50000`.

Each import is a process of its own that takes the same bundles in. It is killed with SIGKILL after a random
time and begun again, until one comes to its end. Then every record is there, once, and can be read, and the
memory of each process has stayed flat.
"""

import argparse
import faulthandler
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

from simulators.recording_station.program import write_bundles
from station.journal.store import broken_at
from tests.fakes.exchange import SENDER, STATION
from tests.fakes.intake import IntakeStation

PATIENCE: Final = 3600.0  # seconds for the import that is not killed
LOOK: Final = 0.02
OPENED: Final = 500  # records whose content is opened in the end; of all others the hash is compared


@dataclass(frozen=True)
class Campaign:
    """What came of it.

    Attributes:
        kills: imports that were killed.
        peak: the most memory that any of them has used, in MiB.
        first, last: peak memory of the first and the last import, in MiB.
        begun: records that were in at each beginning.
    """

    kills: int
    peak: float
    first: float
    last: float
    begun: tuple[int, ...]


class Lost(AssertionError):
    """Something was lost, or is there twice."""


def child(data: Path, bundles: Path) -> int:
    """One import, to its end; this is what is killed."""
    faulthandler.enable()  # a library that crashes says where
    station = IntakeStation(data)
    files = sorted(bundles.rglob("*.bundle"))
    results = station.take(*files)
    station.close()
    return 0 if all(one.finished and not one.set_aside for one in results) else 1


def campaign(folder: Path, count: int, per_bundle: int, kills: int, seed: int) -> Campaign:
    """Write bundles, import them with interruptions, and look at what is there.

    Raises:
        Lost: it is not what it must be.
    """
    random, bundles, data = Random(seed), folder / "bundles", folder / "data"
    write_bundles(bundles, count, SENDER, STATION.public_key(), seed=seed, per_bundle=per_bundle)
    peaks, begun, killed = list[float](), list[int](), 0
    while True:
        begun.append(_held(data))
        process = _start(data, bundles)
        left = kills - killed
        goal = (
            begun[-1] + random.randint(0, max(1, 2 * (count - begun[-1]) // (left + 1))) if left > 0 else None
        )
        peak = _run_until(process, data, goal, random)
        peaks.append(peak)
        if process.returncode == 0:
            break
        if process.returncode != -signal.SIGKILL:
            raise Lost(f"an import ended with {process.returncode}")
        killed += 1
    examine(data, count)
    return Campaign(killed, max(peaks), peaks[0], peaks[-1], tuple(begun))


def examine(data: Path, count: int) -> None:
    """Look at all that is there.

    Raises:
        Lost: something is missing, there twice, or cannot be read.
    """
    station = IntakeStation(data)
    try:
        found = [str(record) for (record,) in station.values("SELECT record FROM held_records")]
        _equal("held records", len(found), count)
        for table, where in (
            ("intake_verdicts", "verdict = 'accepted'"),
            ("intake_verdicts", "1"),
            ("journal", "name = 'record_received'"),
            ("deliveries", "kind = 'record'"),
        ):
            _equal(f"{table} where {where}", station.count(table, where), count)
        _equal("set aside", station.count("set_aside"), 0)
        places = station.values(
            'SELECT segment, "offset", length FROM held_records ORDER BY segment, "offset"'
        )
        for (segment, offset, length), (after, begin, _) in pairwise(places):
            if segment == after and int(str(offset)) + int(str(length)) > int(str(begin)):
                raise Lost("two records lie over each other")
        with station.database.reading() as transaction:
            _equal("broken row of the journal", broken_at(transaction), None)
        for record in found:
            station.holding.sealed(record)  # compares the hash
        for record in found[:: max(1, count // OPENED)]:
            _equal("id inside", station.holding.content(record).data.record_id, record)
    finally:
        station.close()


def _equal(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Lost(f"{what}: {found}, not {wanted}")


def _start(data: Path, bundles: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.fuzz.killed_import", "--child", str(data), str(bundles)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)


def _run_until(process: "subprocess.Popen[bytes]", data: Path, goal: int | None, random: Random) -> float:
    """Wait for the end, or kill it a moment after so many records are in; return its peak memory in MiB."""
    peak, end = 0.0, time.monotonic() + PATIENCE
    while process.poll() is None:
        peak = max(peak, _peak_of(process.pid))
        if goal is not None and _held(data) >= goal:
            time.sleep(random.uniform(0, 0.05))  # anywhere within a batch
            process.kill()
            process.wait()
        elif time.monotonic() > end:
            process.kill()
            raise Lost("an import does not end")
        time.sleep(LOOK)
    return peak


def _held(data: Path) -> int:
    """How many records are in; asked from outside, while the import writes."""
    if not (data / "station.db").exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{data / 'station.db'}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM held_records").fetchone()[0])
    except sqlite3.Error:
        return 0  # its tables are being made


def _peak_of(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in text.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) / 1024 if found else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign; the last line is JSON. Exit status 0 when all is there, once."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.killed_import", description=__doc__)
    parser.add_argument("--count", type=int, default=50_000, help="records")
    parser.add_argument("--per-bundle", type=int, default=1, help="records in a bundle")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        return child(*options.child)
    folder = Path(tempfile.mkdtemp(prefix="killed-import-"))
    try:
        done = campaign(folder, options.count, options.per_bundle, options.kills, options.seed)
    except Lost as lost:
        sys.stdout.write(f"seed {options.seed}: {lost}\n")
        return 1
    finally:
        shutil.rmtree(folder)
    sys.stdout.write(
        f"{options.count} records in, {done.kills} imports killed at {list(done.begun[1:])}; peak memory "
        f"{done.peak:.0f} MiB (first import {done.first:.0f}, last {done.last:.0f})\n"
    )
    sys.stdout.write(
        json.dumps({"records": options.count, "kills": done.kills, "peak_mib": done.peak}) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
