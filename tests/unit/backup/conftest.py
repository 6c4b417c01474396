"""A station with two queued people, four blanks in its lane, and an empty place for backups."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from station.settings import DiskSpaceSettings
from station.staff.store import Role, StaffMember
from station.staff.store import add as add_staff
from tests.fakes.backup import NO_LIMITS, BackupStation, people
from tests.fakes.devices import FakeLane

BLANKS = 6


class Opener(Protocol):
    """Opens a station on a folder."""

    def __call__(
        self, folder: Path, devices: FakeLane, limits: DiskSpaceSettings = NO_LIMITS
    ) -> BackupStation: ...


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return people(tmp_path_factory.mktemp("people"), 6)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(tmp_path: Path, place: Path) -> Iterator[Opener]:
    """Opens stations on folders; all are closed at the end."""
    stations: list[BackupStation] = []

    def open_station(folder: Path, devices: FakeLane, limits: DiskSpaceSettings = NO_LIMITS) -> BackupStation:
        stations.append(BackupStation(folder, place, devices, limits=limits))
        return stations[-1]

    yield open_station
    for station in stations:
        station.close()


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with six blanks booked into the lane, an operator and a supervisor."""
    folder = tmp_path_factory.mktemp("books") / "data"
    station = BackupStation(folder, folder.parent, FakeLane(BLANKS))
    station.prepare(BLANKS)
    with station.database.transaction() as transaction:
        add_staff(transaction, station.journal, StaffMember(name="Budi", role=Role.SUPERVISOR))
    station.close()
    return folder


@pytest.fixture
def station(opened: Opener, books: Path, tmp_path: Path) -> BackupStation:
    shutil.copytree(books, tmp_path / "data")
    return opened(tmp_path / "data", FakeLane(BLANKS))
