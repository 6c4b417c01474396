"""A centre and a station that sends to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.centre import RunningCentre, SendingStation


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with RunningCentre(tmp_path / "centre") as running:
        yield running


@pytest.fixture
def station(tmp_path: Path, centre: RunningCentre) -> Iterator[SendingStation]:
    sending = SendingStation(tmp_path / "station", centre)
    yield sending
    sending.close()
