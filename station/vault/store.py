"""Held records and their search tokens in the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, delete, func, select, update

from station.database.engine import Transaction
from station.database.inserting import insert_many
from station.database.tables import held_records, record_tokens
from station.vault.segments import SegmentPlace


@dataclass(frozen=True)
class HeldRecord:
    """A record that the station holds, or has held: an erased one stays as proof.

    Attributes:
        person: HMAC of the NIK, hexadecimal.
        content_hash: SHA-256 of the sealed bytes.
        record_sha256: over the four files, as a job pins it.
        wrapped_key: the record's key under the master key; None when it is erased.
        origin: where it came from, in the words of who took it in; never personal.
        local_status: the status that the record came with, or that the station has given it.
        centre_status, centre_status_at: what the centre said last, and when.
    """

    record: str
    person: str
    issue: int
    content_hash: str
    record_sha256: str
    place: SegmentPlace
    wrapped_key: bytes | None = field(repr=False)
    received_at: str
    origin: str
    local_status: str
    centre_status: str | None
    centre_status_at: str | None
    erased_at: str | None

    @property
    def status(self) -> str:
        """What counts for the gate: the centre's word, and until there is one, the record's own."""
        return self.centre_status or self.local_status


def insert_record(transaction: Transaction, held: HeldRecord, tokens: Iterable[bytes]) -> None:
    """Add a record with its search tokens; the database refuses a second one with its id or content hash."""
    insert_records(transaction, [(held, tokens)])


def insert_records(transaction: Transaction, records: Sequence[tuple[HeldRecord, Iterable[bytes]]]) -> None:
    """Add many records, as `insert_record` adds one."""
    insert_many(
        transaction,
        held_records.name,
        [
            {
                "record": held.record,
                "person": held.person,
                "issue": held.issue,
                "content_hash": held.content_hash,
                "record_sha256": held.record_sha256,
                "segment": held.place.segment,
                "offset": held.place.offset,
                "length": held.place.length,
                "wrapped_key": held.wrapped_key,
                "received_at": held.received_at,
                "origin": held.origin,
                "local_status": held.local_status,
            }
            for held, _ in records
        ],
    )
    insert_many(
        transaction,
        record_tokens.name,
        [{"token": token, "record": held.record} for held, tokens in records for token in sorted(tokens)],
    )


def among(
    transaction: Transaction, records: Sequence[str], content_hashes: Sequence[str]
) -> list[HeldRecord]:
    """The held and erased records that have one of these ids or one of these contents."""
    return _rows(
        transaction.execute(
            select(held_records).where(
                held_records.c.record.in_(records) | held_records.c.content_hash.in_(content_hashes)
            )
        ).all()
    )


def persons_among(transaction: Transaction, persons: Sequence[str]) -> set[str]:
    """Those of these people of whom a record is held."""
    return set(
        transaction.execute(
            select(held_records.c.person)
            .where(held_records.c.person.in_(persons), held_records.c.erased_at.is_(None))
            .distinct()
        ).scalars()
    )


def find(transaction: Transaction, record: str) -> HeldRecord | None:
    """Find a record by its id, an erased one too."""
    row = transaction.execute(select(held_records).where(held_records.c.record == record)).first()
    return _held(row) if row else None


def find_content(transaction: Transaction, content_hash: str) -> HeldRecord | None:
    """Find a record by its content hash, an erased one too."""
    row = transaction.execute(select(held_records).where(held_records.c.content_hash == content_hash)).first()
    return _held(row) if row else None


def of_person(transaction: Transaction, person: str) -> list[HeldRecord]:
    """All records of a person, oldest first, erased ones too."""
    return _rows(
        transaction.execute(
            select(held_records)
            .where(held_records.c.person == person)
            .order_by(held_records.c.received_at, held_records.c.record)
        ).all()
    )


def with_tokens(transaction: Transaction, tokens: Sequence[bytes], most: int) -> list[HeldRecord]:
    """The records that have every one of these tokens, oldest first."""
    matching = (
        select(record_tokens.c.record)
        .where(record_tokens.c.token.in_(tokens))
        .group_by(record_tokens.c.record)
        .having(func.count() == len(set(tokens)))
    )
    return _rows(
        transaction.execute(
            select(held_records)
            .where(held_records.c.record.in_(matching))
            .order_by(held_records.c.received_at, held_records.c.record)
            .limit(most)
        ).all()
    )


def page(
    transaction: Transaction, *, after: tuple[str, str] = ("", ""), most: int = 500, erased: bool = False
) -> list[HeldRecord]:
    """A page of records in the order in which they came in.

    Args:
        transaction: the caller's.
        after: `received_at` and `record` of the last row of the page before.
        most: rows of a page.
        erased: erased ones instead of those that can be read.
    """
    key = (held_records.c.received_at, held_records.c.record)
    gone = held_records.c.erased_at.is_not(None) if erased else held_records.c.erased_at.is_(None)
    return _rows(
        transaction.execute(
            select(held_records)
            .where(gone, (key[0] > after[0]) | ((key[0] == after[0]) & (key[1] > after[1])))
            .order_by(*key)
            .limit(most)
        ).all()
    )


def count(transaction: Transaction, *, erased: bool = False) -> int:
    """How many records can be read, or how many are erased."""
    gone = held_records.c.erased_at.is_not(None) if erased else held_records.c.erased_at.is_(None)
    return int(transaction.execute(select(func.count()).select_from(held_records).where(gone)).scalar_one())


def set_centre_status(transaction: Transaction, record: str, status: str, at: str) -> None:
    """Note what the centre says of a record, and when it said so (ISO 8601, UTC)."""
    transaction.execute(
        update(held_records)
        .where(held_records.c.record == record)
        .values(centre_status=status, centre_status_at=at)
    )


def set_local_status(transaction: Transaction, record: str, status: str) -> None:
    """Note how far the record is at this station."""
    transaction.execute(
        update(held_records).where(held_records.c.record == record).values(local_status=status)
    )


def last_place(transaction: Transaction) -> SegmentPlace | None:
    """The last place that any record has, erased ones included."""
    row = transaction.execute(
        select(held_records.c.segment, held_records.c.offset, held_records.c.length)
        .order_by(held_records.c.segment.desc(), held_records.c.offset.desc())
        .limit(1)
    ).first()
    return SegmentPlace(row.segment, row.offset, row.length) if row else None


def erase(transaction: Transaction, record: str, at: str) -> None:
    """Destroy the wrapped key and the search tokens of a record; the row stays as proof."""
    transaction.execute(delete(record_tokens).where(record_tokens.c.record == record))
    transaction.execute(
        update(held_records)
        .where(held_records.c.record == record, held_records.c.erased_at.is_(None))
        .values(wrapped_key=None, erased_at=at)
    )


def segments_with_keys(transaction: Transaction) -> set[int]:
    """The segments in which at least one record can still be read."""
    found = transaction.execute(
        select(held_records.c.segment).where(held_records.c.erased_at.is_(None)).distinct()
    )
    return {int(number) for number in found.scalars()}


def _rows(found: Sequence[Row[tuple[object, ...]]]) -> list[HeldRecord]:
    return [_held(row) for row in found]


def _held(row: Row[tuple[object, ...]]) -> HeldRecord:
    return HeldRecord(
        record=row.record,
        person=row.person,
        issue=row.issue,
        content_hash=row.content_hash,
        record_sha256=row.record_sha256,
        place=SegmentPlace(row.segment, row.offset, row.length),
        wrapped_key=row.wrapped_key,
        received_at=row.received_at,
        origin=row.origin,
        local_status=row.local_status,
        centre_status=row.centre_status,
        centre_status_at=row.centre_status_at,
        erased_at=row.erased_at,
    )
