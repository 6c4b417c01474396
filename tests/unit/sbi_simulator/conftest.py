"""The simulated scanner in this process; its keys are made once."""

from pathlib import Path

import pytest

from tests.fakes.sbi import make_keys


@pytest.fixture(scope="session")
def sbi_simulator_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_keys(tmp_path_factory.mktemp("sbi-keys") / "keys")
