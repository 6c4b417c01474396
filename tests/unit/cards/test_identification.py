"""A found card is held against the journal: what it is decides what is safe."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.cards.identification import Finding, identify
from station.cards.store import Job
from station.errors import DeviceFault
from station.ports import ChipState
from station.settings import PolicySettings
from tests.fakes.devices import FakeLane
from tests.fakes.station import FakeStation, records


@pytest.fixture
def station(tmp_path: Path) -> Iterator[FakeStation]:
    station = FakeStation(tmp_path, FakeLane(5), PolicySettings(quality_check_every=3))
    station.prepare(5)
    yield station
    station.close()


def _identify(
    station: FakeStation, card: str, chip: ChipState, job: Job | None = None, *, signed: bool = True
) -> Finding:
    person = job.person if job else None
    with station.database.reading() as transaction:
        return identify(transaction, card, chip, person, signed if job else None).finding


def test_a_finished_card_is_for_its_holder(station: FakeStation, tmp_path: Path) -> None:
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    card = station.devices.cards[0].uid.hex()
    assert _identify(station, card, ChipState.ACTIVATED, job) is Finding.FINISHED
    assert _identify(station, card, ChipState.BLANK) is Finding.CONTRADICTION
    assert _identify(station, card, ChipState.ACTIVATED, job, signed=False) is Finding.CONTRADICTION


def test_another_persons_data_on_a_card_is_a_contradiction(station: FakeStation, tmp_path: Path) -> None:
    station.add(records(tmp_path / "records", 2))
    station.worker().run_batch()
    first, second = (card.uid.hex() for card in station.devices.cards[:2])
    assert _identify(station, first, ChipState.ACTIVATED, station.job(2)) is Finding.CONTRADICTION
    assert _identify(station, second, ChipState.ACTIVATED, station.job(2)) is Finding.FINISHED


def test_an_unknown_blank_is_a_blank_and_an_unknown_written_card_is_foreign(station: FakeStation) -> None:
    assert _identify(station, "80" * 8, ChipState.BLANK) is Finding.UNUSED_BLANK
    for state in (ChipState.CREATION, ChipState.ACTIVATED, ChipState.TERMINATED, ChipState.FOREIGN):
        assert _identify(station, "80" * 8, state) is Finding.FOREIGN


def test_a_spoiled_card_tells_whether_its_chip_is_alive(station: FakeStation, tmp_path: Path) -> None:
    station.devices.cards[0].bad = True
    station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    card = station.devices.cards[0].uid.hex()
    assert _identify(station, card, ChipState.CREATION) is Finding.SPOILED
    assert _identify(station, card, ChipState.ACTIVATED) is Finding.SPOILED_ALIVE


def test_a_card_that_a_question_is_open_about_names_it(station: FakeStation, tmp_path: Path) -> None:
    def pulled_out() -> None:
        station.devices.panels_printed += 3
        station.devices.leave("hand")
        raise DeviceFault("PRINTER_REFUSED", operation="print", reply="ERR MECHANICAL")

    station.devices.arm("print", pulled_out)
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    with station.database.reading() as transaction:
        found = identify(
            transaction, station.devices.cards[0].uid.hex(), ChipState.ACTIVATED, job.person, True
        )
    assert found.finding is Finding.WAITS_FOR_ANSWER
    assert found.question is not None
    assert found.question.name == "print_unknown"


def test_a_card_in_the_good_tray_waits_for_its_check(station: FakeStation, tmp_path: Path) -> None:
    jobs = station.add(records(tmp_path / "records", 3))
    station.worker().run_batch()
    third = station.devices.cards[2].uid.hex()
    assert _identify(station, third, ChipState.ACTIVATED, jobs[2]) is Finding.WAITS_FOR_CHECK
