"""Heads in the database, and the tables beside the journal."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.dialects.sqlite import insert

from station.audit.facts import TableRow
from station.audit.head import Head
from station.database.engine import Transaction
from station.database.tables import journal, journal_heads, metadata


@dataclass(frozen=True)
class LastRow:
    """The journal's last row, and whether its hash is signed."""

    sequence: int
    hash: str
    is_head: bool


def last_row(transaction: Transaction) -> LastRow | None:
    """Read the journal's last row."""
    signed = exists().where(journal_heads.c.sequence == journal.c.sequence)
    row = transaction.execute(
        select(journal.c.sequence, journal.c.hash, signed).order_by(journal.c.sequence.desc()).limit(1)
    ).first()
    return LastRow(row[0], row[1], bool(row[2])) if row else None


def insert_head(transaction: Transaction, head: Head) -> None:
    """Keep a head; a second one of the same row is no harm."""
    transaction.execute(insert(journal_heads).values(**head.model_dump()).on_conflict_do_nothing())


def heads(transaction: Transaction) -> list[tuple[int, str, str, str]]:
    """Read all heads: sequence, hash, signature, time; oldest first."""
    return [
        (row.sequence, row.hash, row.signature, row.signed_at)
        for row in transaction.execute(select(journal_heads).order_by(journal_heads.c.sequence))
    ]


def table_rows(transaction: Transaction, name: str) -> list[TableRow]:
    """Read a table, in the order of its keys: where they are numbers, that is the order of writing."""
    table = metadata.tables[name]
    found = transaction.execute(select(table).order_by(*table.primary_key.columns))
    return [dict(row) for row in found.mappings()]
