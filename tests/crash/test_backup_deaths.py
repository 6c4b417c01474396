"""SIGKILL in the middle of a backup and of a restore: no half is ever taken for a whole one.

The process dies before and after every sync, rename and copy that it makes, with the signal that nothing can
catch. What is left is looked at by another process.
"""

import os
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from station.database import Database, copies
from station.journal.store import broken_at
from station.restoration import store as restorations
from tests.fakes.backup import BackupStation, people
from tests.fakes.devices import FakeLane
from tests.reliability.mortal import Point, Reaper, mortal_files

BLANKS = 2
pytestmark = pytest.mark.timeout(600)


@contextmanager
def mortal(point: Point) -> Iterator[None]:
    """Have points around syncs and renames, and around what SQLite and `shutil` do by themselves."""
    write_copy, rmtree = copies.write_copy, shutil.rmtree

    def copy(database: Database, target: Path) -> None:
        point("copy")
        write_copy(database, target)
        point("after copy")

    def remove(folder: Path) -> None:
        point("remove")
        rmtree(folder)
        point("after remove")

    with (
        mortal_files(point),
        patch("station.backup.making.write_copy", copy),
        patch("shutil.rmtree", remove),
    ):
        yield


def in_another_process(action: Callable[[Point], None], at: int | None) -> tuple[bool, int]:
    """Do something in a process that dies at a point; tell whether it died, and the points it passed."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            reaper = Reaper(at)
            with mortal(reaper.point):
                action(reaper.point)
            os.write(write_end, str(reaper.reached).encode())
            status = 0
        except BaseException:  # the child must never come back into pytest
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        reached = int(pipe.read() or b"0")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True, reached
    assert os.WEXITSTATUS(status) == 0, "the child failed"
    return False, reached


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with two backups and records that are in none of them; keep = 2."""
    folder = tmp_path_factory.mktemp("office")
    folders = people(folder / "people", 6)
    (folder / "place").mkdir()
    station = open_station(folder)
    station.prepare(BLANKS)
    for batch in (folders[:2], folders[2:4]):
        station.hold(batch)
        station.back_up()
    station.hold(folders[4:])
    station.keeper().round()
    station.close()
    return folder


def open_station(folder: Path) -> BackupStation:
    station = BackupStation(folder / "data", folder / "place", FakeLane(BLANKS), keep=2)
    station.clock.sleep(10)
    return station


def back_up(folder: Path) -> Callable[[Point], None]:
    def action(point: Point) -> None:
        open_station(folder).back_up(known=True)

    return action


def restore(folder: Path) -> Callable[[Point], None]:
    def action(point: Point) -> None:
        open_station(folder).restore(folder / "restored")

    return action


def fresh(office: Path, folder: Path) -> Path:
    shutil.copytree(office, folder)
    return folder


def every_backup_is_whole(station: BackupStation) -> None:
    names = station.place.names()
    assert len(names) >= 2, "an old backup went before the new one was there"
    for name in names:
        assert station.verify(name, every_record=True).faults == []


def test_a_backup_that_dies_anywhere_leaves_only_whole_ones(office: Path, tmp_path: Path) -> None:
    died, points = in_another_process(back_up(fresh(office, tmp_path / "whole")), None)
    assert (died, points > 20) == (False, True)
    for at in range(1, points + 1, 2):
        folder = fresh(office, tmp_path / f"death-{at}")
        assert in_another_process(back_up(folder), at) == (True, 0), at
        station = open_station(folder)
        every_backup_is_whole(station)
        station.clock.sleep(10)
        made = station.back_up(known=True)
        assert made.manifest.records == 6
        every_backup_is_whole(station)
        assert not list(station.place.backups.glob(".*"))
        assert not list(station.place.pieces.glob(".*"))
        station.close()
        shutil.rmtree(folder)


def test_a_restore_that_dies_anywhere_leaves_nothing_or_all(office: Path, tmp_path: Path) -> None:
    died, points = in_another_process(restore(fresh(office, tmp_path / "whole")), None)
    assert (died, points > 10) == (False, True)
    left = set()
    for at in range(1, points + 1):
        folder = fresh(office, tmp_path / f"death-{at}")
        assert in_another_process(restore(folder), at) == (True, 0)
        target = folder / "restored"
        left.add(target.exists())
        if not target.exists():
            station = open_station(folder)
            station.restore(target)
            station.close()
        back = BackupStation(target, folder / "place", FakeLane(BLANKS))
        with back.database.reading() as transaction:
            assert restorations.held(transaction) is not None, "a restored station that holds nothing back"
            assert broken_at(transaction) is None
        back.close()
        assert not list(folder.glob(".restoring-*")), "a half restore is left beside the whole one"
        shutil.rmtree(folder)
    assert left == {True, False}
