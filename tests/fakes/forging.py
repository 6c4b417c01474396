"""What somebody can do who has the database file and a tool: no rule of the database holds there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from station.database import Database

Value = str | int | bytes | None


@contextmanager
def forging(database: Database) -> Iterator[sqlite3.Connection]:
    """A connection without triggers, without checks, in which every statement counts at once."""
    file = str(database.engine.url.database)
    database.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


@dataclass(frozen=True)
class Column:
    """A column of a table, and which of its rows are meant."""

    table: str
    name: str
    where: str = "1"

    def edit(self, connection: sqlite3.Connection) -> int:
        """Change the first row's value a little; return how many rows have changed."""
        name = self.name
        other = f"CASE typeof({name}) WHEN 'integer' THEN {name} + 1 ELSE ifnull({name}, '') || 'x' END"
        first = f"SELECT min(rowid) FROM {self.table} WHERE {self.where}"
        edited = f"UPDATE {self.table} SET {name} = {other} WHERE rowid = ({first})"
        return connection.execute(edited).rowcount

    def swap(self, connection: sqlite3.Connection) -> bool:
        """Let two rows have each other's value; false where all have the same."""
        values: dict[Value, int] = {}
        for row, value in connection.execute(
            f"SELECT rowid, {self.name} FROM {self.table} WHERE {self.where} ORDER BY rowid"
        ).fetchall():
            values.setdefault(value, row)
        if len(values) < 2:
            return False
        (one, first), (other, second) = list(values.items())[:2]
        for value, row in (("-1", first), (one, second), (other, first)):
            connection.execute(f"UPDATE {self.table} SET {self.name} = ? WHERE rowid = ?", (value, row))
        return True
