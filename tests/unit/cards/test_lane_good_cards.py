"""The main job on a lane of fake devices: what the journal, the ledger and the outbox say afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from station.blanks.ledger import Account
from station.cards.intake import Order
from station.cards.store import AttemptState, JobState
from station.errors import Refused, StationError
from station.journal.store import broken_at
from station.ports import ChipState
from station.settings import PolicySettings
from tests.fakes.devices import FakeLane
from tests.fakes.station import FakeStation, records


@pytest.fixture
def station(tmp_path: Path) -> Iterator[FakeStation]:
    station = FakeStation(tmp_path, FakeLane(6))
    station.prepare(6)
    yield station
    station.close()


def test_records_become_verified_locked_and_printed_cards(station: FakeStation, tmp_path: Path) -> None:
    jobs = station.add(records(tmp_path / "records", 3))
    station.worker().run_batch()
    ready = [card for card in station.devices.cards if card.place == "tray"]
    assert len(ready) == 3
    for job in jobs:
        assert station.job(job.id).state is JobState.READY
        (attempt,) = station.attempts(job.id)
        (card,) = [card for card in ready if card.uid.hex() == attempt.card]
        assert card.state is ChipState.ACTIVATED
        assert card.faces == [attempt.face_sha256]
    balances = station.balances()
    assert balances.totals[Account.ISSUED] == 3
    assert balances.totals[Account.IN_MACHINE] == 3
    assert balances.difference == 0


def test_the_chip_is_verified_before_it_is_locked_and_locked_before_it_is_printed(
    station: FakeStation, tmp_path: Path
) -> None:
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    names = [f"{row.kind}:{row.name}" for row in station.rows(job.id)]
    order = ["intent:load", "event:card_bound", "event:chip_verified", "intent:lock", "intent:print"]
    positions = [names.index(name) for name in order]
    assert positions == sorted(positions)


def test_the_message_to_the_centre_is_queued_with_the_card_and_names_nobody(
    station: FakeStation, tmp_path: Path
) -> None:
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    with station.database.reading() as transaction:
        (message,) = transaction.execute(text("SELECT topic, payload FROM outbox")).all()
    (attempt,) = station.attempts(job.id)
    assert message.topic == "card_issued"
    assert attempt.card is not None
    assert attempt.card in message.payload
    assert job.record in message.payload


def test_nothing_personal_stands_in_the_journal(station: FakeStation, tmp_path: Path) -> None:
    folders = records(tmp_path / "records", 2)
    station.add(folders)
    station.worker().run_batch()
    with station.database.reading() as transaction:
        rows = str(transaction.execute(text("SELECT * FROM journal")).all())
    for folder in folders:
        content = (folder / "record.json").read_text()
        for name in ("nik", "name", "address", "birth_date"):
            value = content.split(f'"{name}": "')[1].split('"')[0]
            assert value not in rows


def test_one_person_gets_no_second_card_of_an_issue(station: FakeStation, tmp_path: Path) -> None:
    (folder,) = records(tmp_path / "records", 1)
    station.add([folder])
    with pytest.raises(Refused) as refused:
        station.add([folder])
    assert refused.value.code == "PERSON_HAS_CARD"
    station.worker().run_batch()
    with pytest.raises(Refused):
        station.add([folder])
    assert sum(len(card.faces) for card in station.devices.cards) == 1


def test_the_database_itself_refuses_a_second_live_card(station: FakeStation, tmp_path: Path) -> None:
    station.add(records(tmp_path / "records", 1))
    copy = (
        "INSERT INTO jobs"
        " (record, folder, record_sha256, person, issue, priority, purpose, state, created_at)"
        " SELECT 'other', folder, record_sha256, person, issue, priority,"
        " purpose, 'queued', created_at FROM jobs"
    )
    with pytest.raises(Refused) as refused, station.database.transaction() as transaction:
        transaction.execute(text(copy))
    assert refused.value.code == "JOURNAL_REFUSED"


def test_the_journal_is_chained_and_never_changed(station: FakeStation, tmp_path: Path) -> None:
    station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    with station.database.reading() as transaction:
        assert broken_at(transaction) is None
    for change in (
        "UPDATE journal SET payload = '{}' WHERE sequence = 2",
        "DELETE FROM journal WHERE sequence = 2",
    ):
        with pytest.raises(StationError), station.database.transaction() as transaction:
            transaction.execute(text(change))
    with station.database.transaction() as transaction:
        transaction.execute(text("DROP TRIGGER journal_UPDATE"))
        transaction.execute(text("UPDATE journal SET payload = '{}' WHERE sequence = 4"))
    with station.database.reading() as transaction:
        assert broken_at(transaction) == 4


def test_jobs_go_by_priority_and_then_by_age(station: FakeStation, tmp_path: Path) -> None:
    first, second, third = records(tmp_path / "records", 3)
    late = station.intake.add(first, Order(9))[0]
    early = station.intake.add(second, Order(1))[0]
    middle = station.intake.add(third, Order(5))[0]
    station.worker().run_batch(limit=2)
    assert station.job(early.id).state is JobState.READY
    assert station.job(middle.id).state is JobState.READY
    assert station.job(late.id).state is JobState.QUEUED


def test_a_quality_check_waits_for_a_person_and_not_for_the_lane(tmp_path: Path) -> None:
    station = FakeStation(tmp_path, FakeLane(4), PolicySettings(quality_check_every=2))
    station.prepare(4)
    jobs = station.add(records(tmp_path / "records", 3))
    station.worker().run_batch()
    assert [station.job(job.id).state for job in jobs] == [JobState.READY, JobState.WAITING, JobState.WAITING]
    first, second = station.questions()
    station.answering.answer(first.sequence, "good", "Siti", "all letters are there")
    station.answering.answer(second.sequence, "spoiled", "Siti", "a white stripe")
    assert station.job(jobs[1].id).state is JobState.READY
    assert station.attempts(jobs[2].id)[0].state is AttemptState.SPOILED
    assert station.balances().totals[Account.SPOILED] == 1
    assert station.balances().difference == 0
    station.close()
