"""The office of one test; its books are opened once and copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.devices import FakeLane
from tests.unit.station.office_desk import Desk, fake_devices

BLANKS = 8


@pytest.fixture(scope="session")
def opened_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with eight blanks in the one lane, all booked, and an operator."""
    office = tmp_path_factory.mktemp("office")
    desk = Desk(office, FakeLane(BLANKS))
    desk.prepare(BLANKS)
    desk.close()
    return desk.folder


@pytest.fixture
def desk(opened_books: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An office with eight blanks in its one lane, all booked."""
    devices = FakeLane(BLANKS)
    fake_devices(monkeypatch, devices)
    office = tmp_path / "office"
    shutil.copytree(opened_books, office / "data")
    desk = Desk(office, devices)
    yield desk
    desk.close()
