"""SIGKILL at every point of the main job: before and after each commit, device command and rename.

Real drivers speak to the real simulators, which are another process and survive; what they know is compared
with journal and ledger after the recovery. Points between which nothing changes that outlives the station are
one death here, and second deaths in the recovery are a seeded sample; `make reliability` dies at every point.
"""

from collections.abc import Iterator

import pytest

from tests.reliability.exploring import Exploration, Explorer, Tally, explorers
from tests.reliability.workers import workers

SECOND_DEATHS = 12

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def scenarios() -> Iterator[list[Explorer]]:
    with explorers() as found:
        yield found


def _require(tally: Tally) -> None:
    assert tally.failures == []
    assert tally.counts.duplicates == tally.counts.unaccounted == tally.counts.unverified == 0


@pytest.mark.parametrize("number", [0, 1, 2])
def test_no_death_loses_a_blank_or_makes_a_second_card(scenarios: list[Explorer], number: int) -> None:
    explorer = scenarios[number]
    with workers() as pool:
        exploration = Exploration(pool, explorer)
        assert exploration.first_points > 200
        first = exploration.next_level()
        assert first.points == exploration.first_points
        _require(first)
        second = exploration.next_level(SECOND_DEATHS)
        assert second.runs == SECOND_DEATHS
        _require(second)
