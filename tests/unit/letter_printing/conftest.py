"""An office that has issued letters, and a printer that a test can make do anything."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.staff.store import Role, StaffMember
from station.staff.store import add as add_staff
from tests.fakes.letters import LetterStation
from tests.fakes.paper import FakePaperPrinter
from tests.unit.vault.vault_station import Guest, guests


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> list[Guest]:
    return guests(tmp_path_factory.mktemp("people"), 3)


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory, crowd: list[Guest]) -> Path:
    """The data folder of a station that has issued one letter, of the first person; the clerk is Siti."""
    folder = tmp_path_factory.mktemp("issued") / "data"
    station = LetterStation(folder)
    station.hold(*crowd)
    station.issue(crowd[0])
    with station.database.transaction() as transaction:
        add_staff(transaction, station.journal, StaffMember(name="Siti", role=Role.OPERATOR))
    station.close()
    return folder


@pytest.fixture
def station(tmp_path: Path, issued: Path) -> Iterator[LetterStation]:
    """That station, for one test."""
    shutil.copytree(issued, tmp_path / "data")
    station = LetterStation(tmp_path / "data")
    yield station
    station.close()


@pytest.fixture
def printer() -> FakePaperPrinter:
    return FakePaperPrinter()
