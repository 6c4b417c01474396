"""Operations on batches."""

from pydantic import BaseModel, ConfigDict

from station.batches import store
from station.office import Office
from station.service.operations import Done
from station.staff import store as staff


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MakeBatch(_Model):
    """Make a batch; it takes its jobs afterwards."""

    name: str
    priority_class: str


class PauseBatch(_Model):
    """Hold the jobs of a batch back, or let them go on. A card that is begun is finished."""

    name: str
    paused: bool
    by: str


def make_batch(office: Office, request: MakeBatch) -> Done:
    """Make a batch."""
    with office.database.transaction() as transaction:
        store.add(transaction, office.clock, request.name, request.priority_class)
        office.journal.event(transaction, "batch_made", request)
    return Done()


def pause_batch(office: Office, request: PauseBatch) -> Done:
    """Pause a batch or let it go on."""
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        store.require(transaction, request.name)
        store.set_paused(transaction, request.name, paused=request.paused)
        name = "batch_paused" if request.paused else "batch_resumed"
        office.journal.event(transaction, name, request, signed_by=request.by)
    return Done()
