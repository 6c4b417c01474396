"""A simulated scanner in this process; its keys are made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.sbi.model import SLAP, Model
from tests.fakes.sbi import SbiOffice, make_keys


@pytest.fixture(scope="session")
def sbi_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_keys(tmp_path_factory.mktemp("sbi-keys") / "keys")


@pytest.fixture
def office(tmp_path: Path, sbi_keys: Path) -> Iterator[SbiOffice]:
    """A plate for one, a finger on it."""
    one = SbiOffice(tmp_path, sbi_keys, Model(speed=50))
    one.press()
    yield one
    one.close()


@pytest.fixture
def slap_office(tmp_path: Path, sbi_keys: Path) -> Iterator[SbiOffice]:
    """A plate for four, nothing on it."""
    one = SbiOffice(tmp_path, sbi_keys, Model(kind=SLAP, speed=50))
    yield one
    one.close()
