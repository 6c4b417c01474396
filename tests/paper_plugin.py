"""The fixtures of a private cupsd: one for the session, and others for tests that kill or stop theirs.

Put `pytest_plugins = ["tests.paper_plugin"]` into a test module. Leave the session's printer mended.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paper_fixture import PaperOffice


@pytest.fixture(scope="session")
def paper() -> Iterator[PaperOffice]:
    """The session's cupsd and printer. Use titles of your own; nobody stops it."""
    yield from _standing()


@pytest.fixture
def own_paper() -> Iterator[PaperOffice]:
    """A cupsd for one test, to be stopped and killed at will."""
    yield from _standing("--restart-after", "0.2")


def _standing(*words: str) -> Iterator[PaperOffice]:
    folder = Path(tempfile.mkdtemp(prefix="paper-"))
    office = PaperOffice(folder, words)
    try:
        yield office
    finally:
        assert office.stop() == 0
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def aborting() -> Iterator[PaperOffice]:
    """A cupsd that aborts a job whose printer fails, instead of stopping the queue."""
    yield from _standing("--error-policy", "abort-job")
