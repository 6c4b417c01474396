"""Clearing old copies of erased bytes out of the database's files.

With `secure_delete` SQLite overwrites what is deleted, but an earlier copy of a row can be left in the unused
part of a page that was split (decision 0015 has the measurement), and the write-ahead log keeps old pages
until it is cut. So after an erasure the log is emptied into the file, the file is searched for the erased
bytes, and where a copy is found, the file is written anew.
"""

import os
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from station.database.engine import Database
from station.errors import StationError

MOST_SEARCHED: Final = 64  # more than these, and writing the file anew is quicker than searching it
SLICE: Final = 16  # bytes: also a copy of which a part was overwritten is found
CHUNK: Final = 4 * 1024 * 1024  # bytes looked at at once
_never_closed: dict[tuple[int, int], int] = {}
_opening = threading.Lock()


def scrub(database: Database, erased: Sequence[bytes]) -> bool:
    """See that erased bytes are nowhere in the database's files; tell whether the file was written anew.

    Lanes that write meanwhile wait; nobody may be inside a transaction that began before the erasure.

    Args:
        database: whose files.
        erased: the bytes, 16 or more each; none when they are not known any more: then it is written anew.

    Raises:
        StationError: SCRUB_UNFINISHED when somebody reads or the disk is full; doing it again is safe.
    """
    _empty_log(database)
    if 0 < len(erased) <= MOST_SEARCHED and not _found(database.file, erased):
        return False
    _execute(database, "VACUUM")
    _empty_log(database)
    return True


def _empty_log(database: Database) -> None:
    """Move the log into the file and cut it to nothing; waits for readers as long as for a lock."""
    row = _execute(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    if row is None or row[0] != 0:
        raise StationError("SCRUB_UNFINISHED", details="the write-ahead log is in use")


def _execute(database: Database, statement: str) -> tuple[object, ...] | None:
    with database.engine.connect() as connection:
        cursor = connection.connection.cursor()  # below SQLAlchemy, which would begin a transaction first
        try:
            row: tuple[object, ...] | None = cursor.execute(statement).fetchone()
        except sqlite3.Error as error:
            raise StationError("SCRUB_UNFINISHED", details=str(error)) from error
        finally:
            cursor.close()
    return row


def _found(file: Path, erased: Sequence[bytes]) -> bool:
    slices = [one[at : at + SLICE] for one in erased for at in range(0, len(one) - SLICE + 1, SLICE)]
    descriptor, offset = _descriptor(file), 0
    while content := os.pread(descriptor, CHUNK + SLICE - 1, offset):
        if any(part in content for part in slices):
            return True
        offset += CHUNK
    return False


def _descriptor(file: Path) -> int:
    """A descriptor of the database's file that this process never closes.

    To close any descriptor of a file gives up every POSIX lock that the process has on it, SQLite's too
    (sqlite.org/howtocorrupt.html, 2.2): another process would then cut the log under our connections.
    """
    found = file.stat()
    identity = (found.st_dev, found.st_ino)
    with _opening:
        if identity not in _never_closed:
            _never_closed[identity] = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        return _never_closed[identity]
