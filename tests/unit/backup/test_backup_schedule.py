"""Backups on time while the station works: shown once, dated, tried again, and never in a lane's way."""

import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from station.backup.files import Tick, measure
from station.backup.health import backup_health
from station.backup.keeping import BackupKeeper
from station.backup.timing import interval, is_too_old, next_due
from station.local_time import TimeZone
from station.settings import BackupSettings
from tests.fakes.backup import BackupStation
from tests.unit.backup.conftest import Opener

NOW = datetime(2017, 3, 17, 8, 0, tzinfo=UTC)
HOUR = 3600.0


@pytest.mark.parametrize(
    ("every", "last", "due"),
    [
        ("24h", NOW, NOW + timedelta(hours=24)),
        ("90m", NOW, NOW + timedelta(minutes=90)),
        ("21:30", NOW, datetime(2017, 3, 17, 14, 30, tzinfo=UTC)),  # 21.30 WIB of the same day
        ("14:59", NOW, datetime(2017, 3, 18, 7, 59, tzinfo=UTC)),  # it was 15.00 WIB: tomorrow
        ("15:00", NOW, datetime(2017, 3, 18, 8, 0, tzinfo=UTC)),
        ("24h", None, NOW),
        ("21:30", None, NOW),
    ],
)
def test_when_the_next_is_due(every: str, last: datetime | None, due: datetime) -> None:
    assert next_due(every, last, NOW, TimeZone.WIB) == due


def test_an_age_is_a_worry_when_one_was_missed() -> None:
    assert interval("21:30") == timedelta(days=1)
    assert not is_too_old("24h", timedelta(hours=47))
    assert is_too_old("24h", timedelta(hours=49))
    assert not is_too_old("1h", timedelta(hours=20)), "an office is closed at night"


def test_one_is_made_at_once_and_then_each_day(station: BackupStation) -> None:
    keeper = station.keeper("24h")
    for _ in range(3):
        keeper.round()
    assert len(station.place.names()) == 1
    station.clock.sleep(23 * HOUR)
    keeper.round()
    assert len(station.place.names()) == 1
    station.clock.sleep(1 * HOUR)
    keeper.round()
    assert len(station.place.names()) == 2


def test_a_restart_does_not_make_another(station: BackupStation) -> None:
    station.keeper().round()
    station.keeper().round()
    assert len(station.place.names()) == 1


def _said(station: BackupStation) -> list[str]:
    return [notice.error.code if notice.error else notice.message for notice in station.said]


def test_a_disk_that_is_away_is_told_once_and_used_when_it_is_back(station: BackupStation) -> None:
    away = station.place.folder.with_name("away")
    station.place.folder.rename(away)
    keeper = station.keeper()
    for _ in range(40):
        keeper.round()
        station.clock.sleep(60)
    assert _said(station) == ["BACKUP_PLACE_ABSENT"]
    away.rename(station.place.folder)
    station.clock.sleep(300)
    keeper.round()
    assert _said(station) == ["BACKUP_PLACE_ABSENT", "The backup works again."]
    assert len(station.place.names()) == 1


