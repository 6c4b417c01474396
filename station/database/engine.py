"""The database: durable transactions on SQLite (WAL, synchronous=FULL)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from station.errors import Refused, StationError

Transaction = Connection
MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10
DRIVERS = frozenset({"sqlite", "sqlite+pysqlite"})


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set what SQLite forgets with every connection.

    `synchronous=FULL` makes a commit durable before it returns: the journal's intent rows depend on it.
    """
    connection.isolation_level = None  # sqlite3: BEGIN is ours (see _begin)
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "synchronous=FULL",  # before the change to WAL, which is itself a write that must be durable
        "foreign_keys=ON",
        "journal_mode=WAL",
        "secure_delete=ON",  # what is deleted is overwritten (station/database/scrubbing.py does the rest)
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the write lock at the start, so that two writers never both read and then collide."""
    write = connection.get_execution_options().get("write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def open_engine(url: str, data: Path) -> Engine:
    """Open the engine of a database URL; a relative SQLite path is taken from the data folder.

    Raises:
        StationError: DATABASE_UNUSABLE when it is no URL of an SQLite file.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StationError("DATABASE_UNUSABLE", problem="its URL cannot be read") from error
    if parsed.drivername not in DRIVERS:
        raise StationError("DATABASE_UNUSABLE", problem=f"{parsed.drivername} is not supported")
    if not parsed.database:
        raise StationError("DATABASE_UNUSABLE", problem="its URL names no file")
    if not Path(parsed.database).is_absolute():
        parsed = parsed.set(database=str(data / parsed.database))
    engine = create_engine(parsed)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def database_file(url: str) -> str:
    """The name of the file of a database URL.

    Raises:
        StationError: DATABASE_UNUSABLE when it is no URL of an SQLite file.
    """
    try:
        return Path(make_url(url).database or "").name
    except ArgumentError as error:
        raise StationError("DATABASE_UNUSABLE", problem="its URL cannot be read") from error


class Database:
    """The station's database. Every change happens inside `transaction()`."""

    def __init__(self, url: str, data: Path) -> None:
        self.engine = open_engine(url, data)

    @property
    def file(self) -> Path:
        """The file of the database; beside it lies its write-ahead log."""
        return Path(self.engine.url.database or "")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One durable transaction: committed at the end, rolled back on any exception.

        Raises:
            Refused: JOURNAL_REFUSED when a rule of the database stands against it.
            StationError: DATABASE_UNUSABLE when the disk or the file fails.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise Refused("JOURNAL_REFUSED", rule=str(error.orig)) from error
        except DBAPIError as error:
            raise StationError("DATABASE_UNUSABLE", problem=str(error.orig)) from error

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """One consistent look that writes nothing and waits for nobody."""
        try:
            with self.engine.connect().execution_options(write=False) as connection:
                yield connection
        except DBAPIError as error:
            raise StationError("DATABASE_UNUSABLE", problem=str(error.orig)) from error

    def migrate(self) -> None:
        """Bring the tables to this program's version; quick when they are there already.

        Raises:
            StationError: DATABASE_UNUSABLE when the database is newer than the program, or damaged.
        """
        wanted = newest_revision()
        try:
            with self.reading() as connection:
                known = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except StationError:
            known = None
        if known == wanted:
            return
        from alembic import command  # heavy, and needed once in the life of a database
        from alembic.config import Config
        from alembic.util import CommandError

        configuration = Config()
        configuration.set_main_option("script_location", str(MIGRATIONS))
        configuration.attributes["engine"] = self.engine
        try:
            command.upgrade(configuration, "head")
        except (CommandError, DBAPIError, sqlite3.Error) as error:
            raise StationError("DATABASE_UNUSABLE", problem=str(error)) from error

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def newest_revision() -> str:
    """Name of the newest migration: they are numbered, so it is the last file."""
    return sorted(file.stem for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))[-1].split("_")[0]
