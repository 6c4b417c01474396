"""Whoever edits, drops, swaps or adds what the centre has said or received is found by the audit."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from simulators.people.folders import write_people
from simulators.recording_station.recordings import recordings
from simulators.recording_station.sealing import sealed
from station.audit.fault import Fault, FaultKind
from station.audit.verify import verify
from station.backup.continuation import TAIL
from station.centre.deliveries import MOST_TOLD, Channel, Paused
from station.centre.documents import RecordStatus
from station.centre.store import PAUSED, STATUSES_CURSOR, hear_statuses, retry, set_mark
from station.database import Database
from station.errors import InputFault, StationError
from station.intake import opening
from station.intake.aside import Aside
from station.journal.store import stored_rows
from station.staff.store import Role, StaffMember
from station.staff.store import add as add_staff
from tests.fakes.centre import NAME, RunningCentre, SendingStation
from tests.fakes.forging import Column, forging
from tests.unit.centre.test_by_hand import Carrier
from tests.unit.intake.test_verdicts_on_records import bundle_of
from tests.unit.station.office_desk import DeskKeys

BY = "Budi"


def audited(database: Database) -> list[Fault]:
    return verify(database, DeskKeys.journal, Path("/nonexistent")).faults


def fill(station: SendingStation, centre: RunningCentre, folder: Path) -> None:
    """Everything that an exchange writes down: by wire and by disk, received, refused, published, paused."""
    with station.database.transaction() as transaction:
        add_staff(transaction, station.journal, StaffMember(name=BY, role=Role.SUPERVISOR))
    hashes = station.record(4)
    refuse_one(station, hashes[1])
    record = str(station.delivery(hashes[2]).record)
    centre.person("set_verdict", record=record, status="ADJUDICATE_RECORD")
    publish(centre, folder, 2, seed=3)
    station.round()
    time_passes(station, centre)
    centre.person("withdraw_printing")
    publish_what_is_refused(station, centre, folder)
    time_passes(station, centre)
    station.record(3, seed=2)
    carry(station, centre, folder)
    time_passes(station, centre)
    centre.person("allow_printing")
    publish_what_never_comes(station, centre, folder)
    set_aside(station, folder)
    with station.database.transaction() as transaction:
        last = "SELECT record FROM held_records ORDER BY rowid DESC LIMIT 1"
        record = str(transaction.execute(text(last)).scalar_one())
        station.holding.erase(transaction, record, BY, "withdrawn")
    pause(station, "a quarrel about the fee")


def time_passes(station: SendingStation, centre: RunningCentre) -> None:
    station.clock.sleep(60.0)
    centre.person("pass_time", seconds=60.0)


def refuse_one(station: SendingStation, content_hash: str) -> None:
    """A record whose key is another's: the centre refuses it."""
    bad = station.delivery(content_hash)
    with station.database.transaction() as transaction:
        transaction.exec_driver_sql(
            "UPDATE held_records SET wrapped_key = ? WHERE record = ?",
            (station.vault._keys.wrap(str(bad.record), bytes(32)), bad.record),
        )


def publish(centre: RunningCentre, folder: Path, count: int, seed: int) -> None:
    people = write_people(seed, count, folder / f"people-{seed}", "PRINT_READY_RECORD")
    centre.person("publish", station=NAME, folders=[str(one) for one in people])


def publish_what_is_refused(station: SendingStation, centre: RunningCentre, folder: Path) -> None:
    trusted = station.folder / "senders" / "centre" / "centre.pem"
    publish(centre, folder, 1, seed=5)
    trusted.rename(folder / "centre.pem")
    station.round()
    (folder / "centre.pem").rename(trusted)


def publish_what_never_comes(station: SendingStation, centre: RunningCentre, folder: Path) -> None:
    publish(centre, folder, 1, seed=6)
    centre.fault("cut_answer:GET:6000", at=4)  # flags, statuses, list, bundle
    with pytest.raises(StationError):
        station.round()


def carry(station: SendingStation, centre: RunningCentre, folder: Path) -> None:
    """Three records go by disk; the receipts of two more come back never."""
    carrier = Carrier(station, centre, folder / "disk")
    carrier.export()
    carrier.at_the_centre()
    carrier.receive()
    station.record(2, seed=4)
    carrier.export()


