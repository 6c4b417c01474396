"""What outlives the death of the station, in one number: two deaths that leave the same are the same death.

Left out is what says only when something happened: times, the hashes and signatures over them, and the chip's
count of the secure channels that were opened.
"""

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from station.audit.heads import read_anchor
from station.database.tables import metadata

OF_TIME = frozenset(
    {"at", "since", "created_at", "sent_at", "signed_at", "hash", "previous_hash", "signature"}
)


@dataclass(frozen=True)
class Gap:
    """A point that a life has passed: what comes next there, and what would outlive a death at it."""

    what: str
    state: str


class Digested(Protocol):
    """A world that can say what of it outlives the station."""

    def digest(self) -> str:
        """In one number."""


class Recorder:
    """Notes at each point what would outlive a death there."""

    def __init__(self, world: Digested, database: Path, anchor: Path) -> None:
        self.gaps: list[Gap] = []
        self._world, self._database, self._anchor = world, database, anchor
        self._written = database_digest(database)

    def pass_gap(self, what: str) -> None:
        """Note a point."""
        if what == "after COMMIT":
            self._written = database_digest(self._database)
        self.gaps.append(Gap(what, _short(self._written, self._anchored(), self._world.digest())))

    def _anchored(self) -> str:
        heads, torn = read_anchor(self._anchor)
        return repr(([head.sequence for head in heads], torn))


def database_digest(file: Path) -> str:
    """All rows of all tables, but for the time."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        rows = [
            (table.name, connection.execute(_select(table.name, [c.name for c in table.columns])).fetchall())
            for table in metadata.sorted_tables
        ]
    connection.close()
    return _short(json.dumps(rows))


def _select(table: str, columns: list[str]) -> str:
    kept = ", ".join(column for column in columns if column not in OF_TIME)
    return f"SELECT {kept} FROM {table} ORDER BY 1"  # names of our own tables


def _short(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]
