"""Copies of the database: one consistent file made while the station works, read without a change."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from station.database.engine import Database, Transaction
from station.errors import InputFault

FIRST_PROBLEMS = 5


def write_copy(database: Database, target: Path) -> None:
    """Write one consistent copy to a file that is not there yet; the caller syncs it.

    VACUUM INTO is one read transaction: in WAL mode it waits for no writer and holds none up, and what is
    committed meanwhile is not in the copy. It copies rows, not pages: free pages, in which an erased key may
    still stand, stay behind (sqlite.org/lang_vacuum.html).

    Raises:
        OSError: the target's disk fails or is full. SQLite does not say which of the two disks it was, so
            every fault is taken for the target's; the station's own transactions find the other.
    """
    with database.engine.connect() as connection:
        cursor = connection.connection.cursor()  # below SQLAlchemy, which would begin a transaction first
        try:
            cursor.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.Error as error:
            raise OSError(None, str(error)) from error
        finally:
            cursor.close()


@contextmanager
def reading_copy(file: Path) -> Iterator[Transaction]:
    """Read a copy without changing a byte of it: no journal, no lock, not even the file's time.

    Raises:
        InputFault: BACKUP_UNREADABLE.
    """

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)

    engine = create_engine("sqlite://", creator=connect)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise InputFault("BACKUP_UNREADABLE", folder=file, problem=str(error.orig)) from error
    finally:
        engine.dispose()


def problems_of(transaction: Connection) -> list[str]:
    """What SQLite itself finds wrong with a database: pages, indexes, foreign keys. None is good."""
    found = [str(row[0]) for row in transaction.execute(text(f"PRAGMA integrity_check({FIRST_PROBLEMS})"))]
    problems = [] if found == ["ok"] else found
    orphans = transaction.execute(text("PRAGMA foreign_key_check")).fetchmany(FIRST_PROBLEMS)
    return problems + [f"{row[0]}: a row points to nothing in {row[2]}" for row in orphans]


def revision_of(transaction: Connection) -> str:
    """The version of the tables."""
    return str(transaction.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
