"""The child that is recorded on the day of records.

python -m tests.crash.lost_writes.records_day.recorded ROOT [SITE]
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

from station.backup.continuation import ContinuationWriter
from station.backup.making import BackupMaker
from station.backup.place import DATABASE
from station.database import Database
from station.errors import StationError
from station.intake.store import waiting
from station.service.lock import StationLock
from station.staff.store import Role, StaffMember
from station.staff.store import add as add_staff
from tests.crash.lost_writes.database import MarkedDatabase, WeakDatabase
from tests.crash.lost_writes.marks import KeptMark, MarkFile, ToldMark
from tests.crash.lost_writes.recorded_day import LOCK, keep
from tests.crash.lost_writes.recording import MARKS, WATCHED
from tests.crash.lost_writes.records_day.centre import MarkedCentre
from tests.crash.lost_writes.records_day.incoming import SECOND, TEAM, read_people
from tests.crash.lost_writes.records_day.layout import (
    GIVEN,
    INCOMING,
    INSTALLED,
    RESTORED,
    STATION,
    WATCH,
)
from tests.crash.lost_writes.records_day.station import RecordsStation, small_segments
from tests.fakes import station as fakes
from tests.fakes.exchange import SoftSigner

BOSS = "Wati"
PATIENCE = 4


class OutOfTheOrdinary(RuntimeError):
    """The day has not gone as it goes."""


def _require(is_so: bool, what: str) -> None:
    if not is_so:
        raise OutOfTheOrdinary(what)


class RecordsDay:
    """One day, step by step. What somebody is told is marked."""

    def __init__(self, root: Path, without_commit: str | None) -> None:
        self._root, self._data = root, root / WATCHED
        self._marker, self._without_commit = MarkFile(root / MARKS), without_commit
        self._centre, self._people = MarkedCentre(root, self._marker), read_people(root)

    def run(self) -> None:
        """The whole day: the station is closed and opened again at noon."""
        with small_segments(), patch(f"station.backup.restoring.{Database.__name__}", WeakDatabase):
            with self._open() as station:
                for folder in INSTALLED:
                    self._install(self._data / folder)
                self._come_in(station)
                self._back_up(station)
                self._send(station)
            with self._open() as station:
                self._carry(station)
                self._give_out(station)
                self._erase(station)
                self._continue(station)
                self._release_continuations(station)
                self._back_up(station)
                self._back_up_onto_a_bad_disk(station)
                self._restore(station)

    @contextmanager
    def _open(self) -> Iterator[RecordsStation]:
        marked = partial(MarkedDatabase, marker=self._marker, without_commit=self._without_commit)
        with StationLock(self._data / STATION / LOCK):
            with patch.object(fakes, Database.__name__, marked):
                station = RecordsStation(self._data, self._root, self._centre)
            yield station
            station.close()

    # ---- the world around the station: what it does lasts ----

    @staticmethod
    def _sync(path: Path) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)

    def _install(self, folder: Path) -> None:
        folder.mkdir()
        self._sync(folder.parent)

    def _bring(self, content: bytes, target: Path) -> None:
        """Somebody puts a file down and waits until it is written."""
        with target.open("xb") as file:
            file.write(content)
        self._sync(target)
        self._sync(target.parent)

    # ---- marks ----

    def _keep(self, path: Path) -> None:
        keep(path, self._root, self._marker)

    def _keep_all(self, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self._keep(path)

    def _tell(self, told: str, about: str) -> None:
        self._marker.write(ToldMark(told=told, about=about))

    # ---- the day ----

    def _come_in(self, station: RecordsStation) -> None:
        with station.database.transaction() as transaction:
            add_staff(transaction, station.journal, StaffMember(name=BOSS, role=Role.SUPERVISOR))
        for name, where in ((TEAM, "set-aside"), (SECOND, "accepted")):
            content = self._root.joinpath(INCOMING, name).read_bytes()
            self._bring(content, self._data / WATCH / name)
            self._tell("brought", sha256(content).hexdigest())
            moved = station.watched.look() + station.watched.look()
            _require(len(moved) == 1 and moved[0].finished, f"{name} was not taken in")
            self._keep(self._data / WATCH / where / name)
        with station.database.reading() as transaction:
            (aside,) = waiting(transaction)
        self._tell("key", (aside.wrapped_key or b"").hex())
        station.deciding.discard(aside.number, BOSS, "not wanted")
        self._tell("gone", (aside.wrapped_key or b"").hex())
        station.seal()

    def _back_up(self, station: RecordsStation) -> None:
        known = bool(station.place.names())
        made = station.back_up(known=known)
        _require(not made.lost, "the backup has lost records")
        writer = ContinuationWriter(station.database, station.place, made.manifest)
        station.seal()
        _require(writer.append() > 0, "nothing goes on after a backup")
        self._keep(station.place.continuation(made.manifest.name))

    def _send(self, station: RecordsStation) -> None:
        exchange = station.exchange()
        done = exchange.round(PATIENCE)
        exchange.close()
        _require((done.tally.received, done.tally.failures) == (2, 1), f"{done.tally}")
        _require((done.heard.statuses, done.heard.records) == (1, 1), f"{done.heard}")

    def _carry(self, station: RecordsStation) -> None:
        """The record whose answer was lost goes by hand, and its receipt comes back by hand."""
        done = station.carrying().export(station.disk)
        _require((done.bundles, done.records) == (1, 1), f"{done}")
        self._keep_all(station.disk.to_centre)
        self._install(station.disk.from_centre)
        receipt = self._centre.receipt(self._people.second.content_hash)
        papers = json.dumps({"receipts": [receipt.model_dump()]}).encode()
        self._bring(papers, station.disk.from_centre / "receipts-1.json")
        _require(station.answers().receive(station.disk).receipts == 1, "the receipt does not count")

    def _give_out(self, station: RecordsStation) -> None:
        record, given = self._people.first.record, self._data / GIVEN
        station.exporting.in_plain(record, given / "plain", BOSS, "asked for it")
        self._keep_all(given / "plain")
        bundle = given / "sealed.bundle"
        station.exporting.to_recipient(record, bundle, station.recipient, SoftSigner(), BOSS, "asked for it")
        self._keep(bundle)

    def _erase(self, station: RecordsStation) -> None:
        held = station.holding.require(self._people.erased.record)
        self._tell("key", (held.wrapped_key or b"").hex())
        station.erasing.erase(held.record, BOSS, "withdrawn")
        self._tell("gone", (held.wrapped_key or b"").hex())

    def _continue(self, station: RecordsStation) -> None:
        """A new process goes on behind what an old one has left half written."""
        (manifest,) = station.place.manifests()
        file = station.place.continuation(manifest.name)
        with file.open("ab") as torn:
            torn.write(b'{"row": {"sequence": 1, "previous_hash": "' + b"0" * 700)
        station.seal()
        written = ContinuationWriter(station.database, station.place, manifest).append()
        _require(written > 0, "the continuation is not gone on with")
        self._keep(file)

    def _release_continuations(self, station: RecordsStation) -> None:
        """With the next backup the old one goes, and its continuation."""
        for file in station.place.continuations.iterdir():
            path = file.relative_to(self._root).as_posix()
            self._marker.write(KeptMark(path=path, length=0, digest=sha256(b"").hexdigest()))

    def _back_up_onto_a_bad_disk(self, station: RecordsStation) -> None:
        good = station.place.names()

        def spoil() -> None:
            """Damage the fresh backup, once, before it is read again."""
            for name in station.place.names():
                if name not in good:
                    good.append(name)
                    self._tell("spoiling", name)
                    file = station.place.backup(name) / DATABASE
                    with file.open("r+b") as database:
                        database.seek(5000)
                        database.write(b"\xff" * 100)
                    self._sync(file)

        station.clock.sleep(1)
        try:
            BackupMaker(station.source, station.place, station.keep, spoil).make(known=True)
        except StationError as error:
            _require(error.code == "BACKUP_DAMAGED", str(error))
            self._tell("spoiled", good[-1])
            return
        raise OutOfTheOrdinary("a damaged backup counts as good")

    def _restore(self, station: RecordsStation) -> None:
        station.restore(self._data / RESTORED)
        _require((self._data / RESTORED / DATABASE).is_file(), "nothing was restored")
        self._keep_all(self._data / RESTORED)


def main(arguments: list[str]) -> None:
    """Read the arguments and run."""
    root, *site = arguments
    RecordsDay(Path(root), site[0] if site else None).run()


if __name__ == "__main__":
    main(sys.argv[1:])
