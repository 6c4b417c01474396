"""One office whose cards are made once, and copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.devices import FakeLane
from tests.unit.handover.handover_desk import CARDS, HandoverDesk, copy_of, opened

BLANKS = 4


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FakeLane]:
    """The folder of an office with two finished cards, and the lane that has made them."""
    folder, devices = tmp_path_factory.mktemp("made") / "office", FakeLane(BLANKS)
    with pytest.MonkeyPatch.context() as monkeypatch:
        desk = opened(folder, devices, monkeypatch)
        desk.prepare(BLANKS)
        desk.hire()
        desk.make_cards(CARDS)
        desk.close()
    return folder, devices


@pytest.fixture
def desk(
    made: tuple[Path, FakeLane], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HandoverDesk]:
    """An office with two finished cards, jobs 1 and 2; nothing lies on the counter's reader."""
    folder, devices = made
    shutil.copytree(folder / "data", tmp_path / "office" / "data")
    shutil.copytree(folder / "people", tmp_path / "office" / "people")
    desk = opened(tmp_path / "office", copy_of(devices), monkeypatch)
    yield desk
    desk.close()
