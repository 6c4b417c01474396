"""People as rows: name, role and, where two must sign, a PIN."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, insert, select, update

from station.database.engine import Transaction
from station.database.tables import staff
from station.errors import Refused
from station.journal.store import Journal

MOST_FAILURES = 5


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


class PinEvent(BaseModel):
    """What happened to somebody's PIN; never the PIN.

    Attributes:
        hash_sha256: SHA-256 of the salted hash that was set, so that a replaced one is found; the salt is not
            in the journal, so it gives no PIN away. Empty in rows of older programs.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    failures: int = 0
    hash_sha256: str = ""


@dataclass(frozen=True)
class PinState:
    """A member of staff's PIN: its hash if there is one, and wrong tries since the last right one."""

    member: StaffMember
    pin_hash: str | None
    failures: int

    @property
    def is_locked(self) -> bool:
        """Too many wrong tries: a supervisor must unlock it."""
        return self.failures >= MOST_FAILURES


def add(transaction: Transaction, journal: Journal, member: StaffMember) -> None:
    """Add a member of staff, who cannot sign yet.

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
    return [state.member for state in pin_states(transaction)]


def pin_states(transaction: Transaction) -> list[PinState]:
    """All members of staff with the state of their PINs, by name."""
    return [
        PinState(StaffMember(name=row.name, role=Role(row.role)), row.pin_hash, row.pin_failures)
        for row in transaction.execute(select(staff).order_by(staff.c.name))
    ]


def pin_state(transaction: Transaction, name: str) -> PinState:
    """The state of somebody's PIN.

    Raises:
        Refused: STAFF_UNKNOWN.
    """
    for state in pin_states(transaction):
        if state.member.name == name:
            return state
    raise Refused("STAFF_UNKNOWN", name=name)


def set_pin(
    transaction: Transaction, journal: Journal, name: str, pin_hash: str, signed_by: str | None
) -> None:
    """Give somebody a new PIN; wrong tries at the old one are forgotten."""
    event = PinEvent(name=name, hash_sha256=digest_of(pin_hash))
    journal.event(transaction, "pin_set", event, signed_by=signed_by)
    transaction.execute(update(staff).where(staff.c.name == name).values(pin_hash=pin_hash, pin_failures=0))


def forget_pin(transaction: Transaction, journal: Journal, name: str) -> None:
    """Forget a PIN that was changed after the backup that was restored: the old one must not count again."""
    journal.event(transaction, "pin_forgotten", PinEvent(name=name))
    put_no_pin(transaction, name)


def put_no_pin(transaction: Transaction, name: str) -> None:
    """Take somebody's PIN out of the table."""
    transaction.execute(update(staff).where(staff.c.name == name).values(pin_hash=None, pin_failures=0))


def digest_of(pin_hash: str) -> str:
    """What the journal keeps of a PIN's salted hash."""
    return hashlib.sha256(pin_hash.encode()).hexdigest()


def count_failure(transaction: Transaction, journal: Journal, name: str) -> int:
    """Count one wrong PIN; return how many there are now."""
    failures = int(
        transaction.execute(
            update(staff)
            .where(staff.c.name == name)
            .values(pin_failures=staff.c.pin_failures + 1)
            .returning(staff.c.pin_failures)
        ).scalar_one()
    )
    event = PinEvent(name=name, failures=failures)
    journal.event(transaction, "pin_locked" if failures >= MOST_FAILURES else "pin_wrong", event)
    return failures


def forget_failures(transaction: Transaction, name: str) -> None:
    """The right PIN was given: wrong tries before it no longer count."""
    transaction.execute(
        update(staff).where(staff.c.name == name, staff.c.pin_failures > 0).values(pin_failures=0)
    )


def unlock(transaction: Transaction, journal: Journal, name: str, signed_by: str) -> None:
    """Let somebody try again."""
    journal.event(transaction, "pin_unlocked", PinEvent(name=name), signed_by=signed_by)
    forget_failures(transaction, name)


def count_signing_supervisors(transaction: Transaction) -> int:
    """How many supervisors can sign: they have a PIN, and it is not locked."""
    return int(
        transaction.execute(
            select(func.count())
            .select_from(staff)
            .where(
                staff.c.role == Role.SUPERVISOR,
                staff.c.pin_hash.is_not(None),
                staff.c.pin_failures < MOST_FAILURES,
            )
        ).scalar_one()
    )


def has_supervisor_with_pin(transaction: Transaction) -> bool:
    """Whether any supervisor has a PIN, locked or not: from then on the station has an owner."""
    return any(
        state.member.role is Role.SUPERVISOR and state.pin_hash is not None
        for state in pin_states(transaction)
    )
