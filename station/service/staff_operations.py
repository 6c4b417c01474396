"""What changes the people: who works here, and whose PIN is what.

The rule: as long as no supervisor has a PIN, anybody may set the station up. From then on it takes a
supervisor's PIN to make somebody able to sign, or a supervisor; everybody changes his own PIN with the old
one.
"""

from pydantic import BaseModel, ConfigDict, Field

from station.errors import Refused
from station.office import Office
from station.service.operations import Done
from station.staff import pins
from station.staff import store as staff
from station.staff.signatures import Signature, confirm
from station.staff.store import Role, StaffMember


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class AddStaff(_Model):
    """Add a member of staff, with a PIN or without; `authority` is the supervisor's signature."""

    member: StaffMember
    pin: str | None = Field(default=None, repr=False)
    authority: Signature | None = None


class SetPin(_Model):
    """Give somebody a new PIN; `authority` is the person with the old one, or a supervisor."""

    name: str
    pin: str = Field(repr=False)
    authority: Signature | None = None


class UnlockPin(_Model):
    """Let somebody try again whose PIN is locked."""

    name: str
    authority: Signature


def needs_authority(office: Office) -> bool:
    """Whether a supervisor must sign for new signers: there is one who can."""
    with office.database.reading() as transaction:
        return staff.has_supervisor_with_pin(transaction)


def add_staff(office: Office, request: AddStaff) -> Done:
    """Add a member of staff."""
    if request.pin is not None:
        pins.check_form(request.pin)
    if request.pin is not None or request.member.role is Role.SUPERVISOR:
        _require_authority(office, request.authority)
    hashed = pins.hash_pin(request.pin) if request.pin is not None else None
    by = request.authority.name if request.authority else None
    with office.database.transaction() as transaction:
        staff.add(transaction, office.journal, request.member)
        if hashed is not None:
            staff.set_pin(transaction, office.journal, request.member.name, hashed, by)
    return Done()


def set_pin(office: Office, request: SetPin) -> Done:
    """Give somebody a new PIN."""
    pins.check_form(request.pin)
    with office.database.reading() as transaction:
        staff.require(transaction, request.name)
    if request.authority is not None and request.authority.name == request.name:
        confirm(office.database, office.journal, request.authority)
    else:
        _require_authority(office, request.authority)
    hashed = pins.hash_pin(request.pin)
    by = request.authority.name if request.authority else None
    with office.database.transaction() as transaction:
        staff.set_pin(transaction, office.journal, request.name, hashed, by)
    return Done()


def unlock_pin(office: Office, request: UnlockPin) -> Done:
    """Unlock a PIN, by a supervisor; by a technician where no supervisor is left who could."""
    with office.database.reading() as transaction:
        if not staff.pin_state(transaction, request.name).is_locked:
            raise Refused("PIN_NOT_LOCKED", name=request.name)
        role = staff.require(transaction, request.authority.name).role
        helpless = staff.count_signing_supervisors(transaction) == 0
    if role is not Role.SUPERVISOR and not (helpless and role is Role.TECHNICIAN):
        raise Refused("SUPERVISOR_NEEDED")
    confirm(office.database, office.journal, request.authority)
    with office.database.transaction() as transaction:
        staff.unlock(transaction, office.journal, request.name, request.authority.name)
    return Done()


def _require_authority(office: Office, authority: Signature | None) -> None:
    if authority is None:
        if needs_authority(office):
            raise Refused("SUPERVISOR_NEEDED")
        return
    with office.database.reading() as transaction:
        if staff.require(transaction, authority.name).role is not Role.SUPERVISOR:
            raise Refused("SUPERVISOR_NEEDED")
    confirm(office.database, office.journal, authority)
