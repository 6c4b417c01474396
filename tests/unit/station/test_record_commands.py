"""`station records`: import, list, show, search, export, retry, discard, as people give them."""

import json
import os
from pathlib import Path

import pytest

from simulators.recording_station.recordings import recording
from simulators.recording_station.sealing import sealed
from station.bundles.agreement import Agreements
from station.bundles.reading import open_bundle
from station.bundles.senders import Senders
from station.vault.sealed import open_sealed, unpack
from tests.fakes.exchange import SENDER, STATION, SoftRecipient, trust
from tests.unit.bundles.bundle_maker import draft, write, write_people
from tests.unit.station.office_desk import Desk, assert_explained

PIN = "246810"


@pytest.fixture
def bundles(desk: Desk, tmp_path: Path) -> Path:
    trust(desk.office_folder / "senders")
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


@pytest.fixture
def pins(desk: Desk, tmp_path: Path) -> str:
    file = tmp_path / "pins"
    file.touch(mode=0o600)
    file.write_text(f"{PIN}\n")
    added = desk.run("staff", "add", "Wati", "--role", "supervisor", "--pins-from", str(file))
    assert added.status == 0, added.complaints
    return str(file)


def conflict(folder: Path) -> None:
    """A bundle whose record has another content under an id that is held."""
    person = recording(7, 0, None)
    document = {**json.loads(person.parts["record.json"]), "occupation": "PETANI LAIN"}
    parts = {**person.parts, "record.json": json.dumps(document).encode()}
    other = sealed(person.record, person.captured_at, parts)
    write(folder / "b.bundle", SENDER.draft([other], STATION.public_key()))


def test_import_of_a_disk_and_again(desk: Desk, bundles: Path) -> None:
    write_people(bundles / "a.bundle", 3)
    write_people(bundles / "deeper" / "b.bundle", 2, 3)
    (bundles / "notes.txt").write_text("left alone")
    said = desk.run("records", "import", str(bundles), "--json")
    document = said.fields()
    assert (said.status, document["bundles"], document["accepted"], document["other_files"]) == (0, 2, 5, 1)
    again = desk.run("records", "import", str(bundles), "--json").fields()
    assert (again["accepted"], again["before"]) == (0, 5)


def test_what_cannot_be_taken_is_explained_and_blocks_nothing(desk: Desk, bundles: Path) -> None:
    (bundles / "a.bundle").write_bytes(b"no bundle")
    made = draft(2)
    made.contents[0] = bytes(len(made.contents[0]))
    write(bundles / "b.bundle", made)
    said = desk.run("records", "import", str(bundles), str(bundles / "gone"))
    assert said.status == 1
    for code in ("BUNDLE_MALFORMED", "RECORD_DAMAGED", "IMPORT_PATH_UNUSABLE"):
        assert f"[{code}]" in said.words
    listed = desk.run("records", "list", "--json").fields()
    assert listed["count"] == 1


def test_a_record_set_aside_waits_for_a_person(desk: Desk, bundles: Path) -> None:
    write_people(bundles / "a.bundle", 1)
    assert desk.run("records", "import", str(bundles)).status == 0
    conflict(bundles)
    said = desk.run("records", "import", str(bundles))
    assert said.status == 3
    assert_explained(said.words, "RECORD_CONFLICT")
    (row,) = _records(desk, "--state", "set_aside")
    assert (row["number"], row["code"]) == (1, "RECORD_CONFLICT")
    refused = desk.run("records", "retry", "1", "--by", "Siti")
    assert refused.status == 1
    assert_explained(refused.complaints, "RECORD_CONFLICT")


def test_discard_destroys_the_key_and_every_copy_of_it(desk: Desk, bundles: Path, pins: str) -> None:
    write_people(bundles / "a.bundle", 1)
    desk.run("records", "import", str(bundles))
    conflict(bundles)
    desk.run("records", "import", str(bundles))
    with desk.database.reading() as transaction:
        wrapped = transaction.exec_driver_sql("SELECT wrapped_key FROM set_aside").scalar_one()
    assert (
        desk.run("records", "discard", "1", "--by", "Wati", "--reason", " ", "--pins-from", pins).status == 1
    )
    done = desk.run("records", "discard", "1", "--by", "Wati", "--reason", "salah rekam", "--pins-from", pins)
    assert done.status == 0, done.complaints
    assert _records(desk, "--state", "set_aside") == []
    for file in desk.folder.glob("station.db*"):
        assert wrapped not in file.read_bytes()
    again = desk.run("records", "discard", "1", "--by", "Wati", "--reason", "x", "--pins-from", pins)
    assert_explained(again.complaints, "RECORD_NOT_SET_ASIDE")


