"""What the centre really has received and decided: an SQLite file and a folder, which outlive the program."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulators.centre.documents import Receipt

TABLES = """
CREATE TABLE IF NOT EXISTS stations (name TEXT PRIMARY KEY, signing TEXT NOT NULL, encryption TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS received (
    kind TEXT NOT NULL, content_hash TEXT NOT NULL, number INTEGER PRIMARY KEY, received_at TEXT NOT NULL,
    record TEXT, size INTEGER NOT NULL, arrivals INTEGER NOT NULL, channel TEXT NOT NULL, nik TEXT,
    digest TEXT, key BLOB, due REAL, verdict TEXT, UNIQUE (kind, content_hash));
CREATE INDEX IF NOT EXISTS received_nik ON received (nik);
CREATE INDEX IF NOT EXISTS received_record ON received (record);
CREATE INDEX IF NOT EXISTS received_due ON received (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS senders (content_hash TEXT, station TEXT, PRIMARY KEY (content_hash, station));
CREATE TABLE IF NOT EXISTS statuses (
    sequence INTEGER PRIMARY KEY, station TEXT NOT NULL, record TEXT NOT NULL, digest TEXT,
    status TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS statuses_record ON statuses (record);
CREATE TABLE IF NOT EXISTS publications (
    sequence INTEGER PRIMARY KEY, station TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS wishes (record TEXT PRIMARY KEY, status TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
Value = str | int | float | bytes | None


@dataclass(frozen=True)
class Arrival:
    """Something whole that has come in."""

    kind: str
    content_hash: str
    size: int
    station: str
    channel: str
    record: str | None = None
    nik: str | None = None
    digest: str | None = None
    key: bytes | None = None

    def content(self) -> tuple[Value, ...]:
        """What the centre knows of what is inside."""
        return self.nik, self.digest, self.key


class Truth:
    """The books of the centre; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the books in a folder, or begin them."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._books = sqlite3.connect(folder / "truth.db", check_same_thread=False, isolation_level=None)
        # A killed program loses nothing so; a power cut under a simulator is nobody's case.
        self._books.execute("PRAGMA journal_mode=WAL")
        self._books.execute("PRAGMA synchronous=NORMAL")
        self._books.executescript(TABLES)

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One change, whole or not at all."""
        with self._lock:
            self._books.execute("BEGIN IMMEDIATE")
            try:
                yield self._books
            except BaseException:
                self._books.execute("ROLLBACK")
                raise
            self._books.execute("COMMIT")

    def rows(self, question: str, values: tuple[Value, ...] = ()) -> list[tuple[Value, ...]]:
        """Ask the books."""
        with self._lock:
            return self._books.execute(question, values).fetchall()

    def number_of(self, question: str, values: tuple[Value, ...] = ()) -> int:
        """Ask the books for one number."""
        (value,) = self.rows(question, values)[0]
        return int(value) if isinstance(value, (int, float)) else 0

    def count(self, name: str) -> None:
        """Count one more of something."""
        with self.change() as books:
            books.execute(
                "INSERT INTO counts VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET count = count + 1", (name,)
            )

    def switch(self, name: str, default: str) -> str:
        """How something stands."""
        found = self.rows("SELECT value FROM switches WHERE name = ?", (name,))
        return str(found[0][0]) if found else default

    def set_switch(self, name: str, value: str) -> None:
        """Set how something stands."""
        with self.change() as books:
            books.execute("INSERT OR REPLACE INTO switches VALUES (?, ?)", (name, value))

    # ---- what has come in ----

    def body(self, kind: str, content_hash: str) -> Path:
        """Where the bytes of something received lie."""
        return self.folder / f"{kind}s" / content_hash[:2] / content_hash

    def partial(self, content_hash: str) -> Path:
        """Where the bytes of something begun lie."""
        return self.folder / "begun" / content_hash

    def receipt(self, kind: str, content_hash: str) -> Receipt | None:
        """The receipt of something, if it was received."""
        found = self.rows(
            "SELECT received_at, number FROM received WHERE kind = ? AND content_hash = ?",
            (kind, content_hash),
        )
        return Receipt(kind, content_hash, str(found[0][0]), int(str(found[0][1]))) if found else None

    def receive(self, arrival: Arrival, at: str, due: float | None) -> tuple[Receipt, bool]:
        """Keep something; return its receipt, and whether it came for the first time.

        What came before keeps its receipt, its number and its moment: that is what makes a PUT idempotent.
        """
        key = (arrival.kind, arrival.content_hash)
        with self.change() as books:
            books.execute(
                "INSERT OR IGNORE INTO senders VALUES (?, ?)", (arrival.content_hash, arrival.station)
            )
            changed = books.execute(
                "UPDATE received SET arrivals = arrivals + 1 WHERE kind = ? AND content_hash = ?", key
            )
            first = changed.rowcount == 0
            if first:
                books.execute(
                    "INSERT INTO received (kind, content_hash, received_at, record, size, arrivals, channel,"
                    " nik, digest, key, due) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)",
                    (*key, at, arrival.record, arrival.size, arrival.channel, *arrival.content(), due),
                )
        receipt = self.receipt(*key)
        if receipt is None:
            raise LookupError("what was just received is not there")
        return receipt, first

    def say(self, books: sqlite3.Connection, record: str, digest: str | None, status: str, at: str) -> None:
        """Say a record's status to every station that has sent it."""
        books.execute(
            "INSERT INTO statuses (station, record, digest, status, at) SELECT DISTINCT station, ?, ?, ?, ?"
            " FROM senders JOIN received USING (content_hash) WHERE record = ? AND kind = 'record'",
            (record, digest, status, at, record),
        )

    def say_last(self, books: sqlite3.Connection, station: str, record: str) -> None:
        """Say a record's last status to a station that has sent it later than another, and never heard it."""
        books.execute(
            "INSERT INTO statuses (station, record, digest, status, at) SELECT ?, record, digest, status, at"
            " FROM statuses WHERE record = ? AND NOT EXISTS"
            " (SELECT 1 FROM statuses WHERE station = ? AND record = ?) ORDER BY sequence DESC LIMIT 1",
            (station, record, station, record),
        )

    def summary(self) -> dict[str, object]:
        """What the admin port tells."""
        return {
            "records": self.number_of("SELECT COUNT(*) FROM received WHERE kind = 'record'"),
            "messages": self.number_of("SELECT COUNT(*) FROM received WHERE kind = 'message'"),
            "arrivals": self.number_of("SELECT COALESCE(SUM(arrivals), 0) FROM received"),
            "by_channel": _pairs(self.rows("SELECT channel, COUNT(*) FROM received GROUP BY channel")),
            "statuses": self.number_of("SELECT COUNT(*) FROM statuses"),
            "publications": self.number_of("SELECT COUNT(*) FROM publications"),
            "counts": _pairs(self.rows("SELECT name, count FROM counts ORDER BY name")),
            "switches": _pairs(self.rows("SELECT name, value FROM switches ORDER BY name")),
            "undecided": self.number_of("SELECT COUNT(*) FROM received WHERE due IS NOT NULL"),
        }

    def close(self) -> None:
        """Close the books."""
        with self._lock:
            self._books.close()


def _pairs(rows: list[tuple[Value, ...]]) -> dict[str, Value]:
    return {str(name): value for name, value in rows}
