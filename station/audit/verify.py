"""Verifying the journal: every row, every head, the anchor file, and the tables that it describes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from station.audit import store
from station.audit.fault import Fault, FaultKind
from station.audit.head import Head, signed_bytes
from station.audit.heads import HeadKey, read_anchor
from station.audit.tables import ReadTable, TableAudit
from station.database import Database
from station.journal import JournalRow
from station.journal.store import stored_rows


@dataclass
class AuditReport:
    """What was verified: rows, heads, and how many rows stand behind the last signed head."""

    rows: int = 0
    heads: int = 0
    unsigned: int = 0
    last_hash: str = ""
    faults: list[Fault] = field(default_factory=list)


class Audit:
    """Walks a journal once."""

    def __init__(self, key: HeadKey) -> None:
        self._key = key
        self.report = AuditReport()
        self._hashes: dict[int, str] = {}
        self._tables = TableAudit()

    def walk(self, rows: Iterable[tuple[JournalRow, str]]) -> None:
        """Check every row against the one before it and against its own hash."""
        previous, expected = "", 1
        for row, stored in rows:
            if row.sequence != expected:
                self._fault(FaultKind.ROW_MISSING, expected)
                expected = row.sequence
            elif row.previous_hash != previous:
                self._fault(FaultKind.CHAIN_BROKEN, row.sequence)
            if row.hash != stored:
                self._fault(FaultKind.ROW_CHANGED, row.sequence)
            self._hashes[row.sequence] = stored
            self._tables.take(row)
            previous, expected = stored, expected + 1
        self.report.rows, self.report.last_hash = len(self._hashes), previous

    def check_heads(self, heads: Iterable[Head]) -> None:
        """Check signed heads, wherever they were kept, against the rows."""
        for head in heads:
            self.report.heads += 1
            if not is_signed(self._key, head):
                self._fault(FaultKind.HEAD_UNSIGNED, head.sequence)
            self.check_hash(head.sequence, head.hash)

    def check_hash(self, sequence: int, row_hash: str) -> None:
        """Check that a row has a hash that was noted elsewhere, on paper for example."""
        if sequence not in self._hashes:
            self._fault(FaultKind.ROW_MISSING, sequence)
        elif self._hashes[sequence] != row_hash:
            self._fault(FaultKind.HEAD_DIFFERS, sequence)

    def check_tables(self, read: ReadTable) -> None:
        """Check that the tables beside the journal say what it says, row by row, and add up."""
        for fault in self._tables.faults(read):
            self._fault(fault.kind, fault.row)

    def _fault(self, kind: FaultKind, row: int) -> None:
        fault = Fault(kind, row)
        if fault not in self.report.faults:
            self.report.faults.append(fault)


def is_signed(key: HeadKey, head: Head) -> bool:
    """Tell whether a head's signature is of this key; nonsense is not."""
    try:
        signature = bytes.fromhex(head.signature)
    except ValueError:
        return False
    return key.verify(signed_bytes(head.sequence, head.hash), signature)


def verify(
    database: Database, key: HeadKey, anchor: Path, noted: tuple[int, str] | None = None
) -> AuditReport:
    """Verify everything that can be verified without leaving the office.

    Args:
        database: the station's.
        key: the key of the heads.
        anchor: file with the heads that were signed.
        noted: a row's number and hash from elsewhere, such as last month's statement.
    """
    audit = Audit(key)
    with database.reading() as transaction:
        audit.walk(stored_rows(transaction))
        stored = list(_heads(transaction_heads=store.heads(transaction)))
        audit.check_heads(stored)
        audit.check_tables(partial(store.table_rows, transaction))
    anchored, unreadable = read_anchor(anchor)
    audit.check_heads(head for head in anchored if head not in stored)
    if unreadable:
        audit.report.faults.append(Fault(FaultKind.ANCHOR_DAMAGED, 0))
    if noted is not None:
        audit.check_hash(*noted)
    last = max((head.sequence for head in stored), default=0)
    audit.report.unsigned = max(audit.report.rows - last, 0)
    return audit.report


def _heads(transaction_heads: Iterable[tuple[int, str, str, str]]) -> Iterator[Head]:
    for sequence, row_hash, signature, signed_at in transaction_heads:
        yield Head(sequence=sequence, hash=row_hash, signature=signature, signed_at=signed_at)
