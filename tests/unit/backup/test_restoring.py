"""A restored station continues its journal as far as it is known, and makes nothing before it is released."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.backup.continuation import ContinuationWriter
from station.batches import store as batches
from station.blanks import store as blanks
from station.blanks.ledger import Account, BlankMove
from station.cards.store import JobState
from station.database import Database
from station.errors import Refused, StationError
from station.journal.store import broken_at, stored_rows
from station.outage import store as outage
from station.outage.facts import Answer, Observation, Source, Subject
from station.ports import ChipState
from station.service.batch_operations import MakeBatch
from station.staff import pins
from station.staff import store as staff
from station.staff.store import Role, StaffMember
from tests.fakes.backup import BackupStation
from tests.fakes.station import LANE
from tests.unit.backup.conftest import Opener

CACHES = (
    "jobs",
    "attempts",
    "blank_moves",
    "blank_accounts",
    "blank_counts",
    "signed_acts",
    "batches",
    "lanes",
    "letter_policies",
)
UNTOLD = {"jobs": {"folder"}, "blank_moves": {"id"}, "blank_counts": {"id"}}


def table(database: Database, name: str) -> list[dict[str, object]]:
    """All rows of a table, without what a journal row does not tell."""
    with database.reading() as transaction:
        rows = transaction.exec_driver_sql(f"SELECT * FROM {name}").mappings().all()
    untold = UNTOLD.get(name, set())
    found = [{key: value for key, value in row.items() if key not in untold} for row in rows]
    for row in found:
        if name == "attempts" and row["state"] != "ready":
            del row["face_sha256"]  # only the intent to print tells it
    return sorted(found, key=lambda row: json.dumps(row, default=str, sort_keys=True))


def messages(database: Database) -> set[str]:
    with database.reading() as transaction:
        return {row[0] for row in transaction.exec_driver_sql("SELECT content_sha256 FROM outbox")}


def restored(station: BackupStation, opened: Opener, name: str | None = None) -> BackupStation:
    """The disk dies; the newest backup is restored to another one, beside the same devices."""
    target = station.folder.parent / "restored"
    station.restore(target, name)
    return opened(target, station.devices)


def test_records_and_books_come_back(station: BackupStation, opened: Opener, folders: list[Path]) -> None:
    records = station.hold(folders)
    station.add(folders[:2])
    station.back_up()
    back = restored(station, opened)
    for record, folder in zip(records, folders, strict=True):
        assert dict(back.holding.parts(record))["photo.jpg"] == (folder / "photo.jpg").read_bytes()
    for name in CACHES:
        assert table(back.database, name) == table(station.database, name)
    with back.database.reading() as transaction:
        assert broken_at(transaction) is None
        assert list(stored_rows(transaction))[-1][0].name == "restored_from_backup"
    assert (back.folder.stat().st_mode & 0o777) == 0o700


def test_nothing_is_made_before_people_have_released_it(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    station.add(folders[:1])
    station.back_up()
    back = restored(station, opened)
    with pytest.raises(Refused) as held:
        back.worker().run_batch()
    assert held.value.code == "RESTORE_HOLDS"
    assert station.devices.cards_inserted == 0
    with pytest.raises(Refused) as rule, back.database.transaction() as transaction:
        transaction.exec_driver_sql(
            f"INSERT INTO attempts (job, number, lane, state) VALUES (1, 9, '{LANE}', 'open')"
        )
    assert "released" in str(rule.value)
    with pytest.raises(Refused) as uncounted:
        back.release()
    assert uncounted.value.code == "RESTORE_UNCOUNTED"
    with pytest.raises(Refused) as rule, back.database.transaction() as transaction:
        transaction.exec_driver_sql("UPDATE restorations SET released = 1")
    assert "counted" in str(rule.value)
    back.count_everything()
    back.release()
    back.worker().run_batch()
    assert back.job(1).state is JobState.READY


# ---- what was written down beside the backup ----


def _a_days_work(station: BackupStation, folders: list[Path]) -> None:
    """Everything that a journal can say and a table can keep."""
    station.add(folders[1:4])
    station.devices.cards[1].bad = True
    station.worker().run_batch(2)
    with station.database.transaction() as transaction:
        staff.add(transaction, station.journal, StaffMember(name="Ani", role=Role.TECHNICIAN))
        batch = MakeBatch(name="B1", priority_class="pemula")
        batches.add(transaction, station.clock, batch.name, batch.priority_class)
        station.journal.event(transaction, "batch_made", batch)
        move = BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=50, cause="K-7")
        blanks.book(transaction, station.journal, move)
        withdrawn = Observation(
            subject=Subject.PRINTING, answer=Answer.NO, source=Source.PERSON, how="471.13/1"
        )
        outage.observe(transaction, station.journal, station.clock, withdrawn, "Budi")
    station.count_everything()
    station.devices.arm("print", station.devices.jam_while_printing)


@pytest.fixture
def worked(station: BackupStation, folders: list[Path]) -> Iterator[BackupStation]:
    """A station that was backed up, has worked a day since then, and whose disk then died."""
    station.add(folders[:1])
    station.back_up()
    _a_days_work(station, folders)
    keeper = station.keeper()
    keeper.round()
    yield station


def test_the_journal_goes_on_where_the_backup_ends_and_every_table_follows(
    worked: BackupStation, opened: Opener
) -> None:
    back = restored(worked, opened)
    for name in CACHES:
        assert table(back.database, name) == table(worked.database, name), name
    assert messages(back.database) == messages(worked.database)
    with worked.database.reading() as transaction:
        before = [row for row, _ in stored_rows(transaction)]
    with back.database.reading() as transaction:
        after = [row for row, _ in stored_rows(transaction)]
        assert outage.facts(transaction).printing.answer is Answer.NO, "a withdrawn permission came back"
    assert after[: len(before)] == before
    assert [row.name for row in after[len(before) :]] == ["restored_from_backup"]
    assert [member.name for member in _everybody(back)] == [member.name for member in _everybody(worked)]
    assert back.audit() == []


def _everybody(station: BackupStation) -> list[StaffMember]:
    with station.database.reading() as transaction:
        return staff.everybody(transaction)


def test_cards_that_are_written_down_are_not_made_again_and_nobody_is_asked(
    worked: BackupStation, opened: Opener
) -> None:
    back = restored(worked, opened)
    assert [back.job(number).state for number in (1, 2)] == [JobState.READY, JobState.READY]
    with pytest.raises(Refused):
        back.worker().run_batch()  # the lane has noted its printer's counters
    assert back.compare().unexplained == ()
    back.count_everything()
    back.release()
    with back.database.transaction() as transaction:
        permitted = Observation(subject=Subject.PRINTING, answer=Answer.YES, source=Source.PERSON)
        outage.observe(transaction, back.journal, back.clock, permitted, "Budi")
    made = [card for card in worked.devices.cards if card.faces]
    assert len(made) == 2
    assert back.questions() == []


def test_a_pin_that_was_changed_after_the_backup_counts_no_more(
    station: BackupStation, opened: Opener
) -> None:
    with station.database.transaction() as transaction:
        staff.set_pin(transaction, station.journal, "Budi", pins.hash_pin("111111"), None)
        staff.set_pin(transaction, station.journal, "Siti", pins.hash_pin("222222"), None)
    station.back_up()
    with station.database.transaction() as transaction:
        staff.set_pin(transaction, station.journal, "Budi", pins.hash_pin("333333"), None)
    station.keeper().round()
    back = restored(station, opened)
    with back.database.reading() as transaction:
        assert staff.pin_state(transaction, "Budi").pin_hash is None
        assert staff.pin_state(transaction, "Siti").pin_hash is not None
    assert back.audit() == []


def test_a_record_that_came_in_after_the_backup_is_named_as_lost(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    station.hold(folders[:1])
    station.back_up()
    lost = station.hold(folders[1:3])
    station.keeper().round()
    found = station.restore(station.folder.parent / "restored")
    assert list(found.lost) == lost
    assert found.event.lost == 2
    back = opened(station.folder.parent / "restored", station.devices)
    assert back.audit() == [], "what is gone with the disk was not taken away by anybody"
    back.hold(folders[1:3])
    assert back.audit() == []


# ---- what was erased stays erased ----


def test_what_was_erased_after_the_backup_is_erased_again(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    records = station.hold(folders)
    station.back_up()
    station.erase(records[0])
    station.keeper().round()
    back = restored(station, opened)
    held = back.holding.find(records[0])
    assert held is not None and held.wrapped_key is None
    assert back.holding.content(records[1]).data.record_id == records[1]


def test_an_older_backup_learns_from_the_later_ones_what_was_erased(
    station: BackupStation, opened: Opener, folders: list[Path]
) -> None:
    records = station.hold(folders)
    first = station.back_up().manifest.name
    station.erase(records[2])
    station.back_up(known=True)
    for file in station.place.continuations.iterdir():
        file.unlink()
    station.place.backup(station.place.names()[-1]).joinpath("journal-heads.log").unlink()
    back = restored(station, opened, first)
    held = back.holding.find(records[2])
    assert held is not None and held.wrapped_key is None


# ---- the continuation ----


def _lines(station: BackupStation) -> tuple[Path, list[bytes]]:
    file = station.place.continuation(station.place.names()[-1])
    return file, file.read_bytes().splitlines(keepends=True)


def test_a_torn_line_costs_only_itself_and_is_written_again(worked: BackupStation) -> None:
    file, lines = _lines(worked)
    file.write_bytes(b"".join(lines[:10]) + lines[10][:20])
    worked.keeper().round()
    rows = [
        json.loads(line)["row"]["sequence"] for line in file.read_bytes().splitlines() if b'"row"' in line
    ]
    assert rows == list(range(rows[0], rows[0] + len(rows)))


def test_rows_that_the_token_has_not_signed_are_no_evidence(worked: BackupStation) -> None:
    signed = len([line for line in _lines(worked)[1] if b'"row"' in line])
    _unsigned_row(worked)
    found = worked.restore(worked.folder.parent / "restored")
    assert (found.event.rows, found.event.unsigned) == (signed, 1)


def _unsigned_row(station: BackupStation) -> None:
    """One more row beside the backup, whose head anybody could have left out."""
    with station.database.transaction() as transaction:
        station.journal.event(transaction, "filler")
    station.keeper().round()
    file, lines = _lines(station)
    assert b'"head"' in lines[-1]
    file.write_bytes(b"".join(lines[:-1]))


def test_a_forged_row_ends_what_is_believed(worked: BackupStation) -> None:
    file, lines = _lines(worked)
    forged = lines[4].replace(b'"row"', b'"row"').replace(b'"at": "2017', b'"at": "2018')
    assert forged != lines[4]
    file.write_bytes(b"".join([*lines[:4], forged, *lines[5:]]))
    found = worked.restore(worked.folder.parent / "restored")
    assert found.event.rows <= 4


def test_another_history_is_never_continued(station: BackupStation, opened: Opener) -> None:
    made = station.back_up()
    station.keeper().round()
    _unsigned_row(station)
    back = restored(station, opened)
    before = _lines(station)
    writer = ContinuationWriter(back.database, back.place, made.manifest)
    with pytest.raises(StationError):
        writer.append()
    assert _lines(station) == before


# ---- targets ----


@pytest.mark.parametrize("inside", ["station.db", ".hidden"])
def test_a_folder_with_anything_in_it_is_never_touched(
    station: BackupStation, tmp_path: Path, inside: str
) -> None:
    station.back_up()
    target = tmp_path / "target"
    target.mkdir()
    (target / inside).write_text("mine")
    with pytest.raises(Refused) as refused:
        station.restore(target)
    assert refused.value.code == "RESTORE_TARGET_IN_USE"
    assert [file.name for file in target.iterdir()] == [inside]
    assert not list(tmp_path.glob(".restoring-*"))


def test_a_damaged_backup_restores_nothing(
    station: BackupStation, folders: list[Path], tmp_path: Path
) -> None:
    station.hold(folders)
    station.back_up()
    piece = next(station.place.pieces.iterdir())
    piece.write_bytes(piece.read_bytes()[:-1])
    with pytest.raises(StationError) as refused:
        station.restore(tmp_path / "target")
    assert refused.value.code == "BACKUP_DAMAGED"
    assert not (tmp_path / "target").exists()


def test_a_backup_can_be_restored_again_and_again(station: BackupStation, opened: Opener) -> None:
    station.back_up()
    first = restored(station, opened)
    first.count_everything()
    first.release(ask_each=True)
    first.back_up(known=True)
    first.restore(station.folder.parent / "again")
    again = opened(station.folder.parent / "again", station.devices)
    with again.database.reading() as transaction:
        rows = [row.name for row, _ in stored_rows(transaction)]
    assert rows.count("restored_from_backup") == 2
    assert again.audit() == []
    assert station.devices.cards[0].state is ChipState.BLANK
