"""A backup is whole or not there, holds no more than it must, and says what is wrong with it."""

import errno
import os
import sqlite3
import threading
from pathlib import Path
from unittest.mock import patch

import pytest

from station.backup.making import BACKUP_FAILED, BACKUP_MADE
from station.backup.manifest import MANIFEST, SIGNATURE
from station.backup.place import DATABASE
from station.backup.store import last_time
from station.backup.verifying import BackupFault
from station.disk_space.guard import free_bytes
from station.errors import StationError
from station.settings import DiskSpaceSettings
from station.vault import store as vault_store
from tests.fakes.backup import BackupStation
from tests.fakes.devices import FakeLane
from tests.unit.backup.conftest import Opener


def test_a_backup_is_whole_and_holds_every_record(station: BackupStation, folders: list[Path]) -> None:
    station.hold(folders)
    made = station.back_up()
    assert station.place.names() == [made.manifest.name]
    found = station.verify(every_record=True)
    assert found.faults == []
    assert (found.opened, found.records) == (len(folders), len(folders))
    with station.database.reading() as transaction:
        last = last_time(transaction, BACKUP_MADE)
    assert last is not None and last.detail == str(station.place.folder)


def test_only_what_is_new_is_copied(station: BackupStation, folders: list[Path]) -> None:
    station.hold(folders[:4])
    first = station.back_up()
    pieces = {file.name: file.stat().st_mtime_ns for file in station.place.pieces.iterdir()}
    station.hold(folders[4:])
    second = station.back_up(known=True)
    assert [piece.offset for piece in second.manifest.pieces] == [0, first.manifest.pieces[0].length]
    assert second.manifest.pieces[0] == first.manifest.pieces[0]
    for name, written in pieces.items():
        assert (station.place.pieces / name).stat().st_mtime_ns == written, "a piece was written again"
    for made in (first, second):
        assert station.verify(made.manifest.name, every_record=True).faults == []


def test_an_idle_night_copies_no_record_again(station: BackupStation, folders: list[Path]) -> None:
    station.hold(folders)
    station.back_up()
    again = station.back_up(known=True)
    assert again.copied == sum(file.length for file in again.manifest.files)
    assert len(list(station.place.pieces.iterdir())) == 1


def test_a_copy_taken_while_a_lane_writes_is_consistent(station: BackupStation) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with station.database.transaction() as transaction:
                station.journal.event(transaction, "filler")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            station.back_up()
    finally:
        stop.set()
        writer.join()
    for name in station.place.names():
        assert station.verify(name).faults == []


def test_an_erased_key_does_not_get_into_a_backup(station: BackupStation, folders: list[Path]) -> None:
    records = station.hold(folders)
    keys = {}
    with station.database.reading() as transaction:
        for record in records:
            held = vault_store.find(transaction, record)
            assert held is not None and held.wrapped_key
            keys[record] = held.wrapped_key
    for record in records[1:]:
        station.erase(record)
    made = station.back_up()
    content = (station.place.backup(made.manifest.name) / DATABASE).read_bytes()
    assert keys[records[0]] in content
    assert not any(keys[record] in content for record in records[1:])
    assert (made.manifest.records, made.manifest.erased) == (1, len(records) - 1)


def test_the_oldest_go_with_the_pieces_that_nobody_needs(station: BackupStation, folders: list[Path]) -> None:
    records = station.hold(folders[:3])
    names = [station.back_up().manifest.name]
    for record in records:
        station.erase(record)
    for _ in range(station.keep):
        names.append(station.back_up(known=True).manifest.name)
    assert station.place.names() == names[1:]
    assert list(station.place.pieces.iterdir()) == [], "pieces of erased records are kept for nobody"


def test_a_clock_that_was_set_back_does_not_make_the_newest_the_oldest(station: BackupStation) -> None:
    names = [station.back_up().manifest.name for _ in range(station.keep)]
    station.clock.sleep(-86_400)
    names.append(station.back_up(known=True).manifest.name)
    assert station.place.names() == names[1:]


def test_a_lost_record_does_not_keep_the_others_from_being_backed_up(
    station: BackupStation, folders: list[Path]
) -> None:
    station.hold(folders)
    segment = station.folder / "vault" / "000001.seg"
    os.truncate(segment, segment.stat().st_size - 100)
    made = station.back_up()
    assert made.lost == 1
    faults = station.verify(every_record=True).faults
    assert [fault for fault, _ in faults] == [BackupFault.RECORD_LOST]


# ---- trouble with the place ----


def _refused(station: BackupStation, *, known: bool = True) -> StationError:
    with pytest.raises(StationError) as refused:
        station.back_up(known=known)
    return refused.value


def test_a_place_that_is_not_there_is_told_and_dated_once_a_day(station: BackupStation) -> None:
    station.place.folder.rmdir()
    for _ in range(3):
        assert _refused(station, known=False).code == "BACKUP_PLACE_ABSENT"
    with station.database.reading() as transaction:
        rows = transaction.exec_driver_sql("SELECT at FROM journal WHERE name = 'backup_failed'").all()
        last = last_time(transaction, BACKUP_FAILED)
    assert len(rows) == 1
    assert last is not None and last.detail == "BACKUP_PLACE_ABSENT"
    station.clock.sleep(86_400)
    _refused(station, known=False)
    with station.database.reading() as transaction:
        rows = transaction.exec_driver_sql("SELECT at FROM journal WHERE name = 'backup_failed'").all()
    assert len(rows) == 2


