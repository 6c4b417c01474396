"""The office of one test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.devices import FakeLane
from tests.unit.station.office_desk import Desk, fake_devices


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An office with eight blanks in its one lane, all booked."""
    devices = FakeLane(8)
    fake_devices(monkeypatch, devices)
    office = tmp_path / "office"
    office.mkdir()
    desk = Desk(office, devices)
    desk.prepare(8)
    yield desk
    desk.close()
