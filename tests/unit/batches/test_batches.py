"""Batches: priority classes, pause and resume, forecast, two lanes on one queue."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.batches import store
from station.batches.forecast import PUBLISHED_SPOIL_RATE, LaneStock, forecast
from station.batches.priorities import PRIORITY_CLASSES, priority_of
from station.blanks import store as blanks
from station.blanks.ledger import Account, BlankMove
from station.cards.intake import Order
from station.cards.store import JobState
from station.errors import Refused
from station.ports import CardPosition
from tests.fakes.devices import FakeLane
from tests.fakes.station import FakeStation, records


@pytest.fixture
def station(tmp_path: Path) -> Iterator[FakeStation]:
    station = FakeStation(tmp_path, FakeLane(8))
    station.prepare(8)
    yield station
    station.close()


def _make(station: FakeStation, name: str, priority_class: str, folders: list[Path]) -> list[int]:
    with station.database.transaction() as transaction:
        store.add(transaction, station.clock, name, priority_class)
    order = Order(priority_of(priority_class), batch=name)
    return [station.intake.add(folder, order)[0].id for folder in folders]


def test_first_time_holders_come_before_lost_cards(station: FakeStation, tmp_path: Path) -> None:
    folders = records(tmp_path / "records", 4)
    lost = _make(station, "lost", "lost_or_damaged", folders[:2])
    first = _make(station, "school", "first_time", folders[2:])
    station.worker().run_batch(limit=2)
    assert [station.job(number).state for number in first] == [JobState.READY] * 2
    assert [station.job(number).state for number in lost] == [JobState.QUEUED] * 2


def test_every_class_has_a_turn_of_its_own() -> None:
    numbers = [number for number, _ in PRIORITY_CLASSES.values()]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_a_paused_batch_is_left_alone_until_it_is_resumed(station: FakeStation, tmp_path: Path) -> None:
    folders = records(tmp_path / "records", 3)
    held = _make(station, "held", "first_time", folders[:2])
    other = _make(station, "other", "data_change", folders[2:])
    with station.database.transaction() as transaction:
        store.set_paused(transaction, "held", paused=True)
    station.worker().run_batch()
    assert [station.job(number).state for number in held] == [JobState.QUEUED] * 2
    assert station.job(other[0]).state is JobState.READY
    with station.database.transaction() as transaction:
        store.set_paused(transaction, "held", paused=False)
    station.worker().run_batch()
    assert [station.job(number).state for number in held] == [JobState.READY] * 2


def test_a_batch_tells_the_verdict_of_every_card(station: FakeStation, tmp_path: Path) -> None:
    station.devices.cards[0].bad = True
    numbers = _make(station, "b", "disaster", records(tmp_path / "records", 2))
    station.worker().run_batch()
    with station.database.reading() as transaction:
        rows = store.verdicts(transaction, "b")
    assert [job.id for job, _ in rows] == numbers
    assert all(attempt is not None and attempt.state.value == "ready" for _, attempt in rows)
    assert rows[0][1] is not None
    assert rows[0][1].number == 2


def test_a_batch_has_one_name(station: FakeStation) -> None:
    with station.database.transaction() as transaction:
        store.add(transaction, station.clock, "b", "disaster")
    with pytest.raises(Refused) as refused, station.database.transaction() as transaction:
        store.add(transaction, station.clock, "b", "disaster")
    assert refused.value.code == "BATCH_KNOWN"
    with pytest.raises(Refused) as refused, station.database.reading() as transaction:
        store.require(transaction, "c")
    assert refused.value.code == "BATCH_UNKNOWN"


def test_the_forecast_counts_spoil_and_names_what_runs_out_first(station: FakeStation) -> None:
    lanes = [LaneStock("A", blanks=70, faces=55, panels_per_face=5), LaneStock("B", 48, None, 5)]
    expected = forecast(station.database, 100, lanes)
    assert expected.spoil_rate == PUBLISHED_SPOIL_RATE
    assert expected.blanks == 105  # 100 / (1 - 0.047) = 104.9
    assert expected.panels == 525
    assert expected.first_out == ("blanks", "B", 48)
    enough = forecast(station.database, 40, lanes)
    assert enough.first_out is None


def test_the_forecast_learns_the_time_of_a_card(station: FakeStation, tmp_path: Path) -> None:
    station.add(records(tmp_path / "records", 3))
    station.devices.hook = lambda where: station.clock.sleep(10.0)
    station.worker().run_batch()
    lane = [LaneStock("A", 100, 100, 5)]
    slow = forecast(station.database, 60, lane)
    assert 60 * 30 / 60 < slow.minutes < 60 * 120 / 60


def test_two_lanes_share_one_queue_and_no_card_is_made_twice(tmp_path: Path) -> None:
    station = FakeStation(tmp_path, FakeLane(6))
    station.prepare(6)
    second = FakeLane(6)
    for number, card in enumerate(second.cards):
        card.uid = bytes((0x80, 4, 9, 0, 0, 0, 0, number))
    with station.database.transaction() as transaction:
        for move in (
            BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=6),
            BlankMove(source=Account.STOCK, target=Account.IN_MACHINE, target_lane="B", quantity=6),
        ):
            blanks.book(transaction, station.journal, move)
    jobs = station.add(records(tmp_path / "records", 8))
    workers = [station.worker(), station.worker(lane="B", devices=second)]
    failures: list[BaseException] = []

    def work(index: int) -> None:
        try:
            workers[index].run_batch()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [station.job(job.id).state for job in jobs] == [JobState.READY] * 8
    printed = [card for card in (*station.devices.cards, *second.cards) if card.faces]
    assert len(printed) == 8
    assert station.balances().totals[Account.ISSUED] == 8
    assert station.balances().difference == 0
    assert {station.devices.position, second.position} == {CardPosition.NONE}
    station.close()
