"""Operations on the exchange with the centre: pause, retry, and what a carried disk brings."""

from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from station.centre import store as centre
from station.centre.deliveries import Paused
from station.errors import Refused, StationError
from station.exchange.answers import Answers, Received
from station.exchange.assembling import centre_identity, require_settings, take_in
from station.exchange.witness import Witness
from station.intake.importing import FileResult
from station.office import Office
from station.service.operations import Done, ErrorReport
from station.staff import store as staff

AT_ONCE = 200  # records of a bundle that are taken in by one call: the asking command waits so long


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PauseCentre(_Model):
    """Stop sending and hearing until somebody lets it go on."""

    by: str
    reason: str


class ResumeCentre(_Model):
    """Let it go on."""

    by: str


class RetryDeliveries(_Model):
    """Send again what was set aside: one record by its id or content hash, or all."""

    name: str | None
    by: str
    reason: str


class Retried(_Model):
    """How many go out again."""

    count: int


class RingCentre(_Model):
    """Have the running station make a round at once."""


class NoteCarried(_Model):
    """A bundle that lies whole on a disk carries these."""

    bundle: str
    content_hashes: tuple[str, ...]


class ReceiveFile(_Model):
    """Take one file of a carried disk in."""

    file: Path


class ReceivedFile(_Model):
    """What a file has brought. One that is not finished is to be given again."""

    finished: bool
    receipts: int
    repeated: int
    wrong: dict[str, int]
    statuses: int
    refusals: int
    faults: dict[str, ErrorReport]
    accepted: int
    duplicates: int
    set_aside: int

    @classmethod
    def nothing(cls) -> "ReceivedFile":
        """What no file has brought."""
        return cls(
            finished=True,
            receipts=0,
            repeated=0,
            wrong={},
            statuses=0,
            refusals=0,
            faults={},
            accepted=0,
            duplicates=0,
            set_aside=0,
        )

    def plus(self, other: "ReceivedFile") -> "ReceivedFile":
        """Both together."""
        reasons = {*self.wrong, *other.wrong}
        return ReceivedFile(
            finished=other.finished,
            receipts=self.receipts + other.receipts,
            repeated=self.repeated + other.repeated,
            wrong={one: self.wrong.get(one, 0) + other.wrong.get(one, 0) for one in reasons},
            statuses=self.statuses + other.statuses,
            refusals=self.refusals + other.refusals,
            faults={**self.faults, **other.faults},
            accepted=self.accepted + other.accepted,
            duplicates=self.duplicates + other.duplicates,
            set_aside=self.set_aside + other.set_aside,
        )


def pause_centre(office: Office, request: PauseCentre) -> Done:
    """Stop sending and hearing."""
    if not request.reason.strip():
        raise Refused("REASON_MISSING")
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        centre.set_mark(transaction, centre.PAUSED, request.reason.strip())
        payload = Paused(reason=request.reason.strip())
        office.journal.event(transaction, "centre_paused", payload, signed_by=request.by)
    return Done()


def resume_centre(office: Office, request: ResumeCentre) -> Done:
    """Let sending and hearing go on."""
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        if not centre.mark(transaction, centre.PAUSED):
            raise Refused("CENTRE_NOT_PAUSED")
        centre.set_mark(transaction, centre.PAUSED, "")
        office.journal.event(transaction, "centre_resumed", None, signed_by=request.by)
    office.centre_bell.ring()
    return Done()


def retry_deliveries(office: Office, request: RetryDeliveries) -> Retried:
    """Send again what was set aside."""
    if not request.reason.strip():
        raise Refused("REASON_MISSING")
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        count = centre.retry(transaction, office.journal, request.name, request.by, request.reason.strip())
        if request.name is not None and not count:
            raise Refused("DELIVERY_UNKNOWN", name=request.name)
    office.centre_bell.ring()
    return Retried(count=count)


def ring_centre(office: Office, request: RingCentre) -> Done:
    """Have the running station make a round at once."""
    office.centre_bell.ring()
    return Done()


def note_carried(office: Office, request: NoteCarried) -> Done:
    """Note what a bundle on a disk carries."""
    with office.database.transaction() as transaction:
        centre.note_carried(transaction, office.clock, office.journal, request.bundle, request.content_hashes)
    return Done()


def receive_file(office: Office, request: ReceiveFile) -> ReceivedFile:
    """Take one file of a carried disk in."""
    done = Received()
    finished = answers_of(office).receive_file(request.file, done)
    return ReceivedFile(
        finished=finished,
        receipts=done.receipts,
        repeated=done.repeated,
        wrong=done.wrong,
        statuses=done.statuses,
        refusals=done.refusals,
        faults={name: ErrorReport.of(error) for name, error in _faults(done)},
        accepted=sum(one.accepted for one in done.results),
        duplicates=sum(one.duplicates for one in done.results),
        set_aside=sum(len(one.set_aside) for one in done.results),
    )


def _faults(done: Received) -> list[tuple[str, StationError]]:
    bundles = [(one.path.name, one.fault) for one in done.results if one.fault is not None]
    return [*done.faults, *bundles]


def answers_of(office: Office) -> Answers:
    """Takes in what a carried disk brings."""
    return Answers(
        office.database,
        office.journal,
        office.clock,
        centre_identity(office.settings),
        require_settings(office.settings).station,
        Witness(office.database, office.journal, office.clock),
        _importer(office),
    )


def _importer(office: Office) -> Callable[[Path], FileResult]:
    return lambda file: take_in(office.bundle_import(), file, AT_ONCE)
