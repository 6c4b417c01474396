"""What backups read and write in the database: how far segments go, when something was last done."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert

from station.audit.head import Head
from station.backup.manifest import SegmentStore
from station.clock import Clock, timestamp
from station.database.engine import Transaction
from station.database.letter_tables import letters
from station.database.tables import held_records, journal, journal_heads, last_times, set_aside

SegmentKey = tuple[SegmentStore, int]


@dataclass(frozen=True)
class LastTime:
    """When something was last done, the journal row that says so, and one word on it."""

    at: str
    journal: int
    detail: str


def last_time(transaction: Transaction, name: str) -> LastTime | None:
    """When something of this name was last done, if ever."""
    row = transaction.execute(select(last_times).where(last_times.c.name == name)).first()
    return LastTime(row.at, row.journal, row.detail) if row else None


def note_time(transaction: Transaction, clock: Clock, name: str, row: int, detail: str) -> None:
    """Note that something was done just now."""
    put_time(transaction, name, LastTime(timestamp(clock.now()), row, detail))


def put_time(transaction: Transaction, name: str, last: LastTime) -> None:
    """Note when something was last done."""
    values = {"journal": last.journal, "at": last.at, "detail": last.detail}
    transaction.execute(
        insert(last_times)
        .values(name=name, **values)
        .on_conflict_do_update(index_elements=["name"], set_=values)
    )


def segment_ends(transaction: Transaction) -> dict[SegmentKey, int]:
    """How far each segment must be copied: to the end of the last record that the database names in it.

    Segments in which nothing has a key any more are left out: nobody can read them.
    """
    ends: dict[SegmentKey, int] = {}
    stores = (
        (SegmentStore.VAULT, held_records),
        (SegmentStore.ASIDE, set_aside),
        (SegmentStore.LETTERS, letters),
    )
    for name, table in stores:
        columns = table.c
        last = func.max(columns.offset + columns.length)
        found = select(columns.segment, last, func.count(columns.wrapped_key)).group_by(columns.segment)
        for segment, end, keys in transaction.execute(found):
            if segment is not None and keys:
                ends[name, segment] = end
    return ends


def last_row(transaction: Transaction) -> tuple[int, str]:
    """Sequence and hash of the journal's last row; 0 and nothing where there is none."""
    row = transaction.execute(
        select(journal.c.sequence, journal.c.hash).order_by(journal.c.sequence.desc()).limit(1)
    ).first()
    return (int(row.sequence), str(row.hash)) if row else (0, "")


def has_row(transaction: Transaction, sequence: int, row_hash: str) -> bool:
    """Whether this journal is a continuation of the one that ends with this row."""
    found = transaction.execute(select(journal.c.hash).where(journal.c.sequence == sequence)).scalar()
    return found == row_hash if sequence else True


def heads_after(transaction: Transaction, sequence: int) -> list[Head]:
    """The signed heads after a row, oldest first."""
    rows = transaction.execute(
        select(journal_heads).where(journal_heads.c.sequence > sequence).order_by(journal_heads.c.sequence)
    )
    return [Head(**row._mapping) for row in rows]  # noqa: SLF001 # the documented public mapping
