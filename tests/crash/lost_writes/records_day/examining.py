"""One disk of the day of records after a power cut: opened with the real code, recovered and checked."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from station.errors import StationError
from tests.crash.lost_writes.database import digest
from tests.crash.lost_writes.examining import ReopenedDatabases, lay_out
from tests.crash.lost_writes.invariants import Violation, as_found, kept, lock_is_free, upgraded_whole
from tests.crash.lost_writes.known import Known
from tests.crash.lost_writes.recording import WATCHED
from tests.crash.lost_writes.records_day import found, going_on
from tests.crash.lost_writes.records_day.centre import FoundCentre
from tests.crash.lost_writes.records_day.layout import INSTALLED, PLACE, RESTORED, STATION
from tests.crash.lost_writes.records_day.station import RecordsStation, small_segments

Key = bytes


class RecordsExaminer:
    """Examines disks. What was looked at once, or recovered from once, is not a second time."""

    def __init__(self, root: Path) -> None:
        self._root, self._folder = root, root / "found"
        self._recoveries: dict[Key, tuple[Violation, ...]] = {}
        self._restorations: dict[Key, tuple[Violation, ...]] = {}
        self._places: dict[Key, Mapping[str, str]] = {}
        self._databases = ReopenedDatabases()
        self._empty = self._content_when_empty(root / "empty")

    @property
    def recoveries(self) -> int:
        """How many different situations were recovered from."""
        return len(self._recoveries)

    def _content_when_empty(self, folder: Path) -> str:
        station = RecordsStation(folder, self._root, FoundCentre(self._root, 0))
        with station.database.reading() as connection:
            content = digest(connection)
        station.close()
        return content

    def examine(self, files: Mapping[str, bytes], known: Known) -> list[Violation]:
        """Say what does not hold; an exception of the station is a violation too."""
        data = lay_out(self._folder, files)
        for folder in (STATION, *INSTALLED):
            data.joinpath(folder).mkdir(exist_ok=True)
        try:
            with small_segments(), self._databases.opened():
                return list(self._examine(data, files, known))
        except (StationError, LookupError, OSError, ValueError) as error:
            return [Violation("opens", f"{type(error).__name__}: {error}")]

    def _examine(self, data: Path, files: Mapping[str, bytes], known: Known) -> Iterator[Violation]:
        lock_is_free(data / STATION)
        yield from kept(files, known)
        yield from found.brought(files, known)
        yield from found.gone(files, known)
        if None in known.contents and f"{WATCHED}/{STATION}/station.db" in files:
            yield from upgraded_whole(shutil.copytree(data / STATION, self._folder / "copy"))
        yield from self._restored(data, files)
        centre = FoundCentre(self._root, known.truth)
        station = RecordsStation(data, self._root, centre)
        try:
            violations = list(self._as_found(station, files, known))
            yield from violations
            if not violations:
                yield from self._recover(station, centre, files, known)
        finally:
            station.close()

    def _as_found(
        self, station: RecordsStation, files: Mapping[str, bytes], known: Known
    ) -> Iterator[Violation]:
        with station.database.reading() as connection:
            yield from as_found(connection, known, self._empty)
            yield from found.carried(station, connection)
            yield from found.fetched(station, connection)
            yield from found.backed_up(connection, known, self._backups(station, files))
        yield from found.readable(station)
        for fault in station.audit():
            yield Violation("audit", f"{fault.kind} at row {fault.row}")

    def _backups(self, station: RecordsStation, files: Mapping[str, bytes]) -> Mapping[str, str]:
        """The listed backups, each with what is wrong with it; those of the same place are read once."""
        key = _key(_below(files, PLACE))
        if key not in self._places:
            self._places[key] = found.listed_backups(station)
        return self._places[key]

    def _restored(self, data: Path, files: Mapping[str, bytes]) -> Sequence[Violation]:
        """What does not hold in a restored folder; one with the same files is opened once."""
        below = _below(files, RESTORED)
        key = _key(below)
        if below and key not in self._restorations:
            station = RecordsStation(data, self._root, FoundCentre(self._root, 0), data / RESTORED)
            try:
                self._restorations[key] = tuple(found.restored(station))
            finally:
                station.close()
        return self._restorations.get(key, ())

    def _recover(
        self, station: RecordsStation, centre: FoundCentre, files: Mapping[str, bytes], known: Known
    ) -> Sequence[Violation]:
        with station.database.reading() as connection:
            content = digest(connection)
        others = {path: files[path] for path in files if "/station.db" not in path or f"/{PLACE}/" in path}
        keys = [mark.about for mark in known.told if mark.told == "key"]
        key = _key(others, content, *sorted(centre.truth.received), *keys)
        if key not in self._recoveries:
            violations = list(going_on.go_on(station, self._root))
            violations += going_on.all_there(station, centre, self._root)
            violations += self._as_left(station, known)
            self._recoveries[key] = tuple(violations)
        return self._recoveries[key]

    @staticmethod
    def _as_left(station: RecordsStation, known: Known) -> Iterator[Violation]:
        with station.database.reading() as connection:
            yield from found.carried(station, connection)
        yield from found.readable(station)
        yield from found.gone_at_last(station, known)
        for fault in station.audit():
            yield Violation("audit", f"{fault.kind} at row {fault.row} after recovery")


def _below(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    return {path: files[path] for path in files if path.startswith(f"{WATCHED}/{folder}/")}


def _key(files: Mapping[str, bytes], *words: str) -> Key:
    key = blake2b("\0".join(words).encode(), digest_size=16)
    for path in sorted(files):
        key.update(path.encode() + b"\0" + len(files[path]).to_bytes(8, "big") + files[path])
    return key.digest()
