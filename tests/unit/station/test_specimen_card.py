"""`station doctor --specimen`: the whole chain on one blank, nobody's card; the centre hears nothing."""

from pathlib import Path

import pytest
from sqlalchemy import text

from station.blanks.ledger import Account
from station.cards.store import JobPurpose, JobState
from station.errors import ExitStatus
from station.ports import ChipState
from station.records.folder import read_record
from tests.fakes.station import records
from tests.unit.station.office_desk import Desk, assert_explained

SPECIMEN = ("doctor", "--specimen", "--by", "Siti")
FIRST = "8004000000000001"


def outbox(desk: Desk) -> int:
    with desk.database.reading() as transaction:
        return int(transaction.execute(text("SELECT COUNT(*) FROM outbox")).scalar_one())


def test_a_specimen_uses_one_blank_and_tells_nobody(desk: Desk) -> None:
    document = desk.run(*SPECIMEN, "--json").fields()
    assert (document["healthy"], document["specimen"]) == (True, FIRST)
    (card,) = [card for card in desk.devices.cards if card.place == "tray"]
    assert card.state is ChipState.ACTIVATED
    assert len(card.faces) == 1
    balances = desk.balances()
    assert (balances.totals[Account.SPOILED], balances.totals[Account.ISSUED]) == (1, 0)
    assert balances.difference == 0
    assert outbox(desk) == 0
    with desk.database.reading() as transaction:
        (move,) = transaction.execute(text("SELECT cause, card FROM blank_moves WHERE target = 'spoiled'"))
    assert tuple(move) == ("specimen", FIRST)
    assert desk.job(1).purpose is JobPurpose.SPECIMEN
    assert desk.job(1).state is JobState.READY


def test_the_books_show_the_specimen_as_spoiled(desk: Desk) -> None:
    desk.run(*SPECIMEN)
    assert desk.run("blanks", "show", "--json").fields()["spoiled_by_cause"] == {"specimen": 1}
    assert desk.run("cards", "show", FIRST, "--json").fields()["account"] == "spoiled"


def test_one_specimen_after_the_other_can_be_made(desk: Desk) -> None:
    for number in (1, 2, 3):
        assert desk.run(*SPECIMEN, "--json").fields()["specimen"] == f"800400000000000{number}"
    assert desk.balances().totals[Account.SPOILED] == 3
    assert outbox(desk) == 0


def test_a_specimen_goes_before_the_queue_and_leaves_it_alone(desk: Desk, tmp_path: Path) -> None:
    (job,) = desk.add(records(tmp_path / "records", 1))
    assert desk.run(*SPECIMEN).status == ExitStatus.DONE
    assert desk.job(job.id).state is JobState.QUEUED
    assert desk.devices.cards_inserted == 1


def test_a_specimen_whose_chips_fail_is_explained_and_accounted_for(desk: Desk) -> None:
    for card in desk.devices.cards[:3]:
        card.bad = True
    said = desk.run(*SPECIMEN)
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "SPECIMEN_FAILED")
    assert "None" not in said.complaints
    assert desk.balances().totals[Account.SPOILED] == 3
    assert desk.balances().difference == 0
    assert outbox(desk) == 0


def test_no_specimen_while_a_lane_has_something_inside(desk: Desk, tmp_path: Path) -> None:
    def boom() -> None:
        raise ZeroDivisionError

    desk.devices.arm("write", boom)
    desk.add(records(tmp_path / "records", 1))
    desk.run("jobs", "run")
    said = desk.run(*SPECIMEN)
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "LANE_WAITS")
    assert desk.devices.cards_inserted == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("doctor", "--specimen"), "STAFF_UNKNOWN"),
        (("doctor", "--specimen", "--by", "Nobody"), "STAFF_UNKNOWN"),
        ((*SPECIMEN, "--lane", "Z"), "LANE_UNKNOWN"),
    ],
)
def test_what_is_not_allowed_uses_nothing(desk: Desk, words: tuple[str, ...], code: str) -> None:
    said = desk.run(*words)
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, code)
    assert desk.devices.cards_inserted == 0


def test_a_specimen_without_supplies_is_refused_before_its_blank_moves(desk: Desk) -> None:
    desk.devices.faces_left = 0
    said = desk.run(*SPECIMEN)
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "BATCH_RIBBON_SHORT")
    assert desk.devices.cards_inserted == 0
    assert desk.run("jobs", "list", "--json").document() == []


def test_the_specimens_record_is_nobodys_and_a_true_record(desk: Desk) -> None:
    desk.run(*SPECIMEN)
    record = read_record(desk.folder / "specimen" / "1")
    assert record.data.nik.startswith("999999")
    assert record.data.synthetic
    assert not record.from_production


def test_an_unhealthy_office_makes_no_specimen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.folder.chmod(0o755)
    said = desk.run(*SPECIMEN, "--json")
    assert said.status == ExitStatus.REFUSED
    assert (said.fields()["healthy"], said.fields()["specimen"]) == (False, None)
    assert desk.devices.cards_inserted == 0
