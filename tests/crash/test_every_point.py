"""The station dies at every point: before and after each commit and each thing that a device does.

Here a death is an exception that nothing catches, in one process with fake devices; what is checked after it
is what the devices count. (The same with SIGKILL and real files is a larger suite of its own.)
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, event

from station.blanks.ledger import Account
from station.cards.store import JobState
from station.journal.store import broken_at
from station.ports import ChipState
from tests.fakes.devices import FakeLane
from tests.fakes.station import FakeStation, records
from tests.reliability.station import painter, remembered_content

BLANKS = 6


class Death(BaseException):
    """The power goes. No handler of the program may catch this."""


class Reaper:
    """Kills at the n-th point that is reached; counts them all."""

    def __init__(self, at: int | None) -> None:
        self.at, self.reached = at, 0

    def point(self, where: str) -> None:
        self.reached += 1
        if self.reached == self.at:
            raise Death(f"{self.at}: {where}")


@contextmanager
def watched(station: FakeStation, reaper: Reaper) -> Iterator[None]:
    """Have commits and device operations reported to the reaper."""

    def before_commit(connection: Connection) -> None:
        reaper.point("before commit")

    event.listen(station.database.engine, "commit", before_commit)
    station.devices.hook = reaper.point
    try:
        yield
    finally:
        station.devices.hook = lambda where: None
        event.remove(station.database.engine, "commit", before_commit)


def _run_until_death(station: FakeStation, at: int | None) -> int:
    reaper = Reaper(at)
    with watched(station, reaper):
        try:
            station.worker().run_batch()
        except Death:
            return -1
    return reaper.reached


def _answer_everything(station: FakeStation) -> None:
    """A person looks at the cards and says what is true."""
    for question in station.questions():
        if question.name == "print_unknown":
            card = next(card for card in station.devices.cards if card.uid.hex() in question.payload)
            verdict = "printed_good" if card.faces else "spoiled"
            station.answering.answer(question.sequence, verdict, "Siti", "looked at it")


def _check(station: FakeStation) -> None:
    cards = station.devices.cards
    balances = station.balances()
    assert balances.difference == 0
    assert all(len(card.faces) <= 1 for card in cards), "a card was printed twice"
    assert all(card.state is ChipState.ACTIVATED for card in cards if card.faces), "printed, chip not locked"
    in_tray = [card for card in cards if card.place == "tray"]
    assert len(in_tray) == balances.totals[Account.ISSUED]
    assert len(station.devices.hopper) == balances.totals[Account.IN_MACHINE]
    assert sum(card.place == "reject_box" for card in cards) == balances.totals[Account.SPOILED]
    with station.database.reading() as transaction:
        assert broken_at(transaction) is None


def _devices() -> FakeLane:
    devices = FakeLane(BLANKS)
    devices.cards[0].bad = True  # the way of a spoiled chip is in it too
    return devices


def _make_template(folder: Path, record_folders: list[Path]) -> Path:
    """An office before its first card, to be copied for each death."""
    folder.mkdir()
    station = FakeStation(folder, _devices())
    station.prepare(BLANKS)
    station.add(record_folders)
    station.close()
    return folder


def _prepared(template: Path, folder: Path) -> FakeStation:
    shutil.copytree(template, folder)
    return FakeStation(folder, _devices())


@pytest.fixture
def same_people() -> Iterator[None]:
    """Draw the face and shrink the photo of each person once, not after every death."""
    with (
        patch("tests.fakes.station.PAINTER", painter()),
        patch("station.batches.worker.chip_content", remembered_content),
    ):
        yield


@pytest.mark.usefixtures("same_people")
@pytest.mark.timeout(300)
def test_no_death_loses_a_blank_or_makes_a_second_card(tmp_path: Path) -> None:
    record_folders = records(tmp_path / "records", 2)
    template = _make_template(tmp_path / "template", record_folders)
    whole = _prepared(template, tmp_path / "whole")
    points = _run_until_death(whole, None)
    _check(whole)
    whole.close()
    assert points > 40
    for at in range(1, points + 1):
        station = _prepared(template, tmp_path / f"death-{at}")
        assert _run_until_death(station, at) == -1
        station.close()
        restarted = FakeStation(tmp_path / f"death-{at}", station.devices)
        restarted.worker().run_batch()
        _answer_everything(restarted)
        restarted.worker().run_batch()
        assert restarted.questions() == [], f"death at point {at} left a question"
        assert [restarted.job(number).state for number in (1, 2)] == [JobState.READY, JobState.READY]
        _check(restarted)
        restarted.close()
