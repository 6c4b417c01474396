"""What the database knows of a record that is to be printed."""

from dataclasses import dataclass

from sqlalchemy import select

from station.database.engine import Transaction
from station.database.tables import centre_statuses, held_records

FROM_CENTRE = "centre:"  # how `held_records.origin` begins when the bundle was the centre's


@dataclass(frozen=True)
class Said:
    """What the centre said last of a record. `digest` is over the four files that it said it of."""

    status: str
    digest: str
    at: str


def said_of(transaction: Transaction, record: str) -> Said | None:
    """What the centre has said of a record, by wire or by disk."""
    row = transaction.execute(select(centre_statuses).where(centre_statuses.c.record == record)).first()
    return Said(row.status, row.digest, row.at) if row else None


def came_from_centre(transaction: Transaction, record: str, digest: str) -> bool:
    """Whether these very files came in a bundle that the centre has signed."""
    row = transaction.execute(
        select(held_records.c.origin, held_records.c.record_sha256).where(held_records.c.record == record)
    ).first()
    return bool(row and row.origin.startswith(FROM_CENTRE) and row.record_sha256 == digest)


def erased_at(transaction: Transaction, record: str) -> str | None:
    """When a held record was erased; None when it was not, or was never held."""
    found = transaction.execute(
        select(held_records.c.erased_at).where(held_records.c.record == record)
    ).scalar()
    return str(found) if found else None
