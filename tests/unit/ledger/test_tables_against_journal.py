"""Whoever edits, drops, swaps or adds a row of any table that holds facts is found by the audit."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from station.audit.fault import FaultKind
from station.audit.verify import AuditReport, verify
from station.cards.intake import Order
from station.cards.store import JobPurpose
from station.database import Database
from station.database.tables import metadata
from station.errors import ExitStatus, LaneLatched, StationError
from station.language import Language
from station.staff.pins import hash_pin
from station.staff.store import MOST_FAILURES
from tests.fakes.devices import FakeLane, raising
from tests.fakes.handovers import fill_handovers
from tests.fakes.letter_prints import fill_prints
from tests.fakes.letters import fill_register
from tests.fakes.station import LANE, records
from tests.unit.centre.test_exchange_against_journal import COMPARED as EXCHANGE
from tests.unit.ledger.conftest import BLANKS
from tests.unit.ledger.ledger_counter import OPERATOR, PINS, SECOND, SUPERVISOR, Counter
from tests.unit.ledger.test_destruction_of_blanks import spoil_some
from tests.unit.station.office_desk import DeskKeys, fake_devices

COMPARED = (
    "blank_moves",
    "blank_accounts",
    "blank_counts",
    "signed_acts",
    "staff",
    "jobs",
    "attempts",
    "outbox",
    "batches",
    "lanes",
    "letters",
    "letter_prints",
    "handovers",
    "withdrawn_cards",
    "deliveries",
)
# Compared too, in an office that talks to a centre, and in one that was restored.
COMPARED_ELSEWHERE = {*EXCHANGE, "restorations", "cards_since_backup"}
# The chain and the signatures prove two. Search tokens must vanish with a record, so nothing that stays may
# tell of them; a bundle's own signature proves the next; the last only says when (docs/reference/journal.md).
NOT_COMPARED = {"journal", "journal_heads", "record_tokens", "intakes", "last_times"}


@pytest.fixture(scope="module")
def busy_books(opened_counter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an office in whose tables everything has happened."""
    folder = tmp_path_factory.mktemp("busy")
    with pytest.MonkeyPatch.context() as monkeypatch:
        devices = FakeLane(BLANKS)
        fake_devices(monkeypatch, devices)
        shutil.copytree(opened_counter, folder / "data")
        counter = Counter(folder, devices)
        spoil_some(counter, folder)
        _fill_the_rest(counter, folder)
        counter.close()
    return folder / "data"


def _fill_the_rest(counter: Counter, folder: Path) -> None:
    """Acts, counts, wrong PINs, batches, a specimen and a latch that was cleared."""
    destroyed = counter.destroy("--all")
    assert destroyed.status == ExitStatus.DONE, destroyed
    counter.receive(10)
    counter.count("--stock", "8", "--lane", f"{LANE}=4")
    assert counter.signed("blanks", "adjust", "--reason", "looked everywhere").status == ExitStatus.DONE
    counter.count("--stock", "8", "--lane", f"{LANE}=4", kind="closing")
    ends = ("--from", OPERATOR, "--to", SECOND, "--out", str(folder / "handover.pdf"))
    counter.must("blanks", "handover", *ends, pins=[PINS[OPERATOR], PINS[SECOND]])
    assert counter.give("staff", "pin", SECOND, pins=["999999", "660145"]).status
    for name, number in (("Held", 3), ("Resumed", 4)):
        record = records(folder / "batches", 5)[number]
        counter.must("batches", "add", name, str(record), "--class", "disaster")
        counter.must("batches", "pause", name, "--by", OPERATOR)
    counter.must("batches", "resume", "Resumed", "--by", OPERATOR)
    counter.intake.add(records(folder / "specimen", 6)[5], Order(1, JobPurpose.SPECIMEN))
    fill_register(counter.database, counter.journal)
    fill_prints(counter.database, counter.journal)
    counter.policy = counter.policy.model_copy(update={"quality_check_every": 0})
    counter.worker().run_batch(limit=1)
    fill_handovers(counter.database, counter.journal, counter.clock)
    counter.devices.arm("feed", raising(StationError("UNDEFINED", cause="x")))
    with pytest.raises(LaneLatched):
        counter.worker().run_batch()


