"""Erasing: nobody reads the record again, its wrapped key is in no file, and a proof stays."""

import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from station.cards.store import JobPurpose, JobState, insert_job, set_job_state
from station.clock import timestamp
from station.database import scrubbing
from station.database.scrubbing import MOST_SEARCHED
from station.errors import Refused, StationError
from station.journal.store import Place, broken_at
from station.letters.files import LetterFiles
from station.retention.erasing import Erasing
from station.settings import RetentionSettings
from station.vault import store
from station.vault.vault import Vault
from tests.fakes.vault import SoftMasterKey
from tests.unit.vault.vault_station import Guest, HoldingStation, guests

DAY = 86400.0  # seconds
DUPLICATE = "DUPLICATE_RECORD_ONE_TO_ONE"


@pytest.fixture
def people(tmp_path: Path) -> list[Guest]:
    return guests(tmp_path / "people", 6)


@pytest.fixture
def station(tmp_path: Path, people: list[Guest]) -> HoldingStation:
    station = HoldingStation(tmp_path / "data")
    station.take(*people, origin="centre:test")  # what the centre published waits for no delivery
    return station


@pytest.fixture
def erasing(station: HoldingStation) -> Erasing:
    return erasing_in(station)


def erasing_in(station: HoldingStation) -> Erasing:
    letters = LetterFiles(station.database, Vault(station.folder / "letters", SoftMasterKey()))
    return Erasing(station.database, station.journal, station.clock, station.holding, letters)


def key_of(station: HoldingStation, record: str) -> bytes:
    key = station.holding.require(record).wrapped_key
    assert key is not None
    return key


def places_of(data: Path, secret: bytes) -> list[str]:
    """Files in which a half of these bytes, or all of them, still stands."""
    parts = (secret[:32], secret[32:])
    return [
        file.name
        for file in sorted(data.rglob("*"))
        if file.is_file() and any(part in file.read_bytes() for part in parts)
    ]


def give_job(station: HoldingStation, guest: Guest, state: JobState) -> int:
    held = station.holding.require(guest.record)
    with station.database.transaction() as transaction:
        return insert_job(
            transaction,
            record=guest.record,
            folder="",
            record_sha256=held.record_sha256,
            person=held.person,
            issue=held.issue,
            priority=5,
            purpose=JobPurpose.CARD,
            state=state,
            created_at=timestamp(station.clock.now()),
            batch=None,
        )


def hand_over(station: HoldingStation, job: int) -> None:
    with station.database.transaction() as transaction:
        station.journal.event(transaction, "card_handed_over", None, Place(job=job))


def test_an_erased_record_is_read_by_nobody(
    station: HoldingStation, erasing: Erasing, people: list[Guest]
) -> None:
    guest = people[2]
    key = key_of(station, guest.record)
    sealed = station.holding.sealed(guest.record)[1]
    assert places_of(station.folder, key)
    erasing.erase(guest.record, "Wati", "withdrawn")
    assert places_of(station.folder, key) == []
    for read in (station.holding.content, station.holding.sealed, station.holding.require):
        with pytest.raises(Refused) as caught:
            read(guest.record)
        assert caught.value.code == "RECORD_ERASED"
    assert station.holding.search(name=guest.name) == []
    assert station.holding.search(birth_date=guest.birth_date) == []
    assert [one.erased_at is not None for one in station.holding.search(nik=guest.nik)] == [True]
    assert (
        sealed.sealed in (station.folder / "vault" / "000001.seg").read_bytes()
    )  # unreadable: that is enough
    assert station.holding.content(people[3].record).data.nik == people[3].nik