def test_retry_takes_in_what_is_right_by_now(
    desk: Desk, bundles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a program update that knows a form which the one before did not."""
    with monkeypatch.context() as patch:
        patch.setattr("station.intake.pictures.LARGEST_SIDE", 10)
        write_people(bundles / "a.bundle", 1)
        assert desk.run("records", "import", str(bundles)).status == 3
    done = desk.run("records", "retry", "1", "--by", "Siti", "--json")
    assert done.status == 0, done.words
    assert len(_records(desk)) == 1
    assert _records(desk, "--state", "set_aside") == []
    again = desk.run("records", "import", str(bundles), "--json").fields()
    assert (again["before"], again["accepted"]) == (1, 0)


def test_show_and_search(desk: Desk, bundles: Path) -> None:
    person = recording(7, 0, None)
    write_people(bundles / "a.bundle", 3)
    desk.run("records", "import", str(bundles))
    shown = desk.run("records", "show", person.record)
    assert person.name not in shown.words
    looked = desk.run("records", "show", person.record, "--by", "Siti", "--reason", "pemohon datang")
    assert person.name in looked.words
    assert person.nik not in looked.words
    rows = desk.run("audit", "export", "--out", str(desk.office_folder / "journal.jsonl"))
    assert rows.status == 0
    assert "record_read" in (desk.office_folder / "journal.jsonl").read_text()
    for words in (("--nik", person.nik), ("--name", person.name.split()[0])):
        found = desk.run("records", "search", *words, "--json").fields()["records"]
        assert person.record in str(found)
        assert person.name not in str(found)
    assert desk.run("records", "search").status == 2
    assert desk.run("records", "show", person.record, "--by", "Siti").status == 2


def test_export_to_a_recipient_carries_the_same_sealed_bytes(
    desk: Desk, bundles: Path, tmp_path: Path
) -> None:
    person = recording(7, 0, None)
    write_people(bundles / "a.bundle", 1)
    desk.run("records", "import", str(bundles))
    recipients = desk.office_folder / "recipients"
    recipients.mkdir()
    key = tmp_path / "key.pem"
    assert desk.run("records", "key", "--out", str(key)).status == 0
    (recipients / "jember.pem").write_bytes(key.read_bytes())
    out = tmp_path / "out.bundle"
    words = ("--out", str(out), "--to", "jember", "--by", "Siti", "--reason", "pindah")
    done = desk.run("records", "export", person.record, *words)
    assert done.status == 0, done.complaints
    trusted = tmp_path / "trusted" / "centre"
    trusted.mkdir(parents=True)
    (trusted / "station.pem").write_bytes(key.read_bytes())  # in this test one key does both
    with open_bundle(out, Senders(tmp_path / "trusted"), Agreements(SoftRecipient())) as bundle:
        carried = bundle.read(0)
        parts = unpack(open_sealed(carried.sealed, carried.key()))
    assert json.loads(parts["record.json"])["record_id"] == person.record
    assert carried.sealed.content_hash == _records(desk)[0]["content_hash"]
    assert carried.entry.captured_at == person.captured_at
    refused = desk.run("records", "export", person.record, *words)
    assert_explained(refused.complaints, "FILE_EXISTS")


def test_plain_export_needs_a_pin_and_is_the_owners_alone(
    desk: Desk, bundles: Path, tmp_path: Path, pins: str
) -> None:
    person = recording(7, 0, None)
    write_people(bundles / "a.bundle", 1)
    desk.run("records", "import", str(bundles))
    out = tmp_path / "plain"
    words = ("--out", str(out), "--plain", "--by", "Wati", "--reason", "permintaan pemilik")
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("111111\n")
    assert desk.run("records", "export", person.record, *words, "--pins-from", str(wrong)).status == 1
    assert not out.exists()
    done = desk.run("records", "export", person.record, *words, "--pins-from", pins)
    assert done.status == 0, done.complaints
    assert {file.name: file.read_bytes() for file in out.iterdir()} == dict(person.parts)
    assert all(file.stat().st_mode & 0o077 == 0 for file in (out, *out.iterdir()))
    assert (
        desk.run("records", "export", person.record, "--out", "x", "--by", "Wati", "--reason", "x").status
        == 2
    )


def test_odd_names_and_links_have_an_end(desk: Desk, bundles: Path) -> None:
    write_people(bundles / "a\nb.bundle", 1)
    (bundles / "round").symlink_to(bundles)
    (bundles / "self.bundle").symlink_to(bundles / "self.bundle")
    (bundles / "empty").mkdir()
    os.mkfifo(bundles / "pipe.bundle")
    (Path(os.fsdecode(os.fsencode(bundles) + b"/\xff.bundle"))).write_bytes(b"x")
    said = desk.run("records", "import", str(bundles), str(bundles / "empty"), str(bundles / "self.bundle"))
    assert said.status == 1
    assert "Traceback" not in said.words + said.complaints
    assert len(_records(desk)) == 1
    assert all(line.isprintable() for line in said.words.splitlines())


def _records(desk: Desk, *words: str) -> list[dict[str, object]]:
    records = desk.run("records", "list", *words, "--json").fields()["records"]
    assert isinstance(records, list)
    return records
