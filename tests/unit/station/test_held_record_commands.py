"""Held records on the command line: made into cards, erased, and accounted for to the person."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.cards.store import JobState
from station.errors import DeviceAbsent, ExitStatus
from station.office import Office
from station.staff import pins
from station.staff import store as staff
from station.staff.store import Role, StaffMember
from station.vault import store
from station.vault.holding import Holding
from station.vault.segments import segment_path
from station.vault.vault import Vault
from tests.fakes.station import FakeKeys
from tests.fakes.vault import SoftMasterKey
from tests.unit.station.office_desk import Desk, assert_explained
from tests.unit.vault.vault_station import Guest, guests, hold

SUPERVISOR, OPERATOR = "Wati", "Siti"
DUPLICATE = "DUPLICATE_RECORD_ONE_TO_ONE"
PINS = {SUPERVISOR: "482913", OPERATOR: "771204"}


@pytest.fixture
def holding(desk: Desk) -> Iterator[Holding]:
    """The records of the desk's office."""
    vault = Vault(desk.folder / "vault", SoftMasterKey())
    yield Holding(desk.database, desk.journal, desk.clock, vault, FakeKeys())


@pytest.fixture
def people(tmp_path: Path, desk: Desk, holding: Holding) -> list[Guest]:
    """Three people whose records the office holds; the centre has published them."""
    people = guests(tmp_path / "people", 3)
    hold(desk.database, holding, people, "centre:test")
    return people


def hire(desk: Desk) -> Path:
    """Give two people PINs; return the file for the supervisor's."""
    with desk.database.transaction() as transaction:
        staff.add(transaction, desk.journal, StaffMember(name=SUPERVISOR, role=Role.SUPERVISOR))
        for name in (SUPERVISOR, OPERATOR):
            staff.set_pin(transaction, desk.journal, name, pins.hash_pin(PINS[name]), None)
    return pin_file(desk, SUPERVISOR)


def pin_file(desk: Desk, name: str) -> Path:
    file = desk.office_folder / f"pin-{name}"
    file.touch(mode=0o600)
    file.write_text(PINS[name] + "\n")
    return file


def shred(desk: Desk, record: str, by: str, pin: Path, reason: str = "withdrawn") -> tuple[int, str]:
    said = desk.run("records", "shred", record, "--by", by, "--reason", reason, "--pins-from", str(pin))
    return said.status, said.words + said.complaints


# ---- cards of held records ----


def test_a_held_record_becomes_a_card(desk: Desk, people: list[Guest]) -> None:
    said = desk.run("jobs", "add", "--record", people[1].record, "--json")
    assert said.status == ExitStatus.DONE, said
    assert desk.run("jobs", "run").status == ExitStatus.DONE
    assert desk.job(1).state is JobState.READY
    (card,) = [card for card in desk.devices.cards if card.content is not None]
    assert card.content is not None
    assert card.content.nik == people[1].nik
    assert desk.job(1).folder == ""


def test_all_that_is_ready_is_added_once(desk: Desk, people: list[Guest]) -> None:
    desk.run("jobs", "add", "--record", people[0].record)
    assert desk.run("jobs", "add", "--all-ready").status == ExitStatus.DONE
    assert [desk.job(number).record for number in (1, 2, 3)] == [one.record for one in sorted_in(people)]
    again = desk.run("jobs", "add", "--all-ready", "--json")
    assert (again.status, again.document()) == (ExitStatus.DONE, [])


def sorted_in(people: list[Guest]) -> list[Guest]:
    """In the order in which they come up: the first was named, the others follow by their id."""
    return [people[0], *sorted(people[1:], key=lambda one: one.record)]


def test_what_is_not_the_centre_s_word_is_not_all_ready(desk: Desk, holding: Holding, tmp_path: Path) -> None:
    own = guests(tmp_path / "own", 1, seed=5)
    hold(desk.database, holding, own, "recording_station:kaliwates")
    assert desk.run("jobs", "add", "--all-ready", "--json").document() == []


def test_a_job_is_made_of_something(desk: Desk) -> None:
    said = desk.run("jobs", "add")
    assert said.status == ExitStatus.USAGE
    assert_explained(said.complaints, "NOTHING_TO_ADD")


def test_a_record_that_is_not_held(desk: Desk, people: list[Guest]) -> None:
    said = desk.run("jobs", "add", "--record", "nobody", "--record", people[0].record)
    assert said.status == ExitStatus.REFUSED
    assert "[RECORD_NOT_HELD]" in said.words
    assert desk.job(1).record == people[0].record


