"""An office that issues letters, and people whose records it holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.letters import LetterStation
from tests.unit.vault.vault_station import Guest, guests


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> list[Guest]:
    return guests(tmp_path_factory.mktemp("people"), 6)


@pytest.fixture
def station(tmp_path: Path, crowd: list[Guest]) -> Iterator[LetterStation]:
    """Six people of whom the centre has sent a print-ready record; no blank in the house."""
    station = LetterStation(tmp_path / "data")
    station.hold(*crowd)
    yield station
    station.close()
