"""The hash chain: rows of every kind hang on it, and no field of any of them can be edited unseen."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from station.cards.questions import Answer, QuestionEvidence
from station.database import Database, Transaction
from station.errors import StationError
from station.journal import Journal, JournalRow, Outcome, RowKind
from station.journal.store import Place, broken_at, open_questions, row_at, rows_of_attempt
from tests.fakes.clock import FakeClock

PLACE = Place(lane="A", job=1, attempt=1, person="f" * 64)
FIELDS = {
    "at": "'2017-03-18T00:00:00.000000+00:00'",
    "kind": "'event'",
    "name": "'another'",
    "lane": "'B'",
    "job": "2",
    "attempt": "2",
    "intent": "1",
    "question": "2",
    "outcome": "'DONE'",
    "person": "'0'",
    "signed_by": "'Somebody else'",
    "payload": "'{}'",
    "previous_hash": "'0'",
    "hash": "'0'",
}
NULLABLE = ("lane", "job", "attempt", "intent", "question", "outcome", "person", "signed_by")
ROWS = {
    "event": 1,
    "intent": 2,
    "question": 3,
    "answer": 4,
    "second intent": 5,
    "outcome": 6,
    "last event": 7,
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journal")
    database = Database("sqlite:///station.db", folder)
    database.migrate()
    with database.transaction() as transaction:
        _write_rows(transaction)
    database.close()
    return folder / "station.db"


@pytest.fixture
def database(written: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(written, tmp_path)
    database = Database("sqlite:///station.db", tmp_path)
    yield database
    database.close()


def _write_rows(transaction: Transaction) -> None:
    """One attempt with rows of every kind; every optional field is used somewhere."""
    job = (
        "INSERT INTO jobs"
        " (id, record, folder, record_sha256, person, issue, priority, purpose, state, created_at)"
        " VALUES (1, 'r', '/r', 'd', 'p', 1, 5, 'card', 'working', 't')"
    )
    transaction.execute(text(job))
    transaction.execute(
        text("INSERT INTO attempts (id, job, number, lane, state) VALUES (1, 1, 1, 'A', 'open')")
    )
    journal, evidence = Journal(FakeClock()), QuestionEvidence(card="8004000000000001")
    journal.event(transaction, "card_bound", evidence, PLACE, signed_by="Siti")
    load = _row(transaction, journal.intent(transaction, "load", evidence, PLACE))
    asked = _row(transaction, journal.question(transaction, "load_unknown", evidence, PLACE, load.sequence))
    answer = Answer(verdict="back_in_hopper", reason="it lay in the feeder")
    journal.answer(transaction, asked, answer, "Siti", Outcome.NOT_DONE)
    again = _row(transaction, journal.intent(transaction, "load", evidence, PLACE))
    journal.outcome(transaction, again, Outcome.UNKNOWN, evidence)
    journal.event(transaction, "card_ready", None, PLACE)


def _row(transaction: Transaction, sequence: int) -> JournalRow:
    row = row_at(transaction, sequence)
    assert row is not None
    return row


def _edit(database: Database, *statements: str) -> None:
    """Edit the file as somebody would who knows SQLite."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        for statement in (
            "PRAGMA foreign_keys = OFF",
            "PRAGMA ignore_check_constraints = ON",
            "DROP TRIGGER journal_UPDATE",
            "DROP TRIGGER journal_DELETE",
            *statements,
        ):
            connection.exec_driver_sql(statement)
    database.engine.dispose()


def _broken(database: Database) -> int | None:
    with database.reading() as transaction:
        return broken_at(transaction)


def test_rows_of_every_kind_hang_on_the_chain(database: Database) -> None:
    assert _broken(database) is None
    with database.reading() as transaction:
        rows = rows_of_attempt(transaction, 1)
        assert open_questions(transaction) == []
    assert {row.kind for row in rows} == set(RowKind)
    assert [row.sequence for row in rows] == list(ROWS.values())
    assert [row.previous_hash for row in rows] == ["", *(row.hash for row in rows[:-1])]


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("row", sorted(ROWS))
def test_an_edited_field_is_found(database: Database, row: str, field: str) -> None:
    sequence = ROWS[row]
    change = f"UPDATE journal SET {field} = {FIELDS[field]} WHERE sequence = {sequence}"
    unchanged = f"SELECT {field} IS {FIELDS[field]} FROM journal WHERE sequence = {sequence}"
    with database.reading() as transaction:
        if transaction.execute(text(unchanged)).scalar():
            change = change.replace(FIELDS[field], "NULL" if field in NULLABLE else "'changed'")
    _edit(database, change)
    assert _broken(database) == sequence


