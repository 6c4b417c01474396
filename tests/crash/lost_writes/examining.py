"""One disk after a power cut: written into a folder, opened with the real code, recovered and checked."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from unittest.mock import patch

from station.database import Database
from station.errors import StationError
from tests.crash.lost_writes.database import digest
from tests.crash.lost_writes.day import ANCHOR, DayPlan, add_next, begin, seal_of, work_off
from tests.crash.lost_writes.devices import FoundLane, TruthFolder
from tests.crash.lost_writes.invariants import (
    Violation,
    as_found,
    audited,
    kept,
    lock_is_free,
    pin_guarded,
    recovered,
    upgraded_whole,
)
from tests.crash.lost_writes.known import Known
from tests.crash.lost_writes.recorded_day import RECORDS, TRUTHS
from tests.crash.lost_writes.recording import WATCHED
from tests.fakes import station as fakes
from tests.fakes.devices import FakeLane
from tests.fakes.station import FakeStation

Situation = tuple[str, int, bytes]  # the content of the database, the devices, the signed heads


class ReopenedDatabases:
    """Databases that are opened again and again at the same path: all connections are new each time.

    What SQLAlchemy has prepared for their tables stays: it takes longer than all of a disk otherwise.
    """

    def __init__(self) -> None:
        self._known: dict[Path, Database] = {}

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Have fake stations open their databases so."""
        with patch.object(fakes, Database.__name__, self._open):
            yield

    def _open(self, url: str, folder: Path) -> Database:
        return self._known.setdefault(folder, Database(url, folder))


def lay_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write a disk into a folder; return where the station's data lie."""
    shutil.rmtree(folder, ignore_errors=True)
    data = folder / WATCHED
    data.mkdir(parents=True)
    made = {data}
    for path, content in files.items():
        file = folder / path
        parent = file if path.endswith("/") else file.parent
        if parent not in made:
            parent.mkdir(parents=True, exist_ok=True)
            made.add(parent)
        if parent is not file:
            file.write_bytes(content)
    return data


class Examiner:
    """Examines disks. A database and devices that were recovered once are not recovered again."""

    def __init__(self, root: Path, plan: DayPlan) -> None:
        self._folder, self._plan = root / "found", plan
        self._truths = TruthFolder(root / TRUTHS)
        self._records = sorted((root / RECORDS).iterdir())
        self._recoveries: dict[Situation, tuple[Violation, ...]] = {}
        self._guards: dict[tuple[bytes, str | None], tuple[Violation, ...]] = {}
        self._databases = ReopenedDatabases()
        self._empty = self._content_when_empty(root / "empty")

    @property
    def recoveries(self) -> int:
        """How many different situations were recovered from."""
        return len(self._recoveries)

    def _content_when_empty(self, folder: Path) -> str:
        folder.mkdir()
        station = FakeStation(folder, FakeLane(0))
        with station.database.reading() as connection:
            content = digest(connection)
        station.close()
        return content

    def examine(self, files: Mapping[str, bytes], known: Known) -> list[Violation]:
        """Say what does not hold; an exception of the station is a violation too."""
        data = lay_out(self._folder, files)
        try:
            with self._databases.opened():
                return list(self._examine(data, files, known))
        except (StationError, LookupError, OSError, ValueError) as error:
            return [Violation("opens", f"{type(error).__name__}: {error}")]

    def _examine(self, data: Path, files: Mapping[str, bytes], known: Known) -> Iterator[Violation]:
        lock_is_free(data)
        yield from self._guard(data, files, known)
        yield from kept(files, known)
        if None in known.contents:
            yield from upgraded_whole(shutil.copytree(data, self._folder / "copy"))
        lane = self._truths.load(known.truth)
        station = FakeStation(data, lane)
        try:
            with station.database.reading() as connection:
                found = tuple(as_found(connection, known, self._empty))
                situation = (digest(connection), known.truth, files.get(f"{WATCHED}/{ANCHOR}", b""))
            yield from found
            yield from audited(station)
            if not found:
                yield from self._recover(station, lane, situation)
        finally:
            station.close()

    def _guard(self, data: Path, files: Mapping[str, bytes], known: Known) -> tuple[Violation, ...]:
        markers = blake2b()
        for path in sorted(path for path in files if "/pin-" in path):
            markers.update(path.encode() + b"\0" + files[path])
        key = (markers.digest(), known.refused_pin)
        if key not in self._guards:
            self._guards[key] = tuple(pin_guarded(data, known))
        return self._guards[key]

    def _recover(self, station: FakeStation, lane: FoundLane, situation: Situation) -> Sequence[Violation]:
        if situation not in self._recoveries:
            begin(station, self._plan.blanks)
            cards = add_next(station, self._records, 1)  # what was begun must end, and the work must go on
            work_off(station, lane)
            self._recoveries[situation] = tuple(recovered(station, lane, cards))
            seal_of(station).sign()
            self._recoveries[situation] += tuple(audited(station))
        return self._recoveries[situation]
