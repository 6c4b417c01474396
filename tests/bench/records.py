"""Taking records in: a durable import beside a raw append, and its memory.

`RECORDS=50000 python -m tests.bench --name records` for the backlog of an outage.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.recording_station.bundle import Sender, load_station_key
from simulators.recording_station.program import write_bundles
from simulators.rig.token_files import KEYS, TokenFiles, make_batch_key, write_secret
from tests.bench.rows import BenchFailed, Group, Row

_ASKED: Final = os.environ.get("RECORDS", "")
RECORDS: Final = int(_ASKED) if _ASKED.isdigit() else 2000  # for the group `fingers` RECORDS names a folder
FEW: Final = 200  # records of the import that the memory is compared with
RAW: Final = 1000  # records that are appended raw, before and after the import
TOGETHER: Final = 100
RAW_APPEND: Final = "raw append, fdatasync each"
GOAL: Final = 1 / 0.6  # issue 4: at least 0.6 of the raw rate
LIMIT: Final = 1800.0
SETTINGS: Final = """\
data = "data"

[office]
province = "JAWA REKAAN"
regency = "KABUPATEN CONTOHARJO"

[keys]
{keys}

[disk_space]
warn_below = 0
stop_intake_below = 0
stop_cards_below = 0

[[lanes]]
name = "A"
printer = "socket://127.0.0.1:9"
reader = "pcsc:///nobody"
"""


@dataclass(frozen=True)
class Imported:
    """What one import has cost: seconds, of processor and of the clock; peak memory in MiB."""

    records: int
    seconds: float
    cpu: float
    peak: float


class BenchStation:
    """A station with a token of its own and nothing in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, TokenFiles(folder)
        write_secret(self.files.batch_key, make_batch_key(1).hex())
        self._run("-m", "simulators.rig.token_maker", "--folder", str(folder))
        keys = "\n".join(f"{name} = {json.dumps(self.files.url(name))}" for name in KEYS)
        (folder / "station.toml").write_text(SETTINGS.format(keys=keys), encoding="utf-8")
        self.sender = Sender.at(folder / "sender.key")
        trusted = folder / "senders" / "recording_station"
        trusted.mkdir(parents=True)
        shutil.copy(folder / "sender.pem", trusted)

    def write(self, name: str, count: int, per_bundle: int) -> Path:
        """Write bundles of made-up people for this station."""
        out = self.folder / name
        write_bundles(
            out, count, self.sender, load_station_key(self.files.exchange_key), per_bundle=per_bundle
        )
        return out

    def take_in(self, bundles: Path) -> Imported:
        """Take them in, in a process of its own."""
        said = self._run("-m", "tests.bench.records_import", str(self.folder), str(bundles))
        return Imported(**json.loads(said))

    def least(self, bundles: Path, processes: int) -> float:
        """Seconds a record of reading, cryptography, token and rows alone, in so many processes at once."""
        words = (sys.executable, "-m", "tests.bench.records_floor", str(self.folder), str(bundles))
        with ExitStack() as stack:
            running = [
                stack.enter_context(
                    subprocess.Popen(
                        [*words, str(part), str(processes)],
                        env=self._environment(),
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        text=True,
                    )
                )
                for part in range(processes)
            ]
            for one in running:
                if one.stdout is None or one.stdout.readline() != "ready\n":
                    raise BenchFailed("records_floor does not begin")
            for one in running:
                if one.stdin is not None:
                    one.stdin.write("\n")
                    one.stdin.flush()
            said = [json.loads(one.communicate(timeout=LIMIT)[0]) for one in running]
        return max(float(one["seconds"]) for one in said) / sum(int(one["records"]) for one in said)

    def empty(self) -> None:
        """Throw away all that was taken in."""
        shutil.rmtree(self.folder / "data")

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "SOFTHSM2_CONF": str(self.files.configuration),
            "STATION_CONFIG": str(self.folder / "station.toml"),
        }

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        if done.returncode != 0:
            raise BenchFailed(f"{words[1]} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout


def raw_append(folder: Path, records: int, size: int) -> float:
    """Seconds for one record that is appended with an `fdatasync` of its own: the mean of so many."""
    content = os.urandom(size)
    file = folder / "raw"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    begun = time.perf_counter()
    for _ in range(records):
        os.write(descriptor, content)
        os.fdatasync(descriptor)
    seconds = time.perf_counter() - begun
    os.close(descriptor)
    file.unlink()
    return seconds / records


def measure() -> Sequence[Row]:
    """Import one record a bundle, then a hundred a bundle."""
    with tempfile.TemporaryDirectory(prefix="bench-records-") as name:
        station = BenchStation(Path(name))
        few = station.take_in(station.write("few", FEW, 1))
        station.empty()
        return (*_import_rows(station, 1, few), *_import_rows(station, TOGETHER, few))


def _floor_rows(station: BenchStation, bundles: Path, what: str, each: float, raw: float) -> Sequence[Row]:
    """The import beside what no import can do without, and that beside the raw append."""
    one, two = station.least(bundles, 1), station.least(bundles, 2)
    floor = "reading, cryptography, token and rows alone"
    return (
        Row(f"durable import, {what}: ms a record", each * 1000, one * 1000, floor),
        Row(f"{floor}: ms a record", one * 1000, raw * 1000, RAW_APPEND),
        Row("the same by two processes, a database each", two * 1000, raw * 1000, RAW_APPEND),
    )


def _import_rows(station: BenchStation, per_bundle: int, few: Imported) -> Sequence[Row]:
    """One import between two raw appends; what it took in stays."""
    if (station.folder / "data").exists():
        station.empty()
    bundles = station.write("many", RECORDS, per_bundle)
    size = sum(file.stat().st_size for file in bundles.rglob("*.bundle")) // RECORDS
    before = raw_append(station.folder, RAW, size)
    done = station.take_in(bundles)
    raw = (before + raw_append(station.folder, RAW, size)) / 2
    if done.records != RECORDS:
        raise BenchFailed(f"{done.records} of {RECORDS} records were taken in")
    what = f"{RECORDS} records of {size / 1000:.0f} kB, {per_bundle} a bundle"
    each = done.seconds / done.records
    least = _floor_rows(station, bundles, what, each, raw) if per_bundle == 1 else ()
    shutil.rmtree(bundles)
    return (
        *least,
        Row(
            f"durable import, {what}: ms a record",
            each * 1000,
            raw * 1000,
            RAW_APPEND,
            GOAL,
        ),
        Row(
            f"of that its own CPU, {per_bundle} a bundle: ms a record",
            done.cpu / done.records * 1000,
            raw * 1000,
            "the same",
        ),
        Row(
            f"peak memory of the import, {per_bundle} a bundle: MiB",
            done.peak,
            few.peak,
            f"import of {FEW}",
            1.3,
        ),
    )


GROUP: Final = Group("records", f"{RECORDS} records taken in durably (RECORDS=50000 for more)", measure)