def test_what_nobody_has_thought_of_does_not_end_the_backups(
    station: BackupStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = station.keeper()
    with monkeypatch.context() as patch:
        patch.setattr("station.backup.making.write_copy", lambda database, target: 1 / 0)
        keeper.round()
    assert _said(station) == ["UNDEFINED"]
    station.clock.sleep(300)
    keeper.round()
    assert len(station.place.names()) == 1


def test_the_rows_go_beside_the_backup_as_they_are_written(
    station: BackupStation, folders: list[Path]
) -> None:
    keeper = station.keeper()
    keeper.round()
    file = station.place.continuation(station.place.names()[0])
    before = file.stat().st_size
    keeper.round()
    assert file.stat().st_size == before, "an idle station writes nothing"
    station.add(folders[:1])
    keeper.round()
    assert b"job_added" in file.read_bytes()


def test_the_rows_of_a_time_without_the_disk_are_caught_up(
    station: BackupStation, folders: list[Path]
) -> None:
    keeper = station.keeper()
    keeper.round()
    away = station.place.folder.with_name("away")
    station.place.folder.rename(away)
    station.add(folders[:1])
    keeper.round()
    away.rename(station.place.folder)
    station.add(folders[1:2])
    keeper.round()
    file = station.place.continuation(station.place.names()[0])
    assert file.read_bytes().count(b'"job_added"') == 2


def test_a_restored_station_is_backed_up_at_once(station: BackupStation, opened: Opener) -> None:
    station.keeper().round()
    target = station.folder.parent / "restored"
    station.restore(target)
    back = opened(target, station.devices)
    back.clock.sleep(60)
    away = back.place.folder.with_name("away")
    back.place.folder.rename(away)
    back.place.folder.mkdir()  # the empty mount point of a disk that is not plugged in
    keeper = back.keeper()
    keeper.round()
    assert list(back.place.folder.iterdir()) == []
    back.place.folder.rmdir()
    away.rename(back.place.folder)
    back.clock.sleep(300)
    keeper.round()
    assert len(back.place.names()) == 2
    assert back.verify().faults == []


def test_lanes_work_while_a_backup_is_made(
    station: BackupStation, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy is held open at its slowest point; a lane makes whole cards meanwhile."""
    station.add(folders[:2])
    begun, done = threading.Event(), threading.Event()

    def slow(file: Path, tick: Tick) -> tuple[int, str]:
        begun.set()
        assert done.wait(60)
        return measure(file, tick)

    monkeypatch.setattr("station.backup.making.measure", slow)
    thread = threading.Thread(target=station.keeper().round)
    thread.start()
    try:
        assert begun.wait(60)
        station.worker().run_batch()
        assert sum(bool(card.faces) for card in station.devices.cards) == 2
    finally:
        done.set()
        thread.join()
    assert station.verify().faults == []


def test_a_backup_is_broken_off_when_the_station_stops(
    station: BackupStation, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gigabyte on a slow disk must not keep an office waiting in front of Ctrl-C."""
    station.hold(folders)
    keeper, stopping = station.keeper(), threading.Event()

    def endless(file: Path, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        while True:
            stopping.set()
            yield bytes(1000)

    monkeypatch.setattr("station.backup.segments.blocks", endless)
    thread = threading.Thread(target=keeper.run, args=(stopping.is_set,))
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    assert station.place.names() == []
    assert _said(station) == []
    monkeypatch.undo()
    station.keeper().round()
    assert station.verify(every_record=True).faults == []


def test_the_thread_ends_with_the_station(station: BackupStation) -> None:
    stop = threading.Event()
    station.clock.on_sleep = lambda: time.sleep(0.001)
    keeper: BackupKeeper = station.keeper()
    thread = threading.Thread(target=keeper.run, args=(stop.is_set,))
    thread.start()
    while not station.place.names():
        time.sleep(0.01)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def _worries(station: BackupStation, settings: BackupSettings) -> list[str]:
    with station.database.reading() as transaction:
        health = backup_health(transaction, settings, station.folder, station.clock.now())
    return [worry.code for worry in health.worries]


def test_age_and_drill_become_worries(station: BackupStation) -> None:
    settings = BackupSettings(place=station.place.folder)
    assert _worries(station, BackupSettings()) == ["BACKUP_PLACE_UNSET"]
    assert _worries(station, settings) == ["BACKUP_NEVER", "BACKUP_SAME_DISK"]
    station.back_up()
    assert _worries(station, settings) == ["DRILL_NEVER", "BACKUP_SAME_DISK"]
    _drill(station)
    assert _worries(station, settings) == ["BACKUP_SAME_DISK"]
    station.clock.sleep(91 * 24 * HOUR)
    shutil.rmtree(station.place.folder)
    assert _worries(station, settings) == ["BACKUP_OLD", "DRILL_OLD"]


def _drill(station: BackupStation) -> None:
    from station.backup.drill import Drill, note_drill

    name = station.place.names()[-1]
    source = station.source
    drill = Drill(station.place, name, source.key, source.master, source.clock, source.guard)
    drilled = drill.run(station.folder.parent)
    assert drilled.faults == 0
    note_drill(station.database, station.journal, station.clock, drilled)


def test_a_drill_opens_records_and_leaves_nothing(station: BackupStation, folders: list[Path]) -> None:
    station.hold(folders)
    station.back_up()
    before = set(station.folder.parent.iterdir())
    _drill(station)
    assert set(station.folder.parent.iterdir()) == before
    with station.database.reading() as transaction:
        (payload,) = transaction.exec_driver_sql(
            "SELECT payload FROM journal WHERE name = 'restore_drilled'"
        ).one()
    assert f'"opened":{len(folders)}' in payload


def test_a_day_with_many_rows_goes_on_where_it_was(
    station: BackupStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is longer than what is read of it at a start, and the rows more than are copied at once."""
    monkeypatch.setattr("station.backup.continuation.AT_ONCE", 7)
    monkeypatch.setattr("station.backup.continuation.TAIL", 1500)
    station.keeper().round()
    for _ in range(3):
        with station.database.transaction() as transaction:
            for number in range(20):
                station.journal.event(transaction, f"filler {number}")
        station.keeper().round()
    lines = station.place.continuation(station.place.names()[0]).read_bytes().splitlines()
    rows = [line["row"]["sequence"] for line in map(json.loads, lines) if "row" in line]
    heads = [line["head"]["sequence"] for line in map(json.loads, lines) if "head" in line]
    assert rows == list(range(rows[0], rows[0] + len(rows)))
    assert len(rows) > 60
    assert heads == sorted(set(heads))
    assert heads[-1] == rows[-1]


def test_what_is_written_at_once_is_read_again_at_a_start(
    station: BackupStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is torn, the start looks behind it."""
    monkeypatch.setattr("station.backup.continuation.TAIL", 4000)
    station.keeper().round()
    with station.database.transaction() as transaction:
        for number in range(40):
            station.journal.event(transaction, f"filler {number}")
    file = station.place.continuation(station.place.names()[0])
    sizes, sync = [file.stat().st_size], os.fsync

    def measured(descriptor: int) -> None:
        if os.fstat(descriptor).st_ino == file.stat().st_ino:
            sizes.append(file.stat().st_size)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", measured)
    station.keeper().round()
    assert len(sizes) > 5
    assert max(after - before for before, after in pairwise(sizes)) <= 2000
