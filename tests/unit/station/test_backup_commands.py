"""The backup commands as an office gives them: Indonesian words, exit statuses, documents for programs."""

import os
import shutil
from pathlib import Path

import pytest

from station.cards.store import JobState
from station.errors import ExitStatus
from station.staff import pins, store
from station.staff.store import Role, StaffMember
from tests.fakes.station import LANE, FakeStation, records
from tests.unit.station.office_desk import Desk, assert_explained

PINS = {"Siti": "4711", "Budi": "1147"}


@pytest.fixture
def disk(desk: Desk, tmp_path: Path) -> Path:
    """A place for backups that the settings name."""
    place = tmp_path / "usb"
    place.mkdir()
    text = desk.config.read_text()
    desk.config.write_text(text.replace("[office]", f'[backup]\nplace = "{place}"\n\n[office]'))
    return place


def sign(desk: Desk, folder: Path) -> list[str]:
    """Two people with PINs; the words that sign with both."""
    with desk.database.transaction() as transaction:
        store.add(transaction, desk.journal, StaffMember(name="Budi", role=Role.SUPERVISOR))
        for name, pin in PINS.items():
            store.set_pin(transaction, desk.journal, name, pins.hash_pin(pin), None)
    return signing(folder)


def signing(folder: Path) -> list[str]:
    file = folder / "pins"
    file.write_text("\n".join(PINS.values()) + "\n")
    file.chmod(0o600)
    return ["--sign", "Siti", "--sign", "Budi", "--pins-from", str(file)]


def test_a_backup_is_made_verified_listed_and_drilled(desk: Desk, disk: Path) -> None:
    made = desk.run("backup", "run")
    assert made.status == ExitStatus.DONE, made.complaints
    assert "token" in made.words and "pkcs11:token=fake;object=journal" in made.words
    verified = desk.run("backup", "verify", "--all")
    assert verified.status == ExitStatus.DONE
    assert "pkcs11:token=fake;object=journal" in verified.words, "nobody sees which token it needs"
    assert desk.run("backup", "verify", "--json").fields()["good"] is True
    listed = desk.run("backup", "list", "--json").fields()
    assert isinstance(listed["backups"], list) and len(listed["backups"]) == 1
    drilled = desk.run("backup", "drill")
    assert drilled.status == ExitStatus.DONE, drilled.complaints
    assert desk.run("backup", "list", "--json").fields()["last_drill"]
    for said in (made, verified, drilled, desk.run("backup", "list")):
        assert "{" not in said.words


def test_without_a_place_it_says_where_to_write_it(desk: Desk) -> None:
    for words in (["run"], ["verify"], ["drill"]):
        said = desk.run("backup", *words)
        assert said.status == ExitStatus.REFUSED
        assert_explained(said.complaints, "BACKUP_PLACE_UNSET")


def test_an_unplugged_disk_is_a_device_that_is_absent(desk: Desk, disk: Path) -> None:
    disk.rmdir()
    for words in (["run"], ["verify"], ["drill"]):
        said = desk.run("backup", *words)
        assert said.status == ExitStatus.DEVICE_ABSENT
        assert_explained(said.complaints, "BACKUP_PLACE_ABSENT")


def test_a_damaged_backup_is_named_with_what_is_wrong(desk: Desk, disk: Path) -> None:
    desk.run("backup", "run")
    database = next(disk.glob("backups/*/station.db"))
    os.truncate(database, database.stat().st_size - 1)
    said = desk.run("backup", "verify")
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.words, "BACKUP_DAMAGED")
    assert "station.db" in said.words
    restored = desk.run("backup", "restore", str(disk), "--into", str(disk.parent / "x"))
    assert restored.status == ExitStatus.REFUSED
    assert_explained(restored.complaints, "BACKUP_DAMAGED")


