"""A blank that has left the hopper is booked by its attempt alone, and counts for no other card."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.blanks.ledger import Account, BlankMove
from station.blanks.store import book
from station.cards.hopper import booked_in_hopper, has_blank_in_the_making, require_in_hopper
from station.cards.store import AttemptState, JobState
from station.errors import Refused
from station.journal.store import Place
from station.lanes.store import AttentionCause, status, want_attention
from station.lanes.tools import StopRequested
from station.settings import PolicySettings
from tests.fakes.devices import FakeLane
from tests.fakes.station import LANE, FakeStation, records

BOOKED = 1  # of the three blanks that lie in the hopper
PATIENCE = 30.0


@pytest.fixture
def station(tmp_path: Path) -> Iterator[FakeStation]:
    """Every card waits for its check; more blanks lie in the hopper than anybody has booked."""
    station = FakeStation(tmp_path, FakeLane(3), PolicySettings(quality_check_every=1))
    station.prepare(BOOKED)
    station.add(records(tmp_path / "records", 2))
    yield station
    station.close()


def _work_until_asked_for_blanks(station: FakeStation) -> None:
    """Work; when the lane waits for blanks to be booked for half a minute, the operator stops it."""
    worker = station.worker()

    def give_up() -> None:
        if station.clock.elapsed > PATIENCE:
            worker._tools.stop.set()

    station.clock.on_sleep = give_up
    with pytest.raises(StopRequested):
        worker.run_batch()
    station.clock.on_sleep = lambda: None


def _lane_waits_for(station: FakeStation) -> str | None:
    with station.database.reading() as transaction:
        return status(transaction, LANE).cause


def test_a_card_that_waits_for_its_check_is_no_blank_for_the_next(station: FakeStation) -> None:
    _work_until_asked_for_blanks(station)
    assert _lane_waits_for(station) == "HOPPER_UNBOOKED"
    assert len(station.devices.hopper) == 2
    (question,) = station.questions()
    station.answering.answer(question.sequence, "good", "Siti", "looked at it")
    assert station.balances().totals[Account.ISSUED] == 1


def test_the_screen_says_what_is_waited_for_now(station: FakeStation) -> None:
    """The station has died while its printer was away: whoever reads that afterwards books no blanks."""
    absent = AttentionCause(waits=("PRINTER_ABSENT",))
    _work_until_asked_for_blanks(station)
    with station.database.transaction() as transaction:
        want_attention(transaction, station.clock, station.journal, Place(LANE), absent)
    _work_until_asked_for_blanks(station)
    assert _lane_waits_for(station) == "HOPPER_UNBOOKED"


def test_a_card_that_waits_for_its_check_is_not_unloaded(station: FakeStation) -> None:
    station.worker().run_batch(1)
    with station.database.reading() as transaction:
        assert booked_in_hopper(transaction, LANE) == 0
        with pytest.raises(Refused) as caught:
            require_in_hopper(transaction, LANE, 1)
    assert (caught.value.code, caught.value.values["have"]) == ("BLANKS_SHORT", 0)


def test_an_attempt_that_waits_for_its_blank_has_none_in_the_making(station: FakeStation) -> None:
    """Its hopper can be counted and its books adjusted: else an office whose stock is empty stands still."""
    _work_until_asked_for_blanks(station)
    with station.database.reading() as transaction:
        assert not has_blank_in_the_making(transaction, LANE)
        require_in_hopper(transaction, LANE, 0)
    with station.database.transaction() as transaction:
        for move in (
            BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=2),
            BlankMove(source=Account.STOCK, target=Account.IN_MACHINE, target_lane=LANE, quantity=2),
        ):
            book(transaction, station.journal, move)
    station.worker().run_batch()
    for question in station.questions():
        station.answering.answer(question.sequence, "good", "Siti", "looked at it")
    assert [station.job(number).state for number in (1, 2)] == [JobState.READY, JobState.READY]
    assert station.balances().in_machine[LANE] == 1 == len(station.devices.hopper)


def test_a_load_that_may_have_happened_keeps_its_blank(station: FakeStation, tmp_path: Path) -> None:
    """Between intent and outcome nobody knows whether the blank has left: it is kept for the attempt."""

    class Death(BaseException):
        """The power goes."""

    def die() -> None:
        raise Death

    station.devices.arm("feed", die)
    with pytest.raises(Death):
        station.worker().run_batch()
    with station.database.reading() as transaction:
        assert has_blank_in_the_making(transaction, LANE)
        with pytest.raises(Refused, match="BLANKS_SHORT"):
            require_in_hopper(transaction, LANE, 1)


def test_a_card_that_waits_for_its_check_and_lies_in_the_hopper_costs_no_blank(station: FakeStation) -> None:
    """Somebody has laid it into the wrong pile: the books must not take it for the next blank."""
    station.worker().run_batch(1)
    (finished,) = [card for card in station.devices.cards if card.place == "tray"]
    station.devices.hopper.insert(0, finished)
    with station.database.transaction() as transaction:
        for move in (
            BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=2),
            BlankMove(source=Account.STOCK, target=Account.IN_MACHINE, target_lane=LANE, quantity=2),
        ):
            book(transaction, station.journal, move)
    station.worker().run_batch(1)
    assert finished.place == "reject_box"
    assert [(one.state, one.cause) for one in station.attempts(2)] == [
        (AttemptState.NOT_DONE, "known_card"),
        (AttemptState.CHECKING, None),
    ]
    assert station.balances().totals[Account.SPOILED] == 0
    with station.database.reading() as transaction:
        assert booked_in_hopper(transaction, LANE) == len(station.devices.hopper)