@pytest.fixture
def busy(busy_books: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of these books."""
    shutil.copytree(busy_books, tmp_path / "data")
    database = Database("sqlite:///station.db", tmp_path / "data")
    yield database
    database.close()


def _verify(database: Database) -> AuditReport:
    return verify(database, DeskKeys.journal, Path("/nonexistent"))


def _tamper(database: Database, *statements: str) -> None:
    """Do what somebody with the database file and a tool can do: no rule of the database holds there."""
    file = str(database.engine.url.database)
    database.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_every_table_is_compared_or_proves_itself() -> None:
    assert {*COMPARED, *COMPARED_ELSEWHERE} | NOT_COMPARED == set(metadata.tables)
    assert not NOT_COMPARED & {*COMPARED, *COMPARED_ELSEWHERE}


def test_a_busy_office_is_intact(busy: Database) -> None:
    with busy.reading() as transaction:
        for table in COMPARED:
            assert transaction.execute(text(f"SELECT count(*) FROM {table}")).scalar_one(), table
    assert _verify(busy).faults == []


FORGED = hash_pin("480213")
EDITS = [
    (FaultKind.HANDOVERS_DIFFER, "UPDATE handovers SET score = 9.9 WHERE outcome = 'NOT_DONE'"),
    (FaultKind.HANDOVERS_DIFFER, "UPDATE handovers SET conclusion = 'matched' WHERE outcome = 'NOT_DONE'"),
    (FaultKind.HANDOVERS_DIFFER, "UPDATE handovers SET source = 'record'"),
    (FaultKind.HANDOVERS_DIFFER, "UPDATE handovers SET second_signer = 'Siti Rahayu' WHERE outcome = 'DONE'"),
    (FaultKind.HANDOVERS_DIFFER, "DELETE FROM handovers WHERE outcome = 'DONE'"),
    (FaultKind.HANDOVERS_DIFFER, "UPDATE handovers SET outcome = 'NOT_DONE' WHERE outcome = 'DONE'"),
    (FaultKind.OLD_CARDS_DIFFER, "DELETE FROM withdrawn_cards"),
    (FaultKind.OLD_CARDS_DIFFER, "UPDATE withdrawn_cards SET kind = 'old_ktp'"),
    (FaultKind.COUNTS_DIFFER, "UPDATE blank_counts SET counted = expected WHERE id = 1"),
    (FaultKind.COUNTS_DIFFER, "UPDATE blank_counts SET expected = counted WHERE id = 1"),
    (FaultKind.COUNTS_DIFFER, "UPDATE blank_counts SET kind = 'closing' WHERE id = 1"),
    (FaultKind.COUNTS_DIFFER, "UPDATE blank_counts SET journal = journal + 1 WHERE id = 1"),
    (FaultKind.COUNTS_DIFFER, "DELETE FROM blank_counts WHERE id = (SELECT max(id) FROM blank_counts)"),
    (
        FaultKind.COUNTS_DIFFER,
        "INSERT INTO blank_counts (journal, kind, account, lane, counted, expected)"
        " VALUES (3, 'closing', 'stock', '', 9, 9)",
    ),
    (FaultKind.COUNTS_DIFFER, "UPDATE blank_counts SET id = -id"),
    (
        FaultKind.ACTS_DIFFER,
        f"UPDATE signed_acts SET second_signer = '{SECOND}' WHERE kind = 'destruction'",
    ),
    (
        FaultKind.ACTS_DIFFER,
        "UPDATE signed_acts SET (first_signer, second_signer) = (second_signer, first_signer)"
        " WHERE kind = 'adjustment'",
    ),
    (FaultKind.ACTS_DIFFER, "UPDATE signed_acts SET number = 'X/1' WHERE kind = 'handover'"),
    (FaultKind.ACTS_DIFFER, "UPDATE signed_acts SET kind = 'handover' WHERE kind = 'destruction'"),
    (FaultKind.ACTS_DIFFER, "UPDATE signed_acts SET settles = settles + 1 WHERE kind = 'adjustment'"),
    (FaultKind.ACTS_DIFFER, "UPDATE signed_acts SET journal = journal + 1 WHERE kind = 'handover'"),
    (FaultKind.ACTS_DIFFER, "DELETE FROM signed_acts WHERE kind = 'handover'"),
    (
        FaultKind.ACTS_DIFFER,
        "INSERT INTO signed_acts (journal, kind, number, first_signer, second_signer)"
        f" VALUES (3, 'destruction', 'X/2', '{SUPERVISOR}', '{OPERATOR}')",
    ),
    (FaultKind.LEDGER_DIFFERS, "UPDATE blank_moves SET act = NULL WHERE act IS NOT NULL"),
    (FaultKind.LEDGER_DIFFERS, "UPDATE blank_moves SET id = -id WHERE card IS NOT NULL"),
    (
        FaultKind.LEDGER_DIFFERS,
        "INSERT INTO blank_moves (journal, source, source_lane, target, target_lane, quantity, card, cause)"
        " SELECT journal, source, source_lane, target, target_lane, quantity, card, cause"
        " FROM blank_moves WHERE id = 2",
    ),
    (FaultKind.BALANCE_DIFFERS, "UPDATE blank_accounts SET balance = balance + 1 WHERE account = 'issued'"),
    (FaultKind.STAFF_DIFFERS, f"UPDATE staff SET role = 'supervisor' WHERE name = '{OPERATOR}'"),
    (FaultKind.STAFF_DIFFERS, f"UPDATE staff SET pin_hash = '{FORGED}' WHERE name = '{OPERATOR}'"),
    (FaultKind.STAFF_DIFFERS, f"UPDATE staff SET pin_hash = NULL WHERE name = '{OPERATOR}'"),
    (FaultKind.STAFF_DIFFERS, f"UPDATE staff SET pin_hash = '{FORGED}' WHERE name = 'Siti'"),
    (FaultKind.STAFF_DIFFERS, f"UPDATE staff SET pin_failures = 5 WHERE name = '{OPERATOR}'"),
    (FaultKind.STAFF_DIFFERS, "DELETE FROM staff WHERE name = 'Siti'"),
    (
        FaultKind.STAFF_DIFFERS,
        "INSERT INTO staff (name, role, pin_hash)"
        f" SELECT 'Nobody', 'supervisor', pin_hash FROM staff WHERE name = '{SUPERVISOR}'",
    ),
    (FaultKind.JOBS_DIFFER, "UPDATE jobs SET person = 'somebody else' WHERE id = 1"),
    (FaultKind.JOBS_DIFFER, "UPDATE jobs SET issue = issue + 1 WHERE id = 1"),
    (FaultKind.JOBS_DIFFER, "UPDATE jobs SET record = 'other' WHERE id = 1"),
    (FaultKind.JOBS_DIFFER, "UPDATE jobs SET record_sha256 = 'other' WHERE id = 1"),
    (FaultKind.JOBS_DIFFER, "UPDATE jobs SET state = 'given_up', lane = NULL WHERE id = 1"),
    (FaultKind.JOBS_DIFFER, "UPDATE jobs SET purpose = 'specimen' WHERE id = 1"),
    (FaultKind.JOBS_DIFFER, "DELETE FROM jobs WHERE id = 3"),
    (
        FaultKind.JOBS_DIFFER,
        "INSERT INTO jobs"
        " (record, folder, record_sha256, person, issue, priority, purpose, state, created_at)"
        " VALUES ('x', 'x', 'x', 'x', 1, 5, 'card', 'queued', '')",
    ),
    (FaultKind.ATTEMPTS_DIFFER, "UPDATE attempts SET card = '80' || card WHERE id = 2"),
    (FaultKind.ATTEMPTS_DIFFER, "UPDATE attempts SET cause = 'missing' WHERE state = 'spoiled'"),
    (FaultKind.ATTEMPTS_DIFFER, "UPDATE attempts SET state = 'not_done' WHERE id = 2"),
    (FaultKind.ATTEMPTS_DIFFER, "UPDATE attempts SET lane = 'B' WHERE id = 2"),
    (FaultKind.ATTEMPTS_DIFFER, "UPDATE attempts SET face_sha256 = 'other' WHERE id = 2"),
    (FaultKind.ATTEMPTS_DIFFER, "DELETE FROM attempts WHERE id = 2"),
    (
        FaultKind.ATTEMPTS_DIFFER,
        "INSERT INTO attempts (job, number, lane, state, cause) VALUES (1, 9, 'A', 'spoiled', 'missing')",
    ),
    (FaultKind.OUTBOX_DIFFERS, "DELETE FROM outbox WHERE topic = 'card_void'"),
    (FaultKind.OUTBOX_DIFFERS, "UPDATE outbox SET topic = 'card_issued' WHERE topic = 'card_void'"),
    (FaultKind.OUTBOX_DIFFERS, "UPDATE outbox SET payload = '{}' WHERE id = 1"),
    (FaultKind.OUTBOX_DIFFERS, "UPDATE outbox SET content_sha256 = 'x' WHERE id = 1"),
    (
        FaultKind.OUTBOX_DIFFERS,
        "INSERT INTO outbox (journal, topic, payload, content_sha256, created_at)"
        " SELECT journal + 1, topic, payload, 'y', created_at FROM outbox WHERE id = 1",
    ),
    (FaultKind.DELIVERIES_DIFFER, "DELETE FROM deliveries WHERE id = 1"),
    (FaultKind.DELIVERIES_DIFFER, "UPDATE deliveries SET content_hash = 'x' WHERE id = 1"),
    (
        FaultKind.DELIVERIES_DIFFER,
        "UPDATE deliveries SET state = 'received', channel = 'wire', receipt_number = 1, receipt_at = 'x',"
        " receipt_signature = 'x' WHERE id = 1",
    ),
    (FaultKind.BATCHES_DIFFER, "UPDATE batches SET paused = 0 WHERE name = 'Held'"),
    (FaultKind.BATCHES_DIFFER, "UPDATE batches SET paused = 1 WHERE name = 'Resumed'"),
    (FaultKind.BATCHES_DIFFER, "UPDATE batches SET priority_class = 'urgent' WHERE name = 'Held'"),
    (FaultKind.BATCHES_DIFFER, "INSERT INTO batches VALUES ('Other', 'urgent', 0, '')"),
    (FaultKind.LANES_DIFFER, "UPDATE lanes SET state = 'ready', cause = NULL"),
    (FaultKind.LANES_DIFFER, "UPDATE lanes SET cause = 'another'"),
    (FaultKind.LANES_DIFFER, "DELETE FROM lanes"),
    (FaultKind.LANES_DIFFER, "INSERT OR REPLACE INTO lanes VALUES ('B', 'broken', 'x', '')"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET state = 'void', cause = 'not_finished' WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET state = 'issued', cause = NULL WHERE place = 2"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET cause = 'card_handed_over' WHERE place = 2"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET number = 'other' WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET person = 'somebody else' WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET record = 'other' WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET valid_until = '2030-01-01' WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET issued_on = '2016-01-01' WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET reason = 'damaged', signer = 'x' WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET renews = 'other' WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET content_hash = 'other' WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET wrapped_key = NULL, erased_at = '2030' WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET settled = journal WHERE place = 1"),
    (FaultKind.LETTERS_DIFFER, "UPDATE letters SET place = 5 WHERE place = 4"),
    (FaultKind.LETTERS_DIFFER, "DELETE FROM letters WHERE place = 4"),
    (
        FaultKind.LETTERS_DIFFER,
        "INSERT INTO letters SELECT year, 5, 'x', journal, record, 'five', reason, signer, issued_on,"
        " valid_until, renews, state, settled, cause, NULL, NULL, NULL, NULL, NULL, NULL"
        " FROM letters WHERE place = 4",
    ),
    (
        FaultKind.LETTER_PRINTS_DIFFER,
        "UPDATE letter_prints SET outcome = 'NOT_DONE', paper = NULL WHERE attempt = 1",
    ),
    (FaultKind.LETTER_PRINTS_DIFFER, "UPDATE letter_prints SET paper = 'good' WHERE attempt = 1"),
    (FaultKind.LETTER_PRINTS_DIFFER, "UPDATE letter_prints SET paper = NULL WHERE attempt = 1"),
    (FaultKind.LETTER_PRINTS_DIFFER, "UPDATE letter_prints SET cause = 'aborted' WHERE attempt = 1"),
    (FaultKind.LETTER_PRINTS_DIFFER, "UPDATE letter_prints SET job = 7 WHERE attempt = 2"),
    (
        FaultKind.LETTER_PRINTS_DIFFER,
        "UPDATE letter_prints SET outcome = 'NOT_DONE', cause = 'not_sent' WHERE attempt = 2",
    ),
    (FaultKind.LETTER_PRINTS_DIFFER, "UPDATE letter_prints SET copy_kind = 'first' WHERE attempt = 2"),
    (
        FaultKind.LETTER_PRINTS_DIFFER,
        "UPDATE letter_prints SET place = 2, number = 'other' WHERE attempt = 2",
    ),
    (FaultKind.LETTER_PRINTS_DIFFER, "UPDATE letter_prints SET year = 2025 WHERE attempt = 2"),
    (FaultKind.LETTER_PRINTS_DIFFER, "UPDATE letter_prints SET attempt = 9 WHERE attempt = 2"),
    (FaultKind.LETTER_PRINTS_DIFFER, "UPDATE letter_prints SET printer = 'other' WHERE attempt = 1"),
    (FaultKind.LETTER_PRINTS_DIFFER, "UPDATE letter_prints SET sha256 = 'other' WHERE attempt = 1"),
    (FaultKind.LETTER_PRINTS_DIFFER, "UPDATE letter_prints SET journal = 1 WHERE attempt = 1"),
    (FaultKind.LETTER_PRINTS_DIFFER, "DELETE FROM letter_prints WHERE attempt = 1"),
    (
        FaultKind.LETTER_PRINTS_DIFFER,
        "INSERT INTO letter_prints SELECT 2, year, place, 3, number, copy_kind, printer, sha256, 9, 'DONE',"
        " 'handed_over', 'good' FROM letter_prints WHERE attempt = 1",
    ),
]


@pytest.mark.parametrize(("kind", "statement"), EDITS)
def test_what_was_done_to_a_table_is_found(busy: Database, kind: FaultKind, statement: str) -> None:
    before = _content(busy)
    _tamper(busy, statement)
    assert _content(busy) != before, "the statement did nothing"
    assert kind in {fault.kind for fault in _verify(busy).faults}


def _content(database: Database) -> list[list[object]]:
    with database.reading() as transaction:
        return [[*transaction.execute(text(f"SELECT * FROM {table}")).all()] for table in COMPARED]


def test_what_may_change_without_the_journal_is_no_alarm(busy: Database) -> None:
    _tamper(
        busy,
        "UPDATE outbox SET sent_at = '2017-03-17'",
        f"UPDATE staff SET pin_failures = 0 WHERE name = '{SECOND}'",  # as the right PIN does
    )
    assert _verify(busy).faults == []


def test_a_locked_pin_is_unlocked_by_nobody_but_a_supervisor(counter: Counter) -> None:
    for _ in range(MOST_FAILURES):
        assert counter.give("staff", "pin", OPERATOR, pins=["999999", "660145"]).status
    assert _verify(counter.database).faults == []
    _tamper(counter.database, f"UPDATE staff SET pin_failures = 0 WHERE name = '{OPERATOR}'")
    assert {fault.kind for fault in _verify(counter.database).faults} == {FaultKind.STAFF_DIFFERS}


def test_the_audit_says_in_words_which_table_it_is(counter: Counter) -> None:
    _tamper(counter.database, "UPDATE staff SET role = 'supervisor' WHERE name = 'Siti'")
    said = counter.run("audit", "verify")
    assert said.status == ExitStatus.REFUSED
    assert Language("id").text("the table of the staff says something else than the journal") in said.words