def set_aside(station: SendingStation, folder: Path) -> None:
    """One record that is set aside waits, one is destroyed, one is taken after all."""
    set_aside_by_a_stricter_program(station, folder)
    aside = aside_of(station)
    aside.discard(2, BY, "nobody knows it")
    aside.retry(3, BY)


def aside_of(station: SendingStation) -> Aside:
    """What people decide about what is set aside; old copies of keys are another test's."""
    return Aside(
        station.database, station.journal, station.clock, station.holding, station.aside, lambda keys: None
    )


def set_aside_by_a_stricter_program(station: SendingStation, folder: Path) -> None:
    """Three good records that another program did not take."""

    def refuse(record: str, *_: object) -> None:
        code = "RECORD_FILE_MISSING" if record == people[0].record else "RECORD_MALFORMED"
        raise InputFault(code, file="iris.bin", field="iris", problem="missing")

    people = [sealed(one.record, one.captured_at, one.parts) for one in recordings(8, 3, None)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "check", refuse)
        station.take(bundle_of(folder / "strict.bundle", *people))


def pause(station: SendingStation, reason: str) -> None:
    with station.database.transaction() as transaction:
        set_mark(transaction, PAUSED, reason)
        station.journal.event(transaction, "centre_paused", Paused(reason=reason), signed_by=BY)


@pytest.fixture(scope="module")
def full_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a station in whose exchange everything has happened."""
    folder = tmp_path_factory.mktemp("exchange")
    with RunningCentre(folder / "centre") as centre:
        station = SendingStation(folder / "station", centre)
        fill(station, centre, folder)
        station.close()
    return folder / "station"


@pytest.fixture
def books(full_books: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of its database."""
    shutil.copyfile(full_books / "station.db", tmp_path / "station.db")
    database = Database("sqlite:///station.db", tmp_path)
    yield database
    database.close()


COMPARED = {
    "held_records": FaultKind.HELD_DIFFER,
    "centre_statuses": FaultKind.STATUSES_DIFFER,
    "deliveries": FaultKind.DELIVERIES_DIFFER,
    "centre_parcels": FaultKind.PARCELS_DIFFER,
    "set_aside": FaultKind.ASIDE_DIFFERS,
    "intake_verdicts": FaultKind.VERDICTS_DIFFER,
    "centre_marks": FaultKind.MARKS_DIFFER,
    "centre_facts": FaultKind.CENTRE_DIFFERS,
    "letter_policies": FaultKind.POLICIES_DIFFER,
}
# Row by row, column by column: what the journal tells of these tables (docs/reference/journal.md).
COLUMNS = [
    *(
        Column("held_records", name)
        for name in ("record", "person", "issue", "content_hash", "record_sha256", "origin", "local_status")
    ),
    Column("held_records", "centre_status", "centre_status IS NOT NULL"),
    Column("held_records", "centre_status_at", "centre_status IS NOT NULL"),
    Column("held_records", "erased_at"),
    *(Column("centre_statuses", name) for name in ("record", "digest", "status", "at", "heard_at")),
    *(Column("deliveries", name) for name in ("kind", "content_hash", "record")),
    Column("deliveries", "state", "state != 'waiting'"),
    Column("deliveries", "reason", "state = 'refused'"),
    *(
        Column("deliveries", name, "state = 'received'")
        for name in ("channel", "receipt_number", "receipt_at", "receipt_signature")
    ),
    Column("deliveries", "carried_in", "carried_in IS NOT NULL"),
    Column("centre_parcels", "sha256", "state != 'announced'"),
    Column("centre_parcels", "state", "state != 'announced'"),
    Column("centre_parcels", "reason", "state = 'refused'"),
    *(Column("set_aside", name) for name in ("record", "content_hash", "code", "state", "decided_by")),
    Column("centre_marks", "value", "name IN ('cursor_statuses', 'cursor_print_ready', 'paused')"),
    Column("centre_marks", "name", "name IN ('cursor_statuses', 'cursor_print_ready', 'paused')"),
    Column("centre_facts", "subject"),
    Column("centre_facts", "answer"),
    *(
        Column("letter_policies", name)
        for name in ("journal", "situation", "print_ready", "needs_central_record")
    ),
]
ALIKE = {  # nothing to swap: every row has the same, or there is one row
    ("held_records", "issue"),
    ("deliveries", "kind"),
    ("deliveries", "reason"),
    ("centre_parcels", "reason"),
}