@pytest.mark.parametrize("trouble", ["damaged", "lost", "erased", "other token"])
def test_a_record_that_broke_in_the_queue_is_refused_before_a_blank_moves(
    desk: Desk,
    holding: Holding,
    people: list[Guest],
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    desk.run("jobs", "add", "--record", people[0].record)
    segment = segment_path(desk.folder / "vault", 1)
    if trouble == "damaged":
        segment.write_bytes(bytes(segment.stat().st_size))
    elif trouble == "lost":
        segment.unlink()
    elif trouble == "erased":
        with desk.database.transaction() as transaction:
            holding.erase(transaction, people[0].record, SUPERVISOR, "by a hand that asked nobody")
    else:
        monkeypatch.setattr(Office.keys, "records", SoftMasterKey(bytes(32)))
    said = desk.run("jobs", "run")
    code = {"erased": "RECORD_ERASED", "other token": "RECORD_KEY_BROKEN"}.get(trouble, "RECORD_SEAL_BROKEN")
    assert f"[{code}]" in said.words
    assert desk.job(1).state is JobState.REFUSED
    assert (desk.devices.cards_inserted, desk.devices.panels_printed) == (0, 0)


class TokenThatComesBack(SoftMasterKey):
    """Away for the first question, then there."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def unwrap(self, record: str, wrapped: bytes) -> bytes:
        self.asked += 1
        if self.asked <= 2:
            raise DeviceAbsent("TOKEN_ABSENT", token="station")
        return super().unwrap(record, wrapped)


def test_a_token_that_is_away_is_waited_for(
    desk: Desk, people: list[Guest], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run("jobs", "add", "--record", people[0].record)
    monkeypatch.setattr(Office.keys, "records", TokenThatComesBack())
    assert desk.run("jobs", "run").status == ExitStatus.DONE
    assert desk.job(1).state is JobState.READY
    names = [row.name for row in desk.rows(1)]
    assert names.index("lane_attention") < names.index("lane_ready") < names.index("load")


# ---- erasing ----


def test_a_supervisor_erases_a_record(desk: Desk, holding: Holding, people: list[Guest]) -> None:
    status, words = shred(desk, people[0].record, SUPERVISOR, hire(desk))
    assert status == ExitStatus.DONE, words
    held = holding.find(people[0].record)
    assert held is not None
    assert held.wrapped_key is None
    status, words = shred(desk, people[0].record, SUPERVISOR, pin_file(desk, SUPERVISOR))
    assert status == ExitStatus.REFUSED
    assert_explained(words, "RECORD_ERASED")


@pytest.mark.parametrize(
    ("by", "pin_of", "code"),
    [
        (OPERATOR, OPERATOR, "SUPERVISOR_NEEDED"),
        (SUPERVISOR, OPERATOR, "PIN_WRONG"),
        ("Nobody", SUPERVISOR, "STAFF_UNKNOWN"),
    ],
)
def test_nobody_else_erases(
    desk: Desk, holding: Holding, people: list[Guest], by: str, pin_of: str, code: str
) -> None:
    hire(desk)
    status, words = shred(desk, people[0].record, by, pin_file(desk, pin_of))
    assert (status, f"[{code}]" in words) == (ExitStatus.REFUSED, True)
    assert holding.content(people[0].record).data.nik == people[0].nik


def test_a_record_in_use_says_what_uses_it(desk: Desk, people: list[Guest]) -> None:
    desk.run("jobs", "add", "--record", people[0].record)
    status, words = shred(desk, people[0].record, SUPERVISOR, hire(desk))
    assert status == ExitStatus.REFUSED
    assert_explained(words, "RECORD_IN_USE")
    assert "live_job" not in words


def test_retention_lists_and_erases(desk: Desk, holding: Holding, people: list[Guest]) -> None:
    pin = hire(desk)
    said = desk.run("records", "retain")
    assert said.status == ExitStatus.DONE
    assert "[retention]" in said.words
    with desk.config.open("a") as file:
        file.write("\n[retention]\ndays_after_rejection = 30\n")
    with desk.database.transaction() as transaction:
        for guest in people[:2]:
            store.set_centre_status(transaction, guest.record, DUPLICATE, "2017-01-01T00:00:00.000Z")
    desk.run("jobs", "add", "--record", people[1].record)
    listed = {one["record"]: one["needed"] for one in due_of(desk, "retain")}
    assert listed == {people[0].record: None, people[1].record: "live_job"}
    assert holding.content(people[0].record).data.nik == people[0].nik
    done = due_of(desk, "retain", "--erase", "--by", SUPERVISOR, "--pins-from", str(pin))
    assert {one["record"] for one in done} == set(listed)
    assert [one["record"] for one in due_of(desk, "retain")] == [people[1].record]
    assert [holding.content(guest.record).data.nik for guest in people[1:]] == [one.nik for one in people[1:]]
    assert desk.run("records", "retain", "--erase").status == ExitStatus.USAGE


def due_of(desk: Desk, *words: str) -> list[dict[str, object]]:
    said = desk.run("records", *words, "--json")
    assert said.status == ExitStatus.DONE, said
    due = said.fields()["due"]
    assert isinstance(due, list)
    return due


# ---- what was done with one person's data ----


def person(desk: Desk, out: Path, *words: str) -> int:
    given = ("records", "person", "--out", str(out), "--by", OPERATOR, "--reason", "asked at the counter")
    return desk.run(*given, *words).status


def test_a_person_gets_all_that_was_done(desk: Desk, people: list[Guest], tmp_path: Path) -> None:
    guest, out = people[0], tmp_path / "answer"
    desk.run("jobs", "add", "--record", guest.record)
    desk.run("jobs", "add", "--record", people[1].record)
    desk.run("jobs", "run")
    assert person(desk, out, "--nik", guest.nik) == ExitStatus.DONE
    document = json.loads(Path(f"{out}.json").read_text())
    assert document["format"] == "trail/1"
    assert [one["record"] for one in document["records"]] == [guest.record]
    assert [one["state"] for one in document["jobs"]] == ["ready"]
    assert [one["state"] for one in document["jobs"][0]["attempts"]] == ["ready"]
    names = [row["name"] for row in document["rows"]]
    assert names[0] == "record_received"
    assert names[-1] == "trail_exported"
    assert {"job_added", "load", "lock", "print", "card_ready"} < set(names)
    assert document["rows"][-1]["by"] == OPERATOR
    words = Path(f"{out}.txt").read_text()
    assert "kartu siap" in words
    assert guest.nik[:4] + "********" + guest.nik[-4:] in words


def test_the_answer_is_private_and_holds_no_name(desk: Desk, people: list[Guest], tmp_path: Path) -> None:
    assert person(desk, tmp_path / "answer", "--record", people[0].record) == ExitStatus.DONE
    for ending in ("json", "txt"):
        file = tmp_path / f"answer.{ending}"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        content = file.read_text()
        assert people[0].nik not in content
        assert people[0].name not in content
        assert people[1].record not in content


def test_the_question_stands_in_the_journal_even_when_there_is_nothing(desk: Desk, tmp_path: Path) -> None:
    assert person(desk, tmp_path / "answer", "--nik", "3509015505900007") == ExitStatus.DONE
    document = json.loads((tmp_path / "answer.json").read_text())
    assert [row["name"] for row in document["rows"]] == ["trail_exported"]
    assert document["records"] == document["jobs"] == []


def test_an_erased_record_is_still_accounted_for(
    desk: Desk, holding: Holding, people: list[Guest], tmp_path: Path
) -> None:
    shred(desk, people[0].record, SUPERVISOR, hire(desk))
    assert person(desk, tmp_path / "answer", "--nik", people[0].nik) == ExitStatus.DONE
    document = json.loads((tmp_path / "answer.json").read_text())
    assert document["records"][0]["erased_at"]
    assert [row["name"] for row in document["rows"]] == ["record_received", "record_erased", "trail_exported"]


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        ((), "PERSON_UNNAMED", ExitStatus.USAGE),
        (("--nik", "1", "--record", "r"), "PERSON_UNNAMED", ExitStatus.USAGE),
        (("--nik", "35090155059000"), "NIK_MALFORMED", ExitStatus.REFUSED),
        (("--record", "nobody"), "RECORD_NOT_HELD", ExitStatus.REFUSED),
    ],
)
def test_a_question_that_cannot_be_answered(
    desk: Desk, tmp_path: Path, words: tuple[str, ...], code: str, status: ExitStatus
) -> None:
    given = ("records", "person", "--out", str(tmp_path / "x"), "--by", OPERATOR, "--reason", "asked")
    said = desk.run(*given, *words)
    assert said.status == status
    assert_explained(said.complaints, code)
    assert not (tmp_path / "x.json").exists()


def test_a_file_that_is_there_is_kept(desk: Desk, people: list[Guest], tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text("mine")
    assert person(desk, tmp_path / "answer", "--nik", people[0].nik) == ExitStatus.REFUSED
    assert (tmp_path / "answer.txt").read_text() == "mine"
    assert not (tmp_path / "answer.json").exists()
