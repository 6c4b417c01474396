"""A bad record gets its code and an Indonesian explanation; nothing is used up, begun, or lost."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from station.cards.store import JobState
from station.errors import ExitStatus
from tests.fakes.station import records
from tests.unit.station.bad_records import ALL, NOT_PRINTABLE, REFUSED, Spoil
from tests.unit.station.office_desk import Desk, assert_explained


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (folder,) = records(tmp_path_factory.mktemp("records"), 1)
    return folder


def count(desk: Desk, table: str) -> int:
    with desk.database.reading() as transaction:
        return int(transaction.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one())


@pytest.mark.parametrize(("code", "spoil"), ALL.values(), ids=list(ALL))
def test_a_bad_record_is_refused_before_anything_moves(
    desk: Desk, tmp_path: Path, good: Path, code: str, spoil: Spoil
) -> None:
    folder = tmp_path / "record"
    shutil.copytree(good, folder)
    spoil(folder)
    before, moves = desk.balances(), count(desk, "blank_moves")
    said = desk.run("jobs", "add", str(folder))
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.words, code)
    assert desk.run("jobs", "run").status == ExitStatus.DONE
    assert (desk.devices.cards_inserted, desk.devices.panels_printed) == (0, 0)
    assert desk.balances() == before
    assert count(desk, "blank_moves") == moves
    assert (count(desk, "attempts"), count(desk, "outbox")) == (0, 0)
    kept = (code, spoil) in REFUSED.values()
    assert [job["state"] for job in json.loads(desk.run("jobs", "list", "--json").words)] == [
        "refused"
    ] * kept


@pytest.mark.parametrize("name", ["unknown_status", "noise_photo", "without_photo.jpg", "glyph_missing"])
def test_the_same_person_gets_a_card_once_the_record_is_mended(
    desk: Desk, tmp_path: Path, good: Path, name: str
) -> None:
    folder = tmp_path / "record"
    shutil.copytree(good, folder)
    ALL[name][1](folder)
    assert desk.run("jobs", "add", str(folder)).status == ExitStatus.REFUSED
    assert desk.run("jobs", "add", str(good)).status == ExitStatus.DONE
    assert desk.run("jobs", "run").status == ExitStatus.DONE
    assert desk.devices.cards_inserted == 1


def test_one_bad_record_keeps_no_good_one_from_the_queue(desk: Desk, tmp_path: Path, good: Path) -> None:
    bad = tmp_path / "bad"
    shutil.copytree(good, bad)
    ALL["no_json"][1](bad)
    nowhere = tmp_path / "nowhere"
    said = desk.run("jobs", "add", str(bad), str(nowhere), str(good), "--json")
    assert said.status == ExitStatus.REFUSED
    first, second, third = json.loads(said.words)
    assert (first["error"]["code"], second["error"]["code"]) == ("RECORD_MALFORMED", "RECORD_FOLDER_MISSING")
    assert third["state"] == "queued"


@pytest.mark.parametrize("status", NOT_PRINTABLE)
def test_the_operator_is_told_what_to_do_about_each_status(
    desk: Desk, tmp_path: Path, good: Path, status: str
) -> None:
    folder = tmp_path / "record"
    shutil.copytree(good, folder)
    REFUSED[status.lower()][1](folder)
    english = desk.run("--lang", "en", "jobs", "add", str(folder)).words.splitlines()
    indonesian = desk.run("jobs", "add", str(folder)).words.splitlines()
    assert status in indonesian[1]
    for line, same in zip(indonesian, english, strict=True):
        assert line != same


def test_a_face_that_does_not_fit_is_found_before_a_blank_moves(
    desk: Desk, tmp_path: Path, good: Path
) -> None:
    folder = tmp_path / "record"
    shutil.copytree(good, folder)
    data = json.loads((folder / "record.json").read_text())
    (folder / "record.json").write_text(json.dumps({**data, "address": "W" * 200}))
    assert desk.run("jobs", "add", str(folder)).status == ExitStatus.DONE
    said = desk.run("jobs", "run")
    assert_explained(said.words, "FACE_OVERFLOW")
    assert desk.job(1).state is JobState.REFUSED
    assert desk.devices.cards_inserted == 0
