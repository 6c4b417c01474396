"""Weeks of silence on a virtual clock, the wait between tries, the cap, and the worker that never ends."""

from random import Random

from station.centre.backoff import Backoff
from station.centre.pace import Pace
from station.errors import StationError
from station.exchange.worker import Bell, CentreWorker
from station.lanes.tools import StopWish
from station.notices import Notice, NoticeBoard
from station.outage.facts import Answer
from station.outage.store import facts
from tests.fakes.centre import RunningCentre, SendingStation
from tests.fakes.clock import FakeClock

DAY = 24 * 3600.0
LONGEST = 6 * 3600.0  # seconds between two tries


def test_a_month_of_silence_and_then_the_backlog_drains_oldest_first(
    station: SendingStation, centre: RunningCentre
) -> None:
    station.round()
    centre.person("fall_silent", seconds=30 * DAY)
    told: list[Notice] = []
    notices, stop = NoticeBoard(), StopWish()
    notices.listen(told.append)
    hashes: list[str] = []
    looks = 0

    def let_time_pass() -> None:
        """The centre's clock follows ours; a recording team comes once a week."""
        nonlocal looks
        looks += 1
        behind = station.clock.elapsed - centre.centre.now()
        if behind > 0:
            centre.person("pass_time", seconds=behind)
        if len(hashes) < 12 and station.clock.elapsed > (len(hashes) // 3 + 1) * 7 * DAY:
            hashes.extend(station.record(3, first=len(hashes)))
        if station.clock.elapsed > 31 * DAY and not station.backlog().left:
            stop.set()

    station.clock.on_sleep = let_time_pass
    waits = Backoff(LONGEST, Random(3))
    worker = CentreWorker(station.exchange, LongSleeper(station), notices, stop, waits, 60.0)
    worker.run_forever()
    station.clock.on_sleep = lambda: None
    assert centre.hashes() == hashes
    assert [row["arrivals"] for row in centre.received()] == [1] * 12
    assert station.backlog().received == 12
    said = [notice.error.code if notice.error else notice.message for notice in told]
    assert said[0] in ("CENTRE_ANSWER_LOST", "CENTRE_UNREACHABLE")
    assert said[-1] == "The centre is reached again."
    assert len(said) <= 4  # not at every try
    with station.database.reading() as transaction:
        assert facts(transaction).link.answer is Answer.YES
    assert station.count("journal", "name = 'outage_changed'") <= 6  # dated, not repeated
    assert 30 * DAY / LONGEST < looks < 30 * DAY / LONGEST * 4


class LongSleeper:
    """The station's clock, for a worker whose waits are not cut into half seconds."""

    def __init__(self, station: SendingStation) -> None:
        self._clock, self._until = station.clock, 0.0
        self.now = station.clock.now

    def monotonic(self) -> float:
        return self._clock.elapsed

    def sleep(self, duration: float) -> None:
        """Sleep for hours where the worker looks up every half second."""
        self._clock.sleep(max(duration, LONGEST / 2))


def test_waits_double_and_differ_between_stations() -> None:
    one, other = Backoff(900.0, Random(1)), Backoff(900.0, Random(2))
    waits = [one.failed() for _ in range(20)]
    assert waits[0] == 0.0
    for number, wait in enumerate(waits[1:], 0):
        step = min(900.0, 0.5 * 2**number)
        assert step / 2 <= wait <= step
    assert waits != [other.failed() for _ in range(20)]
    one.succeeded()
    assert one.failed() == 0.0


def test_the_cap_holds_over_any_stretch() -> None:
    clock = FakeClock()
    pace = Pace(clock, clock.sleep, 8192)
    for _ in range(3):
        slices = pace.slices(bytes(60_000))
        assert not isinstance(slices, bytes)
        assert sum(map(len, slices)) == 60_000
    assert 180_000 / 8192 - 2.1 <= clock.elapsed <= 180_000 / 8192


def test_a_capped_drain_takes_its_time(tmp_path: object, centre: RunningCentre) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    slow = SendingStation(tmp_path / "slow", centre, bytes_per_second=20_000)
    hashes = slow.record(3)
    size = sum(slow.delivery(one).size for one in hashes)
    before = slow.clock.elapsed
    slow.round()
    assert centre.hashes() == hashes
    assert slow.clock.elapsed - before >= size / 20_000 - 2
    slow.close()


def test_a_round_that_nobody_understands_does_not_end_the_thread(station: SendingStation) -> None:
    rounds = 0

    class Broken:
        def round(self, patience: int) -> object:
            nonlocal rounds
            rounds += 1
            if rounds == 5:
                stop.set()
            if rounds % 2:
                raise ValueError("what is this")
            raise StationError("DATABASE_UNUSABLE", problem="gone")

        def close(self) -> None:
            return None

    told: list[Notice] = []
    notices, stop, bell = NoticeBoard(), StopWish(), Bell()
    notices.listen(told.append)
    broken = Broken()
    worker = CentreWorker(broken, station.clock, notices, stop, Backoff(900.0, Random(1)), 60.0, bell)  # type: ignore[arg-type]
    worker.run_forever()
    assert rounds == 5
    assert {notice.error.code for notice in told if notice.error} == {"UNDEFINED", "DATABASE_UNUSABLE"}
