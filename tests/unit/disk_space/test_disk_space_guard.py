"""Only what fills the disk stops before the journal can suffer; on a file system that is really full."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.cards.store import JobState
from station.disk_space.guard import DiskSpaceGuard, SpaceLevel, free_bytes, on_same_disk
from station.errors import InputFault, Refused, StationError
from station.journal.store import broken_at
from station.lanes.tools import LaneTools
from station.settings import DiskSpaceSettings, load_settings
from tests.fakes.backup import BackupStation, people
from tests.fakes.devices import FakeLane

KILO = 1000
LIMITS = DiskSpaceSettings.model_validate(
    {"warn_below": "8MB", "stop_intake_below": "6MB", "stop_cards_below": "4MB"}
)
ROOM = 12 * 1024 * KILO


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for 12 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, leave: int) -> None:
    """Somebody else fills the disk until so many bytes are left."""
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free_bytes(disk) - leave)


def test_each_limit_stops_one_thing_more(small_disk: Path) -> None:
    guard = DiskSpaceGuard(small_disk, LIMITS)
    seen = []
    for leave in (9, 7, 5, 3):
        fill(small_disk, leave * KILO * KILO)
        seen.append(guard.look().level)
    assert seen == [SpaceLevel.AMPLE, SpaceLevel.LOW, SpaceLevel.NO_INTAKE, SpaceLevel.NO_CARDS]
    fill(small_disk, 7 * KILO * KILO)
    guard.require_room_for_intake()
    with pytest.raises(Refused) as refused:
        guard.require_room_for_intake(coming=2 * KILO * KILO)
    assert refused.value.code == "DISK_STOPS_INTAKE"
    assert refused.value.values["coming"] == 2
    fill(small_disk, 3 * KILO * KILO)
    with pytest.raises(Refused) as refused:
        guard.require_room_for_card()
    assert refused.value.code == "DISK_STOPS_CARDS"


def test_a_disk_of_its_own_may_be_filled_by_an_export(small_disk: Path, tmp_path: Path) -> None:
    guard = DiskSpaceGuard(small_disk, LIMITS)
    assert not on_same_disk(small_disk, tmp_path)
    guard.require_room_for_export(tmp_path, 100 * KILO * KILO)
    with pytest.raises(Refused):
        guard.require_room_for_export(small_disk, 100 * KILO * KILO)


def test_a_folder_that_is_not_there_yet_is_looked_at_where_it_will_be(small_disk: Path) -> None:
    assert free_bytes(small_disk / "data" / "vault") == free_bytes(small_disk)


def test_the_reserve_carries_the_card_that_was_begun(small_disk: Path, tmp_path: Path) -> None:
    """The disk fills while a card is in the machine: it is finished, and the next one is not begun."""
    folders = people(tmp_path / "people", 2)
    place = tmp_path / "place"
    place.mkdir()
    station = BackupStation(small_disk / "data", place, FakeLane(3), limits=LIMITS)
    station.prepare(3)
    station.add(folders)
    worker = station.worker()
    tools = LaneTools(**{**vars(worker._tools), "require_room": station.source.guard.require_room_for_card})
    worker._tools = tools
    station.devices.hook = lambda where: fill(small_disk, 3 * KILO * KILO) if where == "after feed" else None
    with pytest.raises(Refused) as refused:
        worker.run_batch()
    assert refused.value.code == "DISK_STOPS_CARDS"
    assert [station.job(number).state for number in (1, 2)] == [JobState.READY, JobState.QUEUED]
    with station.database.reading() as transaction:
        assert broken_at(transaction) is None
    station.devices.hook = lambda where: None
    (small_disk / "filler").unlink()
    worker.run_batch()
    assert station.job(2).state is JobState.READY
    station.close()


def test_a_disk_that_fills_is_told_and_dated_once(small_disk: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    station = BackupStation(small_disk / "data", place, FakeLane(1), limits=LIMITS)
    station.prepare(1)
    keeper = station.keeper()
    for leave in (9, 7, 7, 5, 3, 9):
        fill(small_disk, leave * KILO * KILO)
        keeper.round()
    said = [notice.error.code if notice.error else notice.message for notice in station.said]
    assert said == ["DISK_SPACE_LOW", "DISK_STOPS_INTAKE", "DISK_STOPS_CARDS", "The disk has room again."]
    with station.database.reading() as transaction:
        rows = transaction.exec_driver_sql(
            "SELECT payload FROM journal WHERE name = 'disk_space_changed' ORDER BY sequence"
        ).all()
    assert ["low" in rows[0][0], "ample" in rows[-1][0], len(rows)] == [True, True, 4]
    station.close()


def test_a_backup_place_that_is_really_full_is_told(small_disk: Path, tmp_path: Path) -> None:
    station = BackupStation(tmp_path / "data", small_disk, FakeLane(1))
    station.prepare(1)
    fill(small_disk, 100 * KILO)
    with pytest.raises(Refused) as refused:
        station.back_up()
    assert refused.value.code == "BACKUP_PLACE_FULL"
    assert station.place.names() == []
    (small_disk / "filler").unlink()
    assert station.back_up().verification.faults == []
    station.close()


def test_a_place_that_fills_in_the_middle_keeps_no_half(
    small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at the free space was good; somebody else took it afterwards."""
    station = BackupStation(tmp_path / "data", small_disk, FakeLane(1))
    station.prepare(1)
    station.back_up()
    fill(small_disk, 100 * KILO)
    monkeypatch.setattr("station.backup.making.free_bytes", lambda folder: 10**12)
    with pytest.raises(StationError) as refused:
        station.back_up(known=True)
    assert refused.value.code == "BACKUP_PLACE_FULL"
    assert len(station.place.names()) == 1
    assert station.verify().faults == []
    station.close()


def test_limits_in_the_wrong_order_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text(
        "data = 'data'\n[office]\nprovince = 'X'\nregency = 'KOTA Y'\n"
        "[keys]\nperson = 'a'\nblanks = 'a'\nsignature = 'a'\njournal = 'a'\n"
        "[disk_space]\nstop_cards_below = '2GB'\n"
        "[[lanes]]\nname = 'A'\nprinter = 'socket://x'\nreader = 'pcsc:///y'\n"
    )
    with pytest.raises(InputFault) as refused:
        load_settings(file, {})
    assert refused.value.code == "SETTINGS_MALFORMED"
    assert "order" in str(refused.value)
