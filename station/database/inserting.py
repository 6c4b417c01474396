"""Inserting many rows at once."""

from collections.abc import Mapping, Sequence

from station.database.engine import Transaction

Plain = str | int | bytes | None


def insert_many(
    transaction: Transaction, table: str, rows: Sequence[Mapping[str, Plain]], conflict: str = ""
) -> None:
    """Insert rows that all have the same columns in the same order; none is fine too.

    Below SQLAlchemy's own way of doing it, which prepares every value of every row in Python: a third of the
    time that a batch of records takes in the database (bench group `records`).

    Args:
        transaction: the caller's.
        table: its name.
        rows: column -> value, as the database has them.
        conflict: what to do with a row that is there already, such as `ON CONFLICT … DO UPDATE …`.
    """
    if not rows:
        return
    columns = ", ".join(f'"{name}"' for name in rows[0])
    places = ", ".join("?" * len(rows[0]))
    statement = f'INSERT INTO "{table}" ({columns}) VALUES ({places}) {conflict}'
    transaction.exec_driver_sql(statement, [tuple(row.values()) for row in rows])
