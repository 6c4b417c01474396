"""The fixtures of the private pcscd: one for the whole session, and others for tests that kill theirs.

Put `pytest_plugins = ["tests.pcscd_plugin"]` into a test module or a conftest and ask for `private_pcscd`.

libpcsclite looks at PCSCLITE_CSOCK_NAME at the first PC/SC call of a process and never again, so the path is
chosen and set when this plugin is loaded, before any test runs; the daemon itself starts with the first
test that asks for it. What needs another daemon runs in a child process: `PrivatePcscd.call`.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pcscd_fixture import SOCKET_VARIABLE, PrivatePcscd


class _Session:
    """The folder of the session's daemon, named before anyone can make a PC/SC call."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pcscd-"))  # a UNIX socket's path is short
        self.former = os.environ.get(SOCKET_VARIABLE)
        os.environ[SOCKET_VARIABLE] = str(self.folder / "pcscd.comm")

    def end(self) -> None:
        shutil.rmtree(self.folder)
        if self.former is None:
            del os.environ[SOCKET_VARIABLE]
        else:
            os.environ[SOCKET_VARIABLE] = self.former


_SESSION = pytest.StashKey[_Session]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_SESSION] = _Session()
    config.add_cleanup(config.stash[_SESSION].end)


@pytest.fixture(scope="session")
def private_pcscd(pytestconfig: pytest.Config) -> Iterator[PrivatePcscd]:
    """The session's pcscd, which PC/SC calls of this process reach. Nobody kills it; close your slots."""
    daemon = PrivatePcscd(pytestconfig.stash[_SESSION].folder)
    daemon.start()
    yield daemon
    assert daemon.stop() == 0


@pytest.fixture
def own_pcscd() -> Iterator[PrivatePcscd]:
    """A pcscd for one test, to be killed at will; reach it by `call`."""
    folder = Path(tempfile.mkdtemp(prefix="pcscd-"))
    daemon = PrivatePcscd(folder)
    daemon.start()
    yield daemon
    daemon.stop()
    shutil.rmtree(folder)
