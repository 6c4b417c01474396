"""The fixtures of a whole office on simulators.

Put `pytest_plugins = ["tests.rig_plugin"]` into a test module. `rig` is one for the session: leave its
printer empty and well behind you. `own_rig` is one for a single test, to be killed at will; it costs about a
second.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.rig import Rig, RigOptions
from tests.rig_fixture import StationRunner

SPEED = 50.0


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    """The session's rig: one lane, 20 blanks in the hopper, none of them booked."""
    yield from _standing_rig()


@pytest.fixture
def own_rig() -> Iterator[Rig]:
    """A rig for one test."""
    yield from _standing_rig()


@pytest.fixture
def own_station(own_rig: Rig) -> StationRunner:
    """The `station` command of the test's own rig."""
    return StationRunner(own_rig)


def _standing_rig() -> Iterator[Rig]:
    folder = Path(tempfile.mkdtemp(prefix="rig-"))  # a UNIX socket's path is short
    try:
        with Rig(RigOptions(folder, speed=SPEED)) as standing:
            yield standing
    finally:
        shutil.rmtree(folder)
