"""One delivery: something that goes to the centre, and how far it has come."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from station.centre.documents import Kind


class DeliveryState(StrEnum):
    """How far a delivery is. Only a receipt that matches makes it RECEIVED; UNKNOWN is asked about first."""

    WAITING = "waiting"
    UNKNOWN = "unknown"
    RECEIVED = "received"
    REFUSED = "refused"


class Channel(StrEnum):
    """The way by which the receipt came."""

    WIRE = "wire"
    DISK = "disk"


@dataclass(frozen=True)
class Delivery:
    """A row of the outbox.

    Attributes:
        record: of a record, its id. outbox: of a message, its row.
        reason: why it is unknown or refused, a code of the catalogue or of the centre.
        tries: failures so far.
        carried_in: the bundle that carries it by hand, by the hash of its manifest.
    """

    id: int
    kind: Kind
    content_hash: str
    record: str | None
    outbox: int | None
    size: int
    queued_at: str
    state: DeliveryState
    reason: str | None
    tries: int
    channel: Channel | None
    receipt_number: int | None
    receipt_at: str | None
    carried_in: str | None


class DeliveriesReceived(BaseModel):
    """Payload: receipts of the centre, of one batch. `receipts_sha256` is over their hashes and numbers."""

    model_config = ConfigDict(frozen=True)

    count: int
    channel: Channel
    receipts_sha256: str


class DeliveryRefused(BaseModel):
    """Payload: one thing that is set aside, and why."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    content_hash: str
    record: str | None
    reason: str


class DeliveriesRetried(BaseModel):
    """Payload: how many that were set aside go out again."""

    model_config = ConfigDict(frozen=True)

    count: int
    reason: str


class StatusesHeard(BaseModel):
    """Payload: a page of statuses; each stands in `centre_statuses`."""

    model_config = ConfigDict(frozen=True)

    count: int
    channel: Channel
    statuses_sha256: str


class ParcelTaken(BaseModel):
    """Payload: a published bundle, and what became of it."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    records: int
    accepted: int
    duplicates: int
    set_aside: int
    reason: str | None = None


class BundleCarried(BaseModel):
    """Payload: a bundle that lies on a disk for the centre, by the hash of its manifest."""

    model_config = ConfigDict(frozen=True)

    bundle: str
    count: int


class Paused(BaseModel):
    """Payload: why sending stops."""

    model_config = ConfigDict(frozen=True)

    reason: str


@dataclass(frozen=True)
class Backlog:
    """What waits, in figures.

    Attributes:
        refused: by reason.
        bytes_left: of what is open. oldest: when the oldest of it was queued; None when nothing waits.
        by_disk: received by disk. on_disks: open, and on a disk that is on its way.
    """

    waiting: int
    unknown: int
    received: int
    refused: dict[str, int]
    bytes_left: int
    oldest: str | None
    by_disk: int
    on_disks: int

    @property
    def left(self) -> int:
        """What the centre has no receipt for, and may still take."""
        return self.waiting + self.unknown