@pytest.mark.parametrize("what", ["nothing", "a file", "an empty folder"])
def test_what_is_no_backup_is_refused(desk: Desk, tmp_path: Path, what: str) -> None:
    folder = tmp_path / "folder"
    if what == "a file":
        folder.write_text("x")
    elif what == "an empty folder":
        folder.mkdir()
    said = desk.run("backup", "restore", str(folder), "--into", str(tmp_path / "x"))
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "BACKUP_UNREADABLE")


def test_the_data_folder_in_use_is_never_restored_over(desk: Desk, disk: Path) -> None:
    desk.run("backup", "run")
    before = sorted((file.name, file.stat().st_size) for file in desk.folder.iterdir())
    said = desk.run("backup", "restore", str(disk), "--into", str(desk.folder))
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "RESTORE_TARGET_IN_USE")
    assert sorted((file.name, file.stat().st_size) for file in desk.folder.iterdir()) == before


def test_from_a_dead_disk_to_the_next_card(desk: Desk, disk: Path, tmp_path: Path) -> None:
    """The whole way as the manual describes it."""
    signatures = sign(desk, tmp_path)
    desk.add(records(tmp_path / "records", 3))
    assert desk.run("jobs", "run", "--limit", "1").status == ExitStatus.DONE
    assert desk.run("backup", "run").status == ExitStatus.DONE
    assert desk.run("jobs", "run", "--limit", "1").status == ExitStatus.DONE  # nobody has this on paper
    desk.close()
    shutil.rmtree(desk.folder)

    restored = desk.run("backup", "restore", str(disk), "--into", str(desk.folder))
    assert restored.status == ExitStatus.WAITS_FOR_PERSON, restored.complaints
    assert "{" not in restored.words
    stopped = desk.run("jobs", "run")
    assert stopped.status == ExitStatus.REFUSED
    assert_explained(stopped.words, "RESTORE_HOLDS")
    compared = desk.run("backup", "compare", "--json")
    assert compared.status == ExitStatus.WAITS_FOR_PERSON
    lanes = compared.fields()["lanes"]
    assert isinstance(lanes, list)
    seen = [(one["before"]["inserted"], one["after"]["inserted"], one["unexplained"]) for one in lanes]
    assert seen == [(1, 2, 1)]
    assert compared.fields()["uncounted"] == ["stock", LANE]
    release = ["backup", "release", "--reason", "dihitung", *signatures]
    assert_explained(desk.run(*release).complaints, "RESTORE_UNCOUNTED")
    counted = desk.run(
        "blanks", "count", "--stock", "0", "--lane", f"{LANE}=6", "--kind", "opening", "--by", "Siti"
    )
    assert counted.status == ExitStatus.WAITS_FOR_PERSON, "the missing blank is not seen"
    assert_explained(desk.run(*release).complaints, "RESTORE_UNEXPLAINED")
    assert "{" not in desk.run("backup", "compare").words
    assert desk.run(*release, "--ask-each").status == ExitStatus.DONE
    back = FakeStation(desk.folder, desk.devices)
    assert desk.run("jobs", "run").status == ExitStatus.WAITS_FOR_PERSON
    for question, verdict in zip(back.questions(), ("made", "not_made"), strict=True):
        words = ["--verdict", verdict, "--by", "Siti", "--reason", "buku pengambilan"]
        answered = desk.run("questions", "answer", str(question.sequence), *words)
        assert answered.status == ExitStatus.DONE, answered.complaints
    assert desk.run("jobs", "run").status == ExitStatus.DONE
    assert [back.job(number).state for number in (1, 2, 3)] == [
        JobState.READY,
        JobState.GIVEN_UP,
        JobState.READY,
    ]
    assert sum(bool(card.faces) for card in desk.devices.cards) == 3
    back.close()


def test_the_doctor_warns_of_backups_and_stays_healthy(desk: Desk, disk: Path) -> None:
    said = desk.run("doctor")
    assert "BACKUP_NEVER" in said.words
    assert desk.run("doctor", "--json").fields()["healthy"] is True
    desk.run("backup", "run")
    desk.run("backup", "drill")
    said = desk.run("doctor")
    assert "BACKUP_NEVER" not in said.words and "DRILL" not in said.words
