"""Half a year as it was in 2016 and 2017, on a virtual clock, against the centre over HTTPS.

The centre stops de-duplicating, then says nothing at all, then a letter withdraws the printing; the office
goes on recording all the while. On the return the backlog drains oldest first within the cap, and every day
of it can be laid beside the letter policy of that day.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from station.clock import timestamp
from station.errors import StationError
from station.outage.backlog import Backlog, backlog
from station.outage.facts import Answer, Facts, Observation, Situation, Source, Subject
from station.outage.letters import DatedLetterPolicy, PrintReady
from station.outage.store import facts, history, observe, policy_at
from tests.fakes.centre import RunningCentre, SendingStation

DAY = 86_400.0
CAP = 40_000  # bytes a second
LETTER = "471.13/3256/DUKCAPIL"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with RunningCentre(tmp_path / "centre") as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, centre: RunningCentre) -> Iterator["Office"]:
    office = Office(SendingStation(tmp_path / "station", centre, bytes_per_second=CAP), centre)
    yield office
    office.station.close()


class Office:
    """A station that records three people each week, and tries the centre once a day."""

    def __init__(self, station: SendingStation, centre: RunningCentre) -> None:
        self.station, self.centre, self.hashes = station, centre, list[str]()

    def now(self) -> datetime:
        return self.station.clock.now()

    def pass_days(self, days: int) -> str:
        """Let days pass as an office spends them; return the moment at their middle."""
        middle = timestamp(self.now() + timedelta(days=days / 2))
        for day in range(days):
            if day % 7 == 0:
                self.hashes += self.station.record(3, first=len(self.hashes))
            self.try_the_centre()
            self.station.clock.sleep(DAY)
        return middle

    def try_the_centre(self) -> None:
        behind = self.station.clock.elapsed - self.centre.centre.now()
        if behind > 0:
            self.centre.person("pass_time", seconds=behind)
        try:
            self.station.round()
        except StationError as error:
            assert error.code.startswith("CENTRE_")

    def declare(self, subject: Subject, answer: Answer) -> None:
        said = Observation(subject=subject, answer=answer, source=Source.PERSON, how=LETTER)
        with self.station.database.transaction() as transaction:
            observe(transaction, self.station.journal, self.station.clock, said, "Budi")

    def facts(self) -> Facts:
        with self.station.database.reading() as transaction:
            return facts(transaction)

    def policy(self, moment: str) -> DatedLetterPolicy:
        with self.station.database.reading() as transaction:
            return policy_at(transaction, moment)

    def backlog(self) -> Backlog:
        with self.station.database.reading() as transaction:
            return backlog(transaction, self.now())


@pytest.mark.timeout(300)
def test_half_a_year_without_the_centre(office: Office) -> None:
    ordinary = office.pass_days(14)
    assert office.facts().situation is Situation.NORMAL
    assert office.backlog().unsent.total == 0
    sent = len(office.hashes)

    office.centre.person("stop_deduplication")  # October 2016
    stopped = office.now()
    no_search = office.pass_days(60)
    known = office.facts()
    assert (known.receiving.answer, known.receiving.source) == (Answer.NO, Source.CENTRE)
    assert (known.link.answer, known.printing.answer) == (Answer.YES, Answer.YES)
    since = datetime.fromisoformat(known.receiving.since)
    assert stopped <= since < stopped + timedelta(days=1)

    office.centre.person("fall_silent", seconds=90 * DAY)
    silent = office.pass_days(30)
    assert office.facts().link.answer is Answer.NO
    last_good = datetime.fromisoformat(office.facts().link.last_good)
    assert office.now() - last_good > timedelta(days=29)

    office.declare(Subject.PRINTING, Answer.NO)
    standing = office.pass_days(30)
    assert office.facts().situation is Situation.STANDSTILL
    office.declare(Subject.PRINTING, Answer.YES)
    office.pass_days(30)

    waiting = office.backlog().unsent
    unsent = len(office.hashes) - len(office.centre.hashes())
    assert waiting.total == unsent > 0
    assert waiting.oldest is not None and waiting.oldest >= 89
    assert sum(waiting.counts[:4]) + waiting.counts[4] == unsent

    office.centre.person("start_deduplication")
    office.station.clock.sleep(2 * DAY)
    begun, size = office.station.clock.monotonic(), _bytes_unsent(office)
    for _ in range(30):
        office.try_the_centre()
        if not office.backlog().unsent.total:
            break
        office.station.clock.sleep(60)
    # real time counts for the cap as waits do: a busy machine waits less on the virtual clock
    assert office.station.clock.monotonic() - begun >= size / CAP - 3, "the cap was not kept"
    assert office.centre.hashes() == office.hashes, "not oldest first, or not once"
    assert all(row["arrivals"] == 1 for row in office.centre.received())
    assert office.facts().situation is Situation.NORMAL
    assert len(office.hashes) > sent

    situations = [office.policy(day).policy for day in (ordinary, no_search, silent, standing)]
    assert [one.situation for one in situations] == [
        Situation.NORMAL,
        Situation.PRINT_ONLY,
        Situation.PRINT_ONLY,
        Situation.STANDSTILL,
    ]
    assert [one.print_ready for one in situations] == [PrintReady.CARD_ONLY] * 3 + [PrintReady.LETTER_TOO]
    assert [one.needs_central_record for one in situations] == [True, False, False, False]
    with office.station.database.reading() as transaction:
        assert len(history(transaction, 1000)) <= 20, "dated, not repeated each day"


def _bytes_unsent(office: Office) -> int:
    done = set(office.centre.hashes())
    return sum(office.station.delivery(one).size for one in office.hashes if one not in done)
