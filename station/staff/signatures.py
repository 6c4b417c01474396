"""Signing with a PIN: whose it is, and whether the two that must sign may.

The PIN is compared outside the transaction that books: scrypt takes its time, and a lane must not wait for
the database meanwhile. A wrong PIN is counted in a transaction of its own, so that the refusal does not
undo it.
"""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from station.database import Database
from station.errors import Refused
from station.journal.store import Journal
from station.staff import pins, store
from station.staff.store import MOST_FAILURES, Role, StaffMember


class Signature(BaseModel):
    """Somebody's name and PIN. It crosses the control socket, and is written nowhere."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str
    pin: str = Field(repr=False)


def confirm(database: Database, journal: Journal, signature: Signature) -> StaffMember:
    """Check one signature.

    Raises:
        Refused: STAFF_UNKNOWN, PIN_NOT_SET, PIN_LOCKED, PIN_WRONG.
    """
    with database.reading() as transaction:
        state = store.pin_state(transaction, signature.name)
    if state.pin_hash is None:
        raise Refused("PIN_NOT_SET", name=signature.name)
    if state.is_locked:
        raise Refused("PIN_LOCKED", name=signature.name)
    right = pins.matches(signature.pin, state.pin_hash)
    if right and not state.failures:
        return state.member
    with database.transaction() as transaction:
        if right:
            store.forget_failures(transaction, signature.name)
            return state.member
        failures = store.count_failure(transaction, journal, signature.name)
    if failures >= MOST_FAILURES:
        raise Refused("PIN_LOCKED", name=signature.name)
    raise Refused("PIN_WRONG", name=signature.name, left=MOST_FAILURES - failures)


def confirm_two(
    database: Database, journal: Journal, signatures: Sequence[Signature], *, supervised: bool = True
) -> tuple[str, str]:
    """Check that two different people have signed, one of them a supervisor; return their names.

    Raises:
        Refused: SIGNATURES_NEEDED, SUPERVISOR_NEEDED, and what `confirm` raises.
    """
    names = [signature.name for signature in signatures]
    if len(names) != 2 or names[0] == names[1]:
        raise Refused("SIGNATURES_NEEDED")
    with database.reading() as transaction:
        roles = [store.require(transaction, name).role for name in names]
    if supervised and Role.SUPERVISOR not in roles:
        raise Refused("SUPERVISOR_NEEDED")
    for signature in signatures:
        confirm(database, journal, signature)
    return names[0], names[1]