def test_a_proof_stays(station: HoldingStation, erasing: Erasing, people: list[Guest]) -> None:
    content_hash = station.holding.require(people[0].record).content_hash
    erasing.erase(people[0].record, "Wati", "withdrawn")
    with station.database.reading() as transaction:
        held = store.find(transaction, people[0].record)
        row = transaction.execute(
            text("SELECT signed_by, payload, person FROM journal WHERE name = 'record_erased'")
        ).one()
        assert broken_at(transaction) is None
    assert held is not None
    assert (held.content_hash, held.wrapped_key) == (content_hash, None)
    assert row.signed_by == "Wati"
    assert content_hash in row.payload
    assert row.person == held.person


def test_the_database_itself_keeps_it_erased(
    station: HoldingStation, erasing: Erasing, people: list[Guest]
) -> None:
    erasing.erase(people[0].record, "Wati", "withdrawn")
    values = {"record": people[0].record}
    for statement in (
        "UPDATE held_records SET wrapped_key = x'00', erased_at = NULL WHERE record = :record",
        "UPDATE held_records SET erased_at = '2030' WHERE record = :record",
        "DELETE FROM held_records WHERE record = :record",
        "INSERT INTO record_tokens (token, record) VALUES (x'00', :record)",
    ):
        with pytest.raises(Refused) as caught, station.database.transaction() as transaction:
            transaction.execute(text(statement), values)
        assert caught.value.code == "JOURNAL_REFUSED"
    with pytest.raises(Refused):
        erasing.erase(people[0].record, "Wati", "again")


def test_keys_are_gone_after_a_life_of_updates(tmp_path: Path) -> None:
    """Pages that were split leave copies of rows behind; SQLite's secure_delete does not see those."""
    people = guests(tmp_path / "people", 1)
    station = HoldingStation(tmp_path / "data")
    _, key = people[0].sealed()
    crowd = [Guest(f"r-{number:04}", "", "", people[0].birth_date, {}) for number in range(3000)]
    fill(station, crowd, key)
    shuffle = random.Random(7)
    for status in ("SENT_FOR_ENROLLMENT", "PRINT_READY_RECORD", "X"):
        shuffle.shuffle(crowd)
        for start in range(0, len(crowd), 500):
            with station.database.transaction() as transaction:
                for one in crowd[start : start + 500]:
                    store.set_centre_status(transaction, one.record, status, "2026-01-01T00:00:00.000Z")
    scrubbing.scrub(station.database, [])  # begin from a file without old copies
    shuffle.shuffle(crowd)
    for start in range(0, len(crowd), 500):
        with station.database.transaction() as transaction:
            for one in crowd[start : start + 500]:
                store.set_centre_status(
                    transaction, one.record, "SENT_FOR_ENROLLMENT", "2026-01-01T00:00:00.000Z"
                )
    with station.database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    content = (station.folder / "station.db").read_bytes()
    keys = {one.record: key_of(station, one.record) for one in crowd}
    twice = {record: wrapped for record, wrapped in keys.items() if content.count(wrapped) > 1}
    assert twice, "no page was split: this test shows nothing"
    erasing = erasing_in(station)
    for record in twice:
        erasing.erase(record, "Wati", "withdrawn")
    content = b"".join(file.read_bytes() for file in station.folder.glob("station.db*"))
    assert [record for record, wrapped in twice.items() if wrapped in content] == []
    assert [record for record, wrapped in twice.items() if wrapped[20:36] in content] == []
    assert any(wrapped in content for record, wrapped in keys.items() if record not in twice)


def fill(station: HoldingStation, crowd: Sequence[Guest], key: bytes) -> None:
    """Rows of many records, without their bytes: the vault is not asked for them here."""
    from station.vault.segments import SegmentPlace
    from tests.fakes.vault import SoftMasterKey

    master = SoftMasterKey()
    with station.database.transaction() as transaction:
        rows = [
            (
                store.HeldRecord(
                    record=one.record,
                    person=f"{number:064x}",
                    issue=1,
                    content_hash=f"{number:064x}",
                    record_sha256="0" * 64,
                    place=SegmentPlace(1, number, 1),
                    wrapped_key=master.wrap(one.record, key),
                    received_at="2026-01-01T00:00:00.000Z",
                    origin="centre:test",
                    local_status="BIO_CAPTURED",
                    centre_status=None,
                    centre_status_at=None,
                    erased_at=None,
                ),
                (),
            )
            for number, one in enumerate(crowd)
        ]
        store.insert_records(transaction, rows)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.WORKING, JobState.WAITING])