def test_a_full_exchange_is_intact(books: Database) -> None:
    with books.reading() as transaction:
        for table in COMPARED:
            assert transaction.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() > 1, table
        for table, states in (
            ("deliveries", {"waiting", "received", "refused"}),
            ("centre_parcels", {"announced", "taken", "refused"}),
            ("set_aside", {"waiting", "discarded", "taken"}),
        ):
            found = transaction.execute(text(f"SELECT DISTINCT state FROM {table}")).scalars()
            assert set(found) == states, table
    assert audited(books) == []


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: f"{column.table}.{column.name}")
def test_a_value_that_was_edited_is_found(books: Database, column: Column) -> None:
    with forging(books) as connection:
        assert column.edit(connection) == 1
    assert COMPARED[column.table] in {fault.kind for fault in audited(books)}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: f"{column.table}.{column.name}")
def test_values_that_were_swapped_are_found(books: Database, column: Column) -> None:
    with forging(books) as connection:
        swapped = column.swap(connection)
    assert swapped is ((column.table, column.name) not in ALIKE)
    if swapped:
        assert COMPARED[column.table] in {fault.kind for fault in audited(books)}


RECEIPT = "receipt_number = 99, receipt_at = 'x', receipt_signature = 'x', channel = 'wire'"
FORGERIES = [
    (
        "a record that the centre has refused becomes print-ready",
        FaultKind.STATUSES_DIFFER,
        "UPDATE centre_statuses SET status = 'PRINT_READY_RECORD' WHERE status = 'ADJUDICATE_RECORD'",
    ),
    (
        "a record of which it has said nothing becomes print-ready",
        FaultKind.STATUSES_DIFFER,
        "INSERT INTO centre_statuses SELECT record, record_sha256, 'PRINT_READY_RECORD', '2017', '2017'"
        " FROM held_records WHERE record NOT IN (SELECT record FROM centre_statuses)",
    ),
    (
        "its word counts for other files",
        FaultKind.STATUSES_DIFFER,
        "UPDATE centre_statuses SET digest = hex(zeroblob(32)) WHERE rowid = 1",
    ),
    (
        "its no is dropped",
        FaultKind.STATUSES_DIFFER,
        "DELETE FROM centre_statuses WHERE status = 'ADJUDICATE_RECORD'",
    ),
    (
        "a team's record comes from the centre",
        FaultKind.HELD_DIFFER,
        "UPDATE held_records SET origin = 'centre:x' WHERE origin LIKE 'recording_station:%'",
    ),
    ("a held record is dropped", FaultKind.HELD_DIFFER, "DELETE FROM held_records WHERE rowid = 2"),
    (
        "an erased record comes back",
        FaultKind.HELD_DIFFER,
        "UPDATE held_records SET erased_at = NULL, wrapped_key = x'00'",
    ),
    (
        "a record is added that never came in",
        FaultKind.HELD_DIFFER,
        "INSERT INTO held_records SELECT 'r-9', person, issue, 'c-9', record_sha256, segment, \"offset\","
        " length, wrapped_key, received_at, origin, local_status, centre_status, centre_status_at, erased_at"
        " FROM held_records WHERE rowid = 1",
    ),
    (
        "a record is never sent, for it is called received",
        FaultKind.DELIVERIES_DIFFER,
        f"UPDATE deliveries SET state = 'received', {RECEIPT} WHERE state = 'waiting'",
    ),
    (
        "a record is called refused",
        FaultKind.DELIVERIES_DIFFER,
        "UPDATE deliveries SET state = 'refused', reason = 'seal_broken' WHERE state = 'waiting'",
    ),
    (
        "a record is called carried by a disk that nobody has seen",
        FaultKind.DELIVERIES_DIFFER,
        "UPDATE deliveries SET carried_in = 'x', carried_at = 'x' WHERE carried_in IS NULL",
    ),
    ("a delivery is dropped", FaultKind.DELIVERIES_DIFFER, "DELETE FROM deliveries WHERE state = 'waiting'"),
    (
        "a delivery is added",
        FaultKind.DELIVERIES_DIFFER,
        "INSERT INTO deliveries (kind, content_hash, record, size, queued_at, state, tries)"
        " VALUES ('record', 'x', 'x', 1, '', 'waiting', 0)",
    ),
    (
        "a bundle of the centre is never fetched, for it is called taken",
        FaultKind.PARCELS_DIFFER,
        "UPDATE centre_parcels SET state = 'taken' WHERE state = 'announced'",
    ),
    (
        "a bundle of the centre is dropped",
        FaultKind.PARCELS_DIFFER,
        "DELETE FROM centre_parcels WHERE state = 'announced'",
    ),
    (
        "a bundle is called taken that was never published",
        FaultKind.PARCELS_DIFFER,
        "INSERT INTO centre_parcels VALUES ('x', 1, 'taken', NULL, '')",
    ),
    (
        "statuses are skipped",
        FaultKind.MARKS_DIFFER,
        "UPDATE centre_marks SET value = 'c999' WHERE name = 'cursor_statuses'",
    ),
    ("a pause is lifted", FaultKind.MARKS_DIFFER, "UPDATE centre_marks SET value = '' WHERE name = 'paused'"),
    (
        "a record that was set aside is dropped",
        FaultKind.ASIDE_DIFFERS,
        "DELETE FROM set_aside WHERE state = 'waiting'",
    ),
    (
        "a record that was set aside is called discarded",
        FaultKind.ASIDE_DIFFERS,
        f"UPDATE set_aside SET state = 'discarded', wrapped_key = NULL, decided_at = '', decided_by = '{BY}'"
        " WHERE state = 'waiting'",
    ),
    (
        "a record is called taken in that was set aside",
        FaultKind.VERDICTS_DIFFER,
        "UPDATE intake_verdicts SET verdict = 'accepted', code = NULL WHERE verdict = 'set_aside'",
    ),
    (
        "a record is called a duplicate of what is not held",
        FaultKind.VERDICTS_DIFFER,
        "UPDATE intake_verdicts SET verdict = 'duplicate', code = NULL WHERE verdict = 'set_aside'",
    ),
    (
        "a withdrawn permission is given back",
        FaultKind.CENTRE_DIFFERS,
        "UPDATE centre_facts SET answer = 'no' WHERE subject = 'printing'",
    ),
    ("what is known of the link is dropped", FaultKind.CENTRE_DIFFERS, "DELETE FROM centre_facts"),
    (
        "a letter policy is made milder",
        FaultKind.POLICIES_DIFFER,
        "UPDATE letter_policies SET needs_central_record = 0",
    ),
    ("a letter policy is dropped", FaultKind.POLICIES_DIFFER, "DELETE FROM letter_policies"),
]


