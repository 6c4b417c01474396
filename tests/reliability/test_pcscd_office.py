"""A small office on the rig: real pcscd, token and `station run`, both killed under running jobs."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.exploring import MEMORY
from tests.reliability.pcscd_office import run_pcscd_office
from tests.reliability.rig_troubles import Shares, Trouble

CARDS = 12


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="rig-", dir=MEMORY if MEMORY.is_dir() else None))
    yield made
    shutil.rmtree(made)


@pytest.mark.timeout(300)  # 48 s were seen on two very busy cores
def test_no_blank_and_no_identity_is_lost_when_daemon_and_station_are_killed(folder: Path) -> None:
    tally = run_pcscd_office(folder / "office", CARDS, seed=1, shares=Shares(faults=0.2))
    assert tally.examination.faults == []
    counts = tally.examination.counts
    assert (counts.duplicates, counts.unaccounted, counts.unverified) == (0, 0, 0)
    assert counts.cards >= CARDS
    assert tally.deaths == 1
    for trouble in (Trouble.DAEMON_KILLED, Trouble.CABLE_PULLED):
        assert tally.struck[trouble.value] == 1
