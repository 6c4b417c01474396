"""One delivery: something that goes to the centre, and how far it has come."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from station.centre.documents import Cursor, Kind, Parcel, Receipt, RecordStatus

MOST_TOLD: Final = 200  # of what one journal row tells one by one: 60 kB at most


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
    """Payload: receipts of the centre, of one batch. `receipts_sha256` is over their hashes and numbers.

    `receipts` is empty in rows of older programs.
    """

    model_config = ConfigDict(frozen=True)

    count: int
    channel: Channel
    receipts_sha256: str
    receipts: tuple[Receipt, ...] = ()

    @classmethod
    def of(cls, receipts: Sequence[Receipt], channel: Channel) -> "DeliveriesReceived":
        """The payload for these receipts, `MOST_TOLD` at most."""
        lines = "".join(f"{one.content_hash} {one.number}\n" for one in receipts)
        digest = hashlib.sha256(lines.encode()).hexdigest()
        return cls(count=len(receipts), channel=channel, receipts_sha256=digest, receipts=tuple(receipts))


class DeliveryRefused(BaseModel):
    """Payload: one thing that is set aside, and why."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    content_hash: str
    record: str | None
    reason: str


class DeliveriesRetried(BaseModel):
    """Payload: what was set aside and goes out again.

    `content_hashes` is None in rows of older programs, which told the count alone.
    """

    model_config = ConfigDict(frozen=True)

    count: int
    reason: str
    content_hashes: tuple[str, ...] | None = None


class StatusesHeard(BaseModel):
    """Payload: statuses of the centre, in the order in which it said them.

    Attributes:
        heard_at: as `centre_statuses` keeps it.
        statuses: each of them; empty in rows of older programs, which told the digest alone.
        older: positions of those that were passed over, because a later word was known already.
        cursor: how far the pull has come with them; None when it has not, as by disk.
    """

    model_config = ConfigDict(frozen=True)

    count: int
    channel: Channel
    statuses_sha256: str
    heard_at: str = ""
    statuses: tuple[RecordStatus, ...] = ()
    older: tuple[int, ...] = ()
    cursor: Cursor | None = None

    @classmethod
    def of(
        cls,
        statuses: Sequence[RecordStatus],
        channel: Channel,
        heard_at: str,
        older: Sequence[int],
        cursor: str | None,
    ) -> "StatusesHeard":
        """The payload for these statuses, `MOST_TOLD` at most."""
        lines = "".join(f"{one.record} {one.digest} {one.status} {one.at}\n" for one in statuses)
        return cls(
            count=len(statuses),
            channel=channel,
            statuses_sha256=hashlib.sha256(lines.encode()).hexdigest(),
            heard_at=heard_at,
            statuses=tuple(statuses),
            older=tuple(older),
            cursor=cursor,
        )


class ParcelsAnnounced(BaseModel):
    """Payload: bundles that the centre has published, and how far the pull has come with them."""

    model_config = ConfigDict(frozen=True)

    parcels: tuple[Parcel, ...]
    cursor: Cursor


class CursorForgotten(BaseModel):
    """Payload: a pull that begins again, because the centre does not know its cursor any more."""

    model_config = ConfigDict(frozen=True)

    name: str


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
    """Payload: a bundle that lies on a disk for the centre, by the hash of its manifest, and what it carries.

    `content_hashes` is empty in rows of older programs.
    """

    model_config = ConfigDict(frozen=True)

    bundle: str
    count: int
    content_hashes: tuple[str, ...] = ()


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