@pytest.mark.parametrize(
    ("kind", "statement"),
    [(kind, statement) for _, kind, statement in FORGERIES],
    ids=[what for what, _, _ in FORGERIES],
)
def test_what_somebody_would_want_to_forge_is_found(books: Database, kind: FaultKind, statement: str) -> None:
    with forging(books) as connection:
        assert connection.execute(statement).rowcount > 0
    assert kind in {fault.kind for fault in audited(books)}


def test_what_may_change_without_the_journal_is_no_alarm(books: Database) -> None:
    with forging(books) as connection:
        for statement in (
            "UPDATE deliveries SET tries = tries + 1, not_before = '2017', state = 'unknown'"
            " WHERE state = 'waiting'",
            "UPDATE centre_parcels SET state = 'fetched' WHERE state = 'announced'",
            "UPDATE centre_marks SET value = '9 well' WHERE name = 'round'",
        ):
            assert connection.execute(statement).rowcount == 1
    assert audited(books) == []


# ---- what the station does by itself is no alarm ----


@pytest.fixture
def heard(station: SendingStation) -> SendingStation:
    """A station that holds three records, all with the centre's word."""
    station.record(3)
    station.round()
    return station


def test_an_earlier_word_that_comes_late_is_passed_over_by_both(
    heard: SendingStation, centre: RunningCentre
) -> None:
    record, digest = heard.values("SELECT record, record_sha256 FROM held_records")[0]
    for status, at in (("PROCESSING", "2010"), ("ADJUDICATE_RECORD", "2030"), ("PROCESSING", "2020")):
        moment = f"{at}-01-01T00:00:00.000000Z"
        said = RecordStatus(record=str(record), digest=str(digest), status=status, at=moment)
        other = said.model_copy(update={"digest": "0" * 64, "at": "2029-01-01T00:00:00.000000Z"})
        with heard.database.transaction() as transaction:
            hear_statuses(transaction, heard.clock, heard.journal, [said, other], Channel.DISK)
        assert audited(heard.database) == [], status
    kept = heard.values(f"SELECT status FROM centre_statuses WHERE record = '{record}'")
    assert kept == [("ADJUDICATE_RECORD",)]