@pytest.mark.parametrize("sequence", [1, 4, 6])
def test_a_row_cut_out_is_found(database: Database, sequence: int) -> None:
    _edit(database, f"DELETE FROM journal WHERE sequence = {sequence}")
    assert _broken(database) == sequence + 1


def test_rows_that_change_places_are_found(database: Database) -> None:
    _edit(
        database,
        "UPDATE journal SET sequence = 100 WHERE sequence = 3",
        "UPDATE journal SET sequence = 3 WHERE sequence = 4",
        "UPDATE journal SET sequence = 4 WHERE sequence = 100",
    )
    assert _broken(database) == 3


def test_a_row_cut_out_with_its_number_closed_up_is_found(database: Database) -> None:
    _edit(
        database,
        "DELETE FROM journal WHERE sequence = 4",
        "UPDATE journal SET sequence = sequence - 1 WHERE sequence = 5",
        "UPDATE journal SET sequence = sequence - 1 WHERE sequence = 6",
        "UPDATE journal SET sequence = sequence - 1 WHERE sequence = 7",
    )
    assert _broken(database) == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET payload = '{}' WHERE sequence = 1",
        "DELETE FROM journal WHERE sequence = 7",
        # a row that does not follow the last one
        "INSERT INTO journal (sequence, at, kind, name, payload, previous_hash, hash)"
        " VALUES (8, 't', 'event', 'forged', '{}', 'x', 'y')",
        "INSERT INTO journal (sequence, at, kind, name, payload, previous_hash, hash)"
        " SELECT 9, 't', 'event', 'forged', '{}', hash, 'y' FROM journal WHERE sequence = 7",
        # a step that may have happened, begun again
        "INSERT INTO journal (sequence, at, kind, name, attempt, payload, previous_hash, hash)"
        " SELECT 8, 't', 'intent', 'load', 1, '{}', hash, 'y' FROM journal WHERE sequence = 7",
        # a step of no attempt
        "INSERT INTO journal (sequence, at, kind, name, payload, previous_hash, hash)"
        " SELECT 8, 't', 'intent', 'print', '{}', hash, 'y' FROM journal WHERE sequence = 7",
        # a second outcome, a second answer, an answer of nobody
        "INSERT INTO journal (sequence, at, kind, name, intent, outcome, payload, previous_hash, hash)"
        " SELECT 8, 't', 'outcome', 'load', 5, 'DONE', '{}', hash, 'y' FROM journal WHERE sequence = 7",
        "INSERT INTO journal (sequence, at, kind, name, question, signed_by, payload, previous_hash, hash)"
        " SELECT 8, 't', 'answer', 'x', 3, 'Siti', '{}', hash, 'y' FROM journal WHERE sequence = 7",
        "INSERT INTO journal (sequence, at, kind, name, question, payload, previous_hash, hash)"
        " SELECT 8, 't', 'answer', 'load_unknown', 3, '{}', hash, 'y' FROM journal WHERE sequence = 7",
    ],
)
def test_the_database_itself_refuses_what_breaks_a_rule(database: Database, statement: str) -> None:
    with pytest.raises(StationError) as refused, database.transaction() as transaction:
        transaction.execute(text(statement))
    assert refused.value.code == "JOURNAL_REFUSED"
    assert _broken(database) is None


def test_a_closed_attempt_stays_closed(database: Database) -> None:
    with database.transaction() as transaction:
        transaction.execute(text("UPDATE attempts SET state = 'spoiled', cause = 'quality' WHERE id = 1"))
    with pytest.raises(StationError), database.transaction() as transaction:
        transaction.execute(text("UPDATE attempts SET state = 'open' WHERE id = 1"))
