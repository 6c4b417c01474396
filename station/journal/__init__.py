"""What we know has happened: append-only, hash-chained rows."""

from station.journal.rows import JournalRow, Outcome, RowKind
from station.journal.store import Journal

__all__ = ["Journal", "JournalRow", "Outcome", "RowKind"]
