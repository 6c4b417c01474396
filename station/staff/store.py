"""People as rows: name, role and, where two must sign, a PIN."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import insert, select

from station.database.engine import Transaction
from station.database.tables import staff
from station.errors import Refused
from station.journal.store import Journal


class Role(StrEnum):
    """What a member of staff may do."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    TECHNICIAN = "technician"


class StaffMember(BaseModel):
    """One member of staff."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: Role


def add(transaction: Transaction, journal: Journal, member: StaffMember) -> None:
    """Add a member of staff.

    Raises:
        Refused: STAFF_KNOWN.
    """
    if find(transaction, member.name):
        raise Refused("STAFF_KNOWN", name=member.name)
    journal.event(transaction, "staff_added", member)
    transaction.execute(insert(staff).values(name=member.name, role=member.role))


def find(transaction: Transaction, name: str) -> StaffMember | None:
    """Find somebody by name."""
    found = transaction.execute(select(staff.c.name, staff.c.role).where(staff.c.name == name)).first()
    return StaffMember(name=found.name, role=Role(found.role)) if found else None


def require(transaction: Transaction, name: str) -> StaffMember:
    """Find somebody by name, or refuse.

    Raises:
        Refused: STAFF_UNKNOWN.
    """
    member = find(transaction, name)
    if member is None:
        raise Refused("STAFF_UNKNOWN", name=name)
    return member


def everybody(transaction: Transaction) -> list[StaffMember]:
    """All members of staff, by name."""
    return [
        StaffMember(name=row.name, role=Role(row.role))
        for row in transaction.execute(select(staff.c.name, staff.c.role).order_by(staff.c.name))
    ]