def test_an_empty_mount_point_is_not_taken_for_the_disk(station: BackupStation) -> None:
    station.back_up()
    station.place.folder.rename(station.place.folder.with_name("unplugged"))
    station.place.folder.mkdir()
    assert _refused(station).code == "BACKUP_PLACE_ABSENT"
    assert list(station.place.folder.iterdir()) == []


@pytest.mark.parametrize("number", range(1, 10))
def test_a_disk_that_is_unplugged_in_the_middle_leaves_the_old_ones_whole(
    station: BackupStation, folders: list[Path], number: int
) -> None:
    station.hold(folders[:2])
    station.back_up()
    before = station.place.names()
    station.hold(folders[2:])
    sync, seen = os.fsync, 0

    def unplugged(descriptor: int) -> None:
        nonlocal seen
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.is_relative_to(station.place.folder):
            seen += 1
            if seen >= number:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(descriptor)

    with patch("os.fsync", unplugged):
        error = _refused(station)
    assert error.code == "BACKUP_PLACE_FAILED"
    assert seen == number
    for name in station.place.names():
        assert station.verify(name, every_record=True).faults == []
    assert before[0] in station.place.names()
    made = station.back_up(known=True)
    assert station.verify(made.manifest.name, every_record=True).faults == []
    assert not list(station.place.backups.glob(".*"))


def test_a_place_without_room_is_told_before_anything_is_written(
    station: BackupStation, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    station.hold(folders)
    monkeypatch.setattr("station.backup.making.free_bytes", lambda folder: 1000)
    error = _refused(station, known=False)
    assert error.code == "BACKUP_PLACE_FULL"
    assert station.place.names() == []


def test_a_backup_on_the_same_disk_never_takes_the_journals_room(
    opened: Opener, tmp_path: Path, station: BackupStation
) -> None:
    most = free_bytes(tmp_path) + 1_000_000_000_000
    limits = DiskSpaceSettings.model_validate(
        {"warn_below": most, "stop_intake_below": most, "stop_cards_below": 0}
    )
    careful = opened(station.folder, FakeLane(1), limits=limits)
    assert _refused(careful, known=False).code == "DISK_STOPS_INTAKE"


def test_two_backups_at_once_are_refused(station: BackupStation) -> None:
    from station.backup.locking import only_one

    with only_one(station.folder):
        assert _refused(station, known=False).code == "BACKUP_BUSY"


# ---- damage ----


def _flip(file: Path, offset: int = -1) -> None:
    content = bytearray(file.read_bytes())
    content[offset if offset >= 0 else len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


@pytest.mark.parametrize("what", ["database", "anchor", "piece"])
def test_a_changed_byte_is_found(station: BackupStation, folders: list[Path], what: str) -> None:
    station.hold(folders)
    station.seal()
    made = station.back_up()
    folder = station.place.backup(made.manifest.name)
    target = {
        "database": folder / DATABASE,
        "anchor": folder / "journal-heads.log",
        "piece": next(station.place.pieces.iterdir()),
    }[what]
    _flip(target)
    assert station.verify().faults == [(BackupFault.FILE_CHANGED, target.name)]
    target.unlink()
    assert station.verify().faults == [(BackupFault.FILE_MISSING, target.name)]


def test_a_changed_manifest_is_no_longer_signed(station: BackupStation) -> None:
    made = station.back_up()
    file = station.place.backup(made.manifest.name) / MANIFEST
    file.write_text(file.read_text().replace('"erased": 0', '"erased": 1'))
    with pytest.raises(StationError) as refused:
        station.verify()
    assert refused.value.code == "BACKUP_FOREIGN_TOKEN"


@pytest.mark.parametrize("content", [b"", b"zz", b"\xff\xff", b"00" * 64, b"00" * 9])
def test_a_signature_that_is_none_is_refused(station: BackupStation, content: bytes) -> None:
    made = station.back_up()
    (station.place.backup(made.manifest.name) / SIGNATURE).write_bytes(content)
    with pytest.raises(StationError) as refused:
        station.verify()
    assert refused.value.code in ("BACKUP_FOREIGN_TOKEN", "BACKUP_UNREADABLE")


class AnotherToken:
    """Signs, but not as this station does."""

    def sign(self, data: bytes) -> bytes:
        return bytes(64)

    def verify(self, data: bytes, signature: bytes) -> bool:
        return False


def test_another_token_cannot_open_it(station: BackupStation) -> None:
    station.back_up()
    station.key = AnotherToken()
    with pytest.raises(StationError) as refused:
        station.verify()
    assert refused.value.code == "BACKUP_FOREIGN_TOKEN"


def test_a_journal_that_was_rewritten_before_the_backup_is_found(station: BackupStation) -> None:
    station.seal()
    with sqlite3.connect(station.folder / DATABASE) as raw:
        raw.execute("DROP TRIGGER journal_UPDATE")
        raw.execute("UPDATE journal SET payload = '{}' WHERE sequence = 2")
    with pytest.raises(StationError) as refused:
        station.back_up()
    assert refused.value.code == "BACKUP_DAMAGED"
    assert "row_changed 2" in refused.value.details
    assert station.place.names() == [], "a damaged backup is taken for a good one"
