"""One disk after a power cut: written into a folder, opened with the real code, recovered and checked."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from station.errors import StationError
from tests.crash.lost_writes.database import digest
from tests.crash.lost_writes.day import DayPlan, work_off
from tests.crash.lost_writes.devices import FoundLane, TruthFolder
from tests.crash.lost_writes.invariants import (
    Violation,
    as_found,
    lock_is_free,
    pin_guarded,
    recovered,
)
from tests.crash.lost_writes.known import Known
from tests.crash.lost_writes.recorded_day import RECORDS, TRUTHS
from tests.crash.lost_writes.recording import WATCHED
from tests.fakes.devices import FakeLane
from tests.fakes.station import FakeStation


class Examiner:
    """Examines disks. A database and devices that were recovered once are not recovered again."""

    def __init__(self, root: Path, plan: DayPlan) -> None:
        self._folder, self._plan = root / "found", plan
        self._truths = TruthFolder(root / TRUTHS)
        self._records = sorted((root / RECORDS).iterdir())
        self._recoveries: dict[tuple[str, int], tuple[Violation, ...]] = {}
        self._guards: dict[tuple[bytes, str | None], tuple[Violation, ...]] = {}
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
        data = self._lay_out(files)
        try:
            return list(self._examine(data, files, known))
        except (StationError, LookupError, OSError, ValueError) as error:
            return [Violation("opens", f"{type(error).__name__}: {error}")]

    def _lay_out(self, files: Mapping[str, bytes]) -> Path:
        shutil.rmtree(self._folder, ignore_errors=True)
        data = self._folder / WATCHED
        data.mkdir(parents=True)
        for path, content in files.items():
            self._folder.joinpath(path).write_bytes(content)
        return data

    def _examine(self, data: Path, files: Mapping[str, bytes], known: Known) -> Iterator[Violation]:
        lock_is_free(data)
        yield from self._guard(data, files, known)
        lane = self._truths.load(known.truth)
        station = FakeStation(data, lane)
        try:
            with station.database.reading() as connection:
                found = tuple(as_found(connection, known, self._empty))
                situation = (digest(connection), known.truth)
            yield from found
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

    def _recover(
        self, station: FakeStation, lane: FoundLane, situation: tuple[str, int]
    ) -> Sequence[Violation]:
        if situation not in self._recoveries:
            work_off(station, lane, self._records, self._plan.blanks)
            self._recoveries[situation] = tuple(recovered(station, lane, self._plan.cards))
        return self._recoveries[situation]
