"""Operations on the trail of one person's data."""

from pydantic import BaseModel, ConfigDict

from station.clock import timestamp
from station.errors import Refused
from station.journal.store import Place
from station.office import Office
from station.records.nik import require_no_nik
from station.service.operations import Done
from station.staff import store as staff
from station.trail.trail import Trail, trail_of


class NoteTrail(BaseModel):
    """Write down that somebody has asked for the trail of a person (HMAC of the NIK), and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: str
    by: str
    reason: str


class TrailExported(BaseModel):
    """Payload: why the trail of a person was written."""

    model_config = ConfigDict(frozen=True)

    reason: str


def note_trail(office: Office, request: NoteTrail) -> Done:
    """Write it into the journal, before anything is shown."""
    if not request.reason.strip():
        raise Refused("REASON_MISSING")
    require_no_nik(request.reason)
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        payload = TrailExported(reason=request.reason.strip())
        place = Place(person=request.person)
        office.journal.event(transaction, "trail_exported", payload, place, signed_by=request.by)
    return Done()


def make_trail(office: Office, person: str) -> Trail:
    """Collect the trail of a person: one look, nothing is changed."""
    with office.database.reading() as transaction:
        return trail_of(transaction, person, timestamp(office.clock.now()))
