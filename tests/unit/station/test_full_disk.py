"""A full disk: nothing is done that cannot be written down, nothing is lost, and the lane goes on later.

SQLite is given a limit of pages, so that it says "database or disk is full" exactly where a full disk would
make it say so: in the middle of any transaction that needs another page.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from station.blanks.ledger import Account
from station.cards.store import JobState
from station.database import engine
from station.errors import ExitStatus, LaneLatched, StationError
from station.journal.store import broken_at
from station.notices import Notice
from station.ports import ChipState
from tests.fakes.devices import FakeLane
from tests.fakes.station import FakeStation, records
from tests.unit.station.office_desk import Desk, assert_explained

BLANKS = 4
PATIENCE = 20.0


@contextmanager
def full_after(station: FakeStation, pages: int) -> Iterator[None]:
    """Let the database grow by so many pages and no more."""
    pool = station.database.engine
    with pool.connect() as connection:
        now = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())

    def limit(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {now + pages}")
        cursor.close()

    pool.dispose()
    event.listen(pool, "connect", limit)
    try:
        yield
    finally:
        event.remove(pool, "connect", limit)
        pool.dispose()


def check(station: FakeStation) -> None:
    """What the devices count is what the books say."""
    cards, balances = station.devices.cards, station.balances()
    assert balances.difference == 0
    assert all(len(card.faces) <= 1 for card in cards), "a card was printed twice"
    assert all(card.state is ChipState.ACTIVATED for card in cards if card.faces)
    assert sum(card.place == "tray" for card in cards) == balances.totals[Account.ISSUED]
    assert len(station.devices.hopper) == balances.totals[Account.IN_MACHINE]
    with station.database.reading() as transaction:
        assert broken_at(transaction) is None


def test_a_disk_that_fills_up_anywhere_loses_no_card(tmp_path: Path) -> None:
    folders = records(tmp_path / "records", 2)
    stopped = 0
    for pages in range(6):
        folder = tmp_path / str(pages)
        folder.mkdir()
        station = FakeStation(folder, FakeLane(BLANKS))
        station.prepare(BLANKS)
        station.add(folders)
        with full_after(station, pages):
            try:
                station.worker().run_batch()
            except StationError as error:
                assert not isinstance(error, LaneLatched)
                assert error.code == "DATABASE_UNUSABLE"
                stopped += 1
        station.worker().run_batch()
        assert [station.job(number).state for number in (1, 2)] == [JobState.READY, JobState.READY]
        check(station)
        station.close()
    assert stopped >= 3, "the disk was never full in the middle of the work"


def test_a_lane_of_the_running_station_waits_until_there_is_room_again(tmp_path: Path) -> None:
    folders = records(tmp_path / "records", 2)
    station = FakeStation(tmp_path, FakeLane(BLANKS))
    station.prepare(BLANKS)
    station.add(folders)
    worker = station.worker()
    thread = threading.Thread(target=worker.run_forever)
    try:
        with full_after(station, 0):
            thread.start()
            _wait_until(lambda: any(_is_about_the_disk(notice) for notice in list(station.said)))
            assert thread.is_alive()
            assert [station.job(number).state for number in (1, 2)] != [JobState.READY, JobState.READY]
        _wait_until(lambda: station.job(2).state is JobState.READY)
    finally:
        worker._tools.stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()
    check(station)
    station.close()


def _is_about_the_disk(notice: Notice) -> bool:
    return notice.error is not None and notice.error.code == "DATABASE_UNUSABLE"


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_batch_that_meets_a_full_disk_says_so_and_ends_without_a_traceback(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.add(records(tmp_path / "records", 2))
    with desk.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    prepare = engine._prepare

    def limited(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        prepare(connection, entry)
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        cursor.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_prepare", limited)
        said = desk.run("jobs", "run")
    assert said.status == ExitStatus.LATCHED
    assert_explained(said.words, "DATABASE_UNUSABLE")
    assert "Traceback" not in capfd.readouterr().err
    assert desk.run("jobs", "run").status == ExitStatus.DONE
    check(desk)


def test_a_command_that_meets_a_full_disk_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    (folder,) = records(tmp_path / "records", 1)
    with full_after(desk, 0):
        for number in range(100):
            try:
                with desk.database.transaction() as transaction:
                    desk.journal.event(transaction, f"filler {number}")
            except StationError as error:
                assert error.code == "DATABASE_UNUSABLE"
                break
        else:
            pytest.fail("the disk did not fill up")
        with pytest.raises(StationError) as refused:
            desk.add([folder])
        assert refused.value.code == "DATABASE_UNUSABLE"
    assert desk.run("jobs", "list", "--json").document() == []
    assert desk.run("jobs", "add", str(folder)).status == ExitStatus.DONE
    check(desk)
