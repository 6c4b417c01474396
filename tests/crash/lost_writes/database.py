"""The station's database, with every commit marked, on a SQLite whose built-in defaults are the weakest."""

import inspect
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from station.database import Database, Transaction
from tests.crash.lost_writes.marks import CommitMark, Marker

# Tables with a rowid are read in the order in which they were written, the others in that of their keys.
TABLES = "SELECT name, wr FROM pragma_table_list WHERE type = 'table' AND schema = 'main' ORDER BY name"
# What a library may have been built with. Nothing of ours may rest on a kinder default.
WEAKEST = ("synchronous=OFF", "foreign_keys=OFF", "busy_timeout=0", "secure_delete=OFF")


def digest(connection: Connection) -> str:
    """A digest of every row of every table."""
    total = blake2b(digest_size=16)
    for name, without_rowid in connection.exec_driver_sql(TABLES).all():
        total.update(str(name).encode())
        order = "" if without_rowid else " ORDER BY rowid"
        for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"{order}'):
            total.update(repr(tuple(row)).encode())
    return total.hexdigest()


def _weaken(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in WEAKEST:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class WeakDatabase(Database):
    """The database on the weakest SQLite."""

    def __init__(self, url: str, data: Path) -> None:
        super().__init__(url, data)
        event.listen(self.engine, "connect", _weaken, insert=True)


class MarkedDatabase(WeakDatabase):
    """Marks what each transaction has left when it returns.

    Args:
        url, data: as of `Database`.
        marker: takes the marks.
        without_commit: the caller whose transactions are not committed but joined with the next one: what
            becomes of a program from which that commit was removed.
    """

    def __init__(self, url: str, data: Path, marker: Marker, without_commit: str | None) -> None:
        super().__init__(url, data)
        self._marker, self._without_commit = marker, without_commit
        self._held: tuple[ExitStack, Connection] | None = None

    def transaction(self) -> AbstractContextManager[Transaction]:  # type: ignore[override]  # it is one
        frame = inspect.currentframe()
        if frame is None or frame.f_back is None:
            raise LookupError("nobody has called")
        code = frame.f_back.f_code
        file = Path(code.co_filename)
        return self._transaction(f"{file.parent.name}/{file.name}:{code.co_name}:{frame.f_back.f_lineno}")

    @contextmanager
    def _transaction(self, site: str) -> Iterator[Transaction]:
        stack, connection = self._begin()
        with stack:
            yield connection
            left = digest(connection)
            held = site == self._without_commit
            if held:
                self._held = stack.pop_all(), connection
        self._marker.write(CommitMark(site=site, digest=left, real=not held))

    def _begin(self) -> tuple[ExitStack, Connection]:
        if self._held is not None:
            held, self._held = self._held, None
            return held
        stack = ExitStack()
        return stack, stack.enter_context(super().transaction())

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        if self._held is not None:
            yield self._held[1]
            return
        with super().reading() as connection:
            yield connection

    def close(self) -> None:
        if self._held is not None:
            self._begin()[0].close()
        super().close()
