"""The database as the station opens it: durable, strict, never in its own way, never another program's."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from station.database import Database
from station.database.engine import newest_revision
from station.database.tables import metadata
from station.errors import Refused, StationError
from station.journal.store import Journal, broken_at
from tests.fakes.clock import FakeClock

FULL = 2  # PRAGMA synchronous
MIGRATE = """
import sys
from pathlib import Path
from station.database import Database
database = Database("sqlite:///station.db", Path(sys.argv[1]))
sys.stdin.readline()
database.migrate()
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database("sqlite:///station.db", tmp_path)
    database.migrate()
    yield database
    database.close()


def pragma(database: Database, name: str) -> object:
    with database.engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_the_migrations_make_what_the_program_expects(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_checks_and_conditions_are_the_same_in_both(database: Database, tmp_path: Path) -> None:
    """Alembic does not compare CHECK constraints, nor the conditions of indexes."""
    fresh = Database("sqlite:///metadata.db", tmp_path)
    metadata.create_all(fresh.engine)
    assert _rules(database) == _rules(fresh)
    fresh.close()


def _rules(database: Database) -> dict[str, set[str]]:
    """The names of all CHECK constraints of each table, and its conditional indexes.

    The migrations' names carry the prefix twice: they are written in full, and the convention adds it again.
    """
    found: dict[str, set[str]] = {}
    with database.reading() as transaction:
        rows = transaction.execute(
            text("SELECT type, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        )
        for kind, table, sql in rows:
            if table == "alembic_version" or kind == "trigger":
                continue
            words = sql.replace(",", " ").replace("(", " ").replace("\n", " ").split()
            rules = found.setdefault(table, set())
            if kind == "table":
                names = {word.strip('"') for word in words if word.strip('"').startswith("ck_")}
                rules |= {name.replace(f"ck_{table}_ck_{table}_", f"ck_{table}_") for name in names}
            elif " WHERE " in sql:
                rules.add(" ".join(sql.split(" WHERE ")[1].split()))
    return found


def test_every_connection_is_durable_and_strict(database: Database) -> None:
    for _ in range(2):
        assert pragma(database, "journal_mode") == "wal"
        assert pragma(database, "synchronous") == FULL
        assert pragma(database, "foreign_keys") == 1
        assert pragma(database, "busy_timeout") == 10_000
        database.engine.dispose()


def test_a_thread_of_its_own_is_durable_too(database: Database) -> None:
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(pragma(database, "synchronous")))
    with database.reading():
        thread.start()
        thread.join()
    assert seen == [FULL]


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = pragma(database, "schema_version")
    database.migrate()
    assert pragma(database, "schema_version") == before


def test_two_programs_that_start_at_once_make_one_database(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MIGRATE, str(tmp_path)]
    programs = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write(b"\n")
        program.stdin.flush()
    for program in programs:
        _, complaints = program.communicate(timeout=60)
        assert program.returncode == 0, complaints.decode()
    database = Database("sqlite:///station.db", tmp_path)
    database.migrate()
    with database.reading() as transaction:
        found = transaction.execute(text("SELECT version_num FROM alembic_version")).all()
    assert found == [(newest_revision(),)]
    database.close()


def test_two_writers_wait_for_each_other_and_lose_nothing(database: Database) -> None:
    failures: list[Exception] = []

    def write(name: str) -> None:
        journal = Journal(FakeClock())
        try:
            for _ in range(25):
                with database.transaction() as transaction:
                    journal.event(transaction, name)
        except (StationError, ValueError) as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as transaction:
        assert broken_at(transaction) is None
        rows = transaction.execute(text("SELECT name, COUNT(*) FROM journal GROUP BY name")).all()
    assert sorted(rows) == [("one", 25), ("three", 25), ("two", 25)]


def test_a_reader_waits_for_no_writer(database: Database) -> None:
    with database.transaction() as transaction:
        Journal(FakeClock()).event(transaction, "half done")
        with database.reading() as reading:
            assert reading.execute(text("SELECT COUNT(*) FROM journal")).scalar() == 0


def test_a_foreign_key_is_kept(database: Database) -> None:
    with pytest.raises(Refused), database.transaction() as transaction:
        transaction.execute(
            text("INSERT INTO attempts (job, number, lane, state) VALUES (99, 1, 'A', 'open')")
        )


def test_a_database_of_a_newer_program_is_left_alone(database: Database, tmp_path: Path) -> None:
    with database.transaction() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = pragma(database, "schema_version")
    with pytest.raises(StationError) as refused:
        database.migrate()
    assert refused.value.code == "DATABASE_UNUSABLE"
    assert pragma(database, "schema_version") == before


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" + bytes(5000)])
def test_a_damaged_file_is_unusable_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "station.db").write_bytes(content)
    database = Database("sqlite:///station.db", tmp_path)
    with pytest.raises(StationError) as refused:
        database.migrate()
    assert refused.value.code == "DATABASE_UNUSABLE"
    assert (tmp_path / "station.db").read_bytes() == content
    database.close()


def test_a_page_damaged_later_is_noticed_when_it_is_read(tmp_path: Path) -> None:
    database = Database("sqlite:///station.db", tmp_path)
    database.migrate()
    journal = Journal(FakeClock())
    with database.transaction() as transaction:
        for _ in range(200):
            journal.event(transaction, "event")
    database.close()
    with sqlite3.connect(tmp_path / "station.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with (tmp_path / "station.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(os.urandom(size))
    with pytest.raises(StationError) as refused, database.reading() as transaction:
        broken_at(transaction)
    assert refused.value.code == "DATABASE_UNUSABLE"
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "",
        "sqlite://",
        "postgresql://somebody:secret@elsewhere/station",
        "sqlite+aiosqlite:///station.db",
        "oracle://x",
    ],
)
def test_another_kind_of_database_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(StationError) as refused:
        Database(url, tmp_path)
    assert refused.value.code == "DATABASE_UNUSABLE"
    assert "secret" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_relative_file_lies_in_the_data_folder_wherever_the_command_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    data.mkdir()
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    database = Database("sqlite:///station.db", data)
    database.migrate()
    database.close()
    assert (data / "station.db").is_file()
    assert list(elsewhere.iterdir()) == []
