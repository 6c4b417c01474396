"""A SoftHSM 2 token of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.token.soft_token import SoftToken, make_token, module


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftToken]:
    """A token with a PIN and no keys."""
    folder = tmp_path / "tokens"
    folder.mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    made = make_token(tmp_path)
    module().reinitialize()
    yield made
    module().finalize()


@pytest.fixture
def filled(token: SoftToken) -> SoftToken:
    """A token with the keys of a station."""
    token.fill()
    return token
