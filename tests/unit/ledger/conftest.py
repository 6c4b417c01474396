"""The counter of one test; its books are opened once and copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.devices import FakeLane
from tests.unit.ledger.ledger_counter import Counter
from tests.unit.station.office_desk import fake_devices

BLANKS = 8


@pytest.fixture(scope="session")
def opened_counter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with eight blanks in the one lane, all booked, and people who can sign."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        devices = FakeLane(BLANKS)
        fake_devices(monkeypatch, devices)
        counter = Counter(tmp_path_factory.mktemp("counter"), devices)
        counter.prepare(BLANKS)
        counter.hire()
        counter.close()
    return counter.folder


@pytest.fixture
def counter(opened_counter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    """An office with eight blanks in its one lane, all booked, and people who can sign."""
    devices = FakeLane(BLANKS)
    fake_devices(monkeypatch, devices)
    office = tmp_path / "office"
    shutil.copytree(opened_counter, office / "data")
    counter = Counter(office, devices)
    yield counter
    counter.close()
