"""A station that takes records in; its empty books are made once and copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.intake import IntakeStation


@pytest.fixture(scope="session")
def empty_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books") / "data"
    IntakeStation(folder).close()
    return folder


@pytest.fixture
def station(empty_books: Path, tmp_path: Path) -> Iterator[IntakeStation]:
    shutil.copytree(empty_books, tmp_path / "data")
    station = IntakeStation(tmp_path / "data")
    yield station
    station.close()