def test_a_card_in_the_making_keeps_its_record(
    station: HoldingStation, erasing: Erasing, people: list[Guest], state: JobState
) -> None:
    job = give_job(station, people[0], state)
    with pytest.raises(Refused) as caught:
        erasing.erase(people[0].record, "Wati", "withdrawn")
    assert (caught.value.code, caught.value.values["cause"]) == ("RECORD_IN_USE", "live_job")
    assert station.holding.content(people[0].record).data.nik == people[0].nik
    with station.database.transaction() as transaction:
        set_job_state(transaction, job, JobState.GIVEN_UP)
    erasing.erase(people[0].record, "Wati", "withdrawn")


def test_what_the_centre_has_not_got_is_kept(tmp_path: Path, people: list[Guest]) -> None:
    station = HoldingStation(tmp_path / "office")
    station.take(people[0], origin="recording_station:kaliwates")
    with pytest.raises(Refused) as caught:
        erasing_in(station).erase(people[0].record, "Wati", "withdrawn")
    assert caught.value.values["cause"] == "undelivered"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (" ", "REASON_MISSING"),
        ("3509012345678901 asked", "REASON_NAMES_NIK"),
        ("NIK 35.0901.234567.8901", "REASON_NAMES_NIK"),
    ],
)
def test_a_reason_is_needed_and_names_nobody(
    station: HoldingStation, erasing: Erasing, people: list[Guest], reason: str, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        erasing.erase(people[0].record, "Wati", reason)
    assert caught.value.code == code
    assert station.holding.content(people[0].record).data.nik == people[0].nik


def test_nothing_is_due_until_the_office_has_decided(
    station: HoldingStation, erasing: Erasing, people: list[Guest]
) -> None:
    hand_over(station, give_job(station, people[0], JobState.READY))
    station.clock.sleep(4000 * DAY)
    assert erasing.due(RetentionSettings()) == []


def test_what_is_due_is_erased_and_nothing_else(
    station: HoldingStation, erasing: Erasing, people: list[Guest]
) -> None:
    handed, ready, rejected, again, young, _ = people
    hand_over(station, give_job(station, handed, JobState.READY))
    give_job(station, ready, JobState.READY)
    with station.database.transaction() as transaction:
        for one in (rejected, again):
            store.set_centre_status(transaction, one.record, DUPLICATE, timestamp(station.clock.now()))
        store.set_centre_status(
            transaction, young.record, "ENROLL_FAILURE_AT_CENTRAL", timestamp(station.clock.now())
        )
    give_job(station, again, JobState.QUEUED)
    policy = RetentionSettings(days_after_handover=30, days_after_rejection=30)
    station.clock.sleep(29 * DAY)
    assert erasing.due(policy) == []
    station.clock.sleep(2 * DAY)
    due = {one.due.record: (one.due.cause, one.needed) for one in erasing.due(policy)}
    assert due == {
        handed.record: ("handed_over", None),
        rejected.record: ("rejected", None),
        again.record: ("rejected", "live_job"),
    }
    erasing.erase_due(policy, "Wati")
    with station.database.reading() as transaction:
        gone = {held.record for held in store.page(transaction, erased=True)}
    assert gone == {handed.record, rejected.record}
    assert {one.due.record for one in erasing.due(policy)} == {again.record}


def test_many_are_erased_at_once(tmp_path: Path) -> None:
    people = guests(tmp_path / "people", 1)
    station = HoldingStation(tmp_path / "data")
    _, key = people[0].sealed()
    crowd = [Guest(f"r-{number:04}", "", "", people[0].birth_date, {}) for number in range(MOST_SEARCHED * 3)]
    fill(station, crowd, key)
    wrapped = [key_of(station, one.record) for one in crowd]
    with station.database.transaction() as transaction:
        for one in crowd:
            store.set_centre_status(transaction, one.record, DUPLICATE, "2016-01-01T00:00:00.000Z")
    erasing_in(station).erase_due(RetentionSettings(days_after_rejection=1), "Wati")
    content = b"".join(file.read_bytes() for file in station.folder.glob("station.db*"))
    assert [one for one in wrapped if one in content] == []


def test_a_reader_that_holds_the_log_is_said_and_made_good_later(
    station: HoldingStation, erasing: Erasing, people: list[Guest], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(station, people[0].record)
    monkeypatch.setattr("station.database.engine.BUSY_SECONDS", 0)
    slow = HoldingStation(station.folder)
    with slow.database.reading() as reader:
        store.count(reader)
        with pytest.raises(StationError) as caught:
            erasing_in(slow).erase(people[0].record, "Wati", "withdrawn")
    assert caught.value.code == "SCRUB_UNFINISHED"
    assert places_of(station.folder, key)  # the copy that the error speaks of
    assert erasing.finish() is True
    assert places_of(station.folder, key) == []
    assert erasing.finish() is False


def test_an_erasure_that_was_cut_off_is_finished_at_the_next_start(
    tmp_path: Path, station: HoldingStation, people: list[Guest]
) -> None:
    """The plug is pulled right after the commit: the old page with the key is still in the log."""
    key = key_of(station, people[0].record)
    with station.database.transaction() as transaction:
        station.holding.erase(transaction, people[0].record, "Wati", "withdrawn")
    shutil.copytree(station.folder, tmp_path / "after")
    assert places_of(tmp_path / "after", key)
    again = HoldingStation(tmp_path / "after")
    assert erasing_in(again).finish() is True
    assert places_of(tmp_path / "after", key) == []


def test_searching_the_file_gives_up_no_lock(
    station: HoldingStation, erasing: Erasing, people: list[Guest]
) -> None:
    """A second process that finds the file unlocked cuts the log under our connections: the file is lost."""
    erasing.erase(people[0].record, "Wati", "withdrawn")
    program = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'rb+'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    command = [sys.executable, "-c", program, str(station.database.file)]
    with station.database.reading() as transaction:
        store.count(transaction)
        assert subprocess.run(command, capture_output=True, check=False).returncode != 0
        assert not scrubbing._found(station.database.file, [bytes(range(32))])
        assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_a_key_across_two_pieces_of_the_file_is_found(tmp_path: Path) -> None:
    file, secret = tmp_path / "file", bytes(range(100, 132))
    for at in (0, scrubbing.CHUNK - 20, scrubbing.CHUNK - 8, scrubbing.CHUNK, 2 * scrubbing.CHUNK - 1):
        file.unlink(missing_ok=True)
        file.write_bytes(bytes(at) + secret[:16] + bytes(scrubbing.CHUNK))
        assert scrubbing._found(file, [secret])
        file.write_bytes(bytes(at) + secret[:15] + bytes(100))
        assert not scrubbing._found(file, [secret])


def test_a_segment_of_erased_records_is_given_back(
    tmp_path: Path, people: list[Guest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.vault.segments.SEGMENT_BYTES", 1)
    station = HoldingStation(tmp_path / "office")
    for guest in people[:3]:
        station.take(guest, origin="centre:test")
    erasing = erasing_in(station)
    for guest in (people[0], people[2]):
        erasing.erase(guest.record, "Wati", "withdrawn")
    left = sorted(file.name for file in (station.folder / "vault").iterdir())
    assert left == ["000002.seg", "000003.seg"]  # the newest stays: it is still written to
    station.take(people[3], origin="centre:test")
    assert station.holding.content(people[1].record).data.nik == people[1].nik
    assert station.holding.require(people[3].record).place.segment == 4