def test_everything_heard_again_after_a_lost_cursor_changes_nothing(
    heard: SendingStation, centre: RunningCentre
) -> None:
    with heard.database.transaction() as transaction:
        set_mark(transaction, STATUSES_CURSOR, "x9")
    assert {fault.kind for fault in audited(heard.database)} == {FaultKind.MARKS_DIFFER}
    heard.round()
    assert audited(heard.database) == []


def test_what_was_refused_and_sent_again_is_told(station: SendingStation, centre: RunningCentre) -> None:
    hashes = station.record(2)
    (key,) = station.values(f"SELECT wrapped_key FROM held_records WHERE content_hash = '{hashes[0]}'")
    refuse_one(station, hashes[0])
    station.round()
    assert station.delivery(hashes[0]).state == "refused"
    assert audited(station.database) == []
    with station.database.transaction() as transaction:
        transaction.exec_driver_sql(
            "UPDATE held_records SET wrapped_key = ? WHERE content_hash = ?", (key[0], hashes[0])
        )
        assert retry(transaction, station.journal, None, BY, "the key is found") == 1
    assert audited(station.database) == []
    station.round()
    assert station.delivery(hashes[0]).state == "received"
    assert audited(station.database) == []


def test_a_long_list_of_statuses_is_told_in_several_rows(heard: SendingStation) -> None:
    statuses = [
        RecordStatus(
            record=f"r-{number}", digest="0" * 64, status="PROCESSING", at="2020-01-01T00:00:00.000000Z"
        )
        for number in range(MOST_TOLD + 1)
    ]
    before = heard.count("journal", "name = 'statuses_heard'")
    with heard.database.transaction() as transaction:
        hear_statuses(transaction, heard.clock, heard.journal, statuses, Channel.DISK)
    assert heard.count("journal", "name = 'statuses_heard'") == before + 2
    longest = heard.values("SELECT max(length(payload)) FROM journal")[0][0]
    assert isinstance(longest, int) and longest < TAIL / 4
    assert audited(heard.database) == []


# ---- rows of older programs, which told less ----


MORE_TODAY = {
    "statuses_heard": ("heard_at", "statuses", "older", "cursor"),
    "deliveries_received": ("receipts",),
    "record_received": ("record_sha256", "local_status"),
}


def as_an_older_program_told_it(station: SendingStation) -> None:
    """Cut what the payloads have more today out of the rows, and chain them anew."""
    with station.database.reading() as transaction:
        rows = [row for row, _ in stored_rows(transaction)]
        triggers = list(
            transaction.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'").scalars()
        )
    previous = ""
    with forging(station.database) as connection:
        for row in rows:
            name = "filler" if row.name == "centre_bundles_announced" else row.name
            payload = json.loads(row.payload)
            for more in MORE_TODAY.get(row.name, ()):
                del payload[more]
            old = replace(row, name=name, payload=json.dumps(payload), previous_hash=previous)
            connection.execute(
                "UPDATE journal SET name = ?, payload = ?, previous_hash = ?, hash = ? WHERE sequence = ?",
                (old.name, old.payload, f"{row.sequence}", f"{row.sequence}", row.sequence),
            )
            connection.execute(
                "UPDATE journal SET previous_hash = ?, hash = ? WHERE sequence = ?",
                (old.previous_hash, old.hash, row.sequence),
            )
            previous = old.hash
        for trigger in triggers:
            connection.execute(trigger)


def test_rows_of_an_older_program_are_no_alarm_and_what_is_told_since_is_compared(
    heard: SendingStation, centre: RunningCentre
) -> None:
    as_an_older_program_told_it(heard)
    assert audited(heard.database) == []
    heard.record(2, first=3)
    centre.person("pass_time", seconds=60.0)
    heard.round()
    assert audited(heard.database) == []
    with forging(heard.database) as connection:
        edited = "UPDATE centre_statuses SET status = 'PROCESSING' WHERE rowid > 3"
        assert connection.execute(edited).rowcount == 2
    assert FaultKind.STATUSES_DIFFER in {fault.kind for fault in audited(heard.database)}
