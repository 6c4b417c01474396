"""Heads in the database, and the ledger's rows beside the journal's."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.dialects.sqlite import insert

from station.audit.head import Head
from station.blanks.ledger import BlankMove
from station.database.engine import Transaction
from station.database.tables import blank_accounts, blank_moves, journal, journal_heads


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


@dataclass(frozen=True)
class BookedMove:
    """One row of the ledger with the journal row that it belongs to."""

    journal: int
    values: dict[str, object]


def moves(transaction: Transaction) -> Iterator[BookedMove]:
    """Read every move of the ledger."""
    names = tuple(BlankMove.model_fields)
    for row in transaction.execute(select(blank_moves).order_by(blank_moves.c.id)):
        values = {name: row._mapping[name] for name in names}  # noqa: SLF001 # the documented public mapping
        yield BookedMove(row.journal, values)


def account_balances(transaction: Transaction) -> dict[tuple[str, str], int]:
    """Read the cached balances by account and lane."""
    return {(row.account, row.lane): row.balance for row in transaction.execute(select(blank_accounts))}
