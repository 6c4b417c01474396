"""The outbox and what the centre has said, in the database.

A message is queued in the transaction that makes it true, a record in the one that holds it: triggers make
the `deliveries` row, so that nothing can be held and forgotten (migration 0012).
"""

import hashlib
from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, and_, bindparam, case, func, insert, or_, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from station.centre.deliveries import (
    Backlog,
    BundleCarried,
    Channel,
    DeliveriesReceived,
    DeliveriesRetried,
    Delivery,
    DeliveryRefused,
    DeliveryState,
    StatusesHeard,
)
from station.centre.documents import Kind, Parcel, Receipt, RecordStatus
from station.clock import Clock, timestamp
from station.database.engine import Transaction
from station.database.tables import (
    centre_marks,
    centre_parcels,
    centre_statuses,
    deliveries,
    held_records,
    outbox,
)
from station.journal.store import Journal

OPEN = text("deliveries.state IN ('waiting', 'unknown')")  # as in the index: bound values would not use it
BEFORE_SENDING = ("BIO_CAPTURED", "PROCESSING")
SENT = "SENT_FOR_ENROLLMENT"


class Topic(StrEnum):
    """What a message is about."""

    CARD_ISSUED = "card_issued"
    CARD_VOID = "card_void"


class CardMessage(BaseModel):
    """What the centre is told of a card. `person` is the station's HMAC; the record's id names the person."""

    model_config = ConfigDict(frozen=True)

    card: str
    record: str
    issue: int
    person: str
    cause: str | None = None


def content_digest(topic: Topic, payload: str) -> str:
    """The digest by which a message's content is known."""
    return hashlib.sha256(f"{topic}\n{payload}".encode()).hexdigest()


def queue(transaction: Transaction, clock: Clock, journal_row: int, topic: Topic, message: BaseModel) -> None:
    """Queue a message; the same content is queued only once."""
    payload = message.model_dump_json()
    transaction.execute(
        insert(outbox).values(
            journal=journal_row,
            topic=topic,
            payload=payload,
            content_sha256=content_digest(topic, payload),
            created_at=timestamp(clock.now()),
        )
    )


def waiting(transaction: Transaction) -> int:
    """How many messages have not been sent."""
    return int(
        transaction.execute(
            select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None))
        ).scalar_one()
    )


def message_bytes(transaction: Transaction, row: int) -> bytes:
    """A queued message as it is sent: topic, line feed, payload; its SHA-256 is its name."""
    found = transaction.execute(select(outbox.c.topic, outbox.c.payload).where(outbox.c.id == row)).one()
    return f"{found.topic}\n{found.payload}".encode()


# ---- what goes out ----


def due(transaction: Transaction, now: str, after: int, most: int) -> list[Delivery]:
    """The open deliveries whose time has come, oldest first, behind a row."""
    time_has_come = deliveries.c.not_before.is_(None) | (deliveries.c.not_before <= now)
    found = transaction.execute(
        select(deliveries)
        .where(OPEN, deliveries.c.id > after, time_has_come)
        .order_by(deliveries.c.id)
        .limit(most)
    ).all()
    return [_delivery(row) for row in found]


def to_carry(transaction: Transaction, kind: Kind, after: int, most: int, *, again: bool) -> list[Delivery]:
    """The open deliveries of a kind that no disk carries yet, oldest first, behind a row.

    With `again` those too that a disk carries from which no receipt came back.
    """
    chosen = and_(OPEN, deliveries.c.kind == kind, deliveries.c.id > after)
    if not again:
        chosen &= deliveries.c.carried_in.is_(None)
    found = transaction.execute(select(deliveries).where(chosen).order_by(deliveries.c.id).limit(most)).all()
    return [_delivery(row) for row in found]


def count_to_carry(transaction: Transaction) -> int:
    """How many open deliveries no disk carries yet."""
    return int(
        transaction.execute(
            select(func.count()).select_from(deliveries).where(OPEN, deliveries.c.carried_in.is_(None))
        ).scalar_one()
    )


def note_carried(
    transaction: Transaction, clock: Clock, journal: Journal, bundle: str, content_hashes: Sequence[str]
) -> None:
    """Note that a bundle on a disk carries these; only a receipt settles them."""
    at = timestamp(clock.now())
    transaction.execute(
        update(deliveries)
        .where(deliveries.c.content_hash == bindparam("name"))
        .values(carried_in=bundle, carried_at=at),
        [{"name": one} for one in content_hashes],
    )
    payload = BundleCarried(bundle=bundle, count=len(content_hashes))
    journal.event(transaction, "bundle_carried", payload)


def next_due(transaction: Transaction) -> str | None:
    """When the next open delivery may be tried; None when none is open."""
    found = transaction.execute(
        select(func.min(func.coalesce(deliveries.c.not_before, ""))).where(OPEN)
    ).scalar_one()
    return str(found) if found is not None else None


def find(transaction: Transaction, content_hash: str) -> Delivery | None:
    """Find a delivery by its content hash."""
    row = transaction.execute(select(deliveries).where(deliveries.c.content_hash == content_hash)).first()
    return _delivery(row) if row else None


def of_record(transaction: Transaction, record: str) -> Delivery | None:
    """The delivery of a record; None for one that came from the centre."""
    row = transaction.execute(select(deliveries).where(deliveries.c.record == record)).first()
    return _delivery(row) if row else None


def refused(transaction: Transaction, most: int) -> list[Delivery]:
    """Deliveries that are set aside, oldest first."""
    found = transaction.execute(
        select(deliveries)
        .where(deliveries.c.state == DeliveryState.REFUSED)
        .order_by(deliveries.c.id)
        .limit(most)
    ).all()
    return [_delivery(row) for row in found]


def backlog(transaction: Transaction) -> Backlog:
    """What waits, in figures."""
    counts = {
        str(state): int(count)
        for state, count in transaction.execute(
            select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        )
    }
    left = transaction.execute(
        select(func.coalesce(func.sum(deliveries.c.size), 0), func.min(deliveries.c.queued_at)).where(OPEN)
    ).one()
    reasons = transaction.execute(
        select(deliveries.c.reason, func.count())
        .where(deliveries.c.state == DeliveryState.REFUSED)
        .group_by(deliveries.c.reason)
    )
    by_disk, on_disks = transaction.execute(
        select(
            func.coalesce(func.sum(deliveries.c.channel == Channel.DISK), 0),
            func.coalesce(func.sum(OPEN & deliveries.c.carried_in.is_not(None)), 0),
        )
    ).one()
    return Backlog(
        waiting=counts.get(DeliveryState.WAITING, 0),
        unknown=counts.get(DeliveryState.UNKNOWN, 0),
        received=counts.get(DeliveryState.RECEIVED, 0),
        refused={str(reason): int(count) for reason, count in reasons},
        bytes_left=int(left[0]),
        oldest=str(left[1]) if left[1] else None,
        by_disk=int(by_disk),
        on_disks=int(on_disks),
    )


def settle_received(
    transaction: Transaction,
    clock: Clock,
    journal: Journal,
    receipts: Sequence[tuple[Delivery, Receipt]],
    channel: Channel,
) -> int:
    """Count receipts; return how many were the first for what they are for.

    What has a receipt keeps it, whatever comes later by another way.
    """
    settled = _received_among(transaction, [one.id for one, _ in receipts])
    fresh = [(one, receipt) for one, receipt in receipts if one.id not in settled]
    if not fresh:
        return 0
    transaction.execute(
        update(deliveries).where(deliveries.c.id == bindparam("row")),
        [
            {
                "row": one.id,
                "state": DeliveryState.RECEIVED,
                "reason": None,
                "not_before": None,
                "channel": channel,
                "receipt_number": receipt.number,
                "receipt_at": receipt.received_at,
                "receipt_signature": receipt.signature,
            }
            for one, receipt in fresh
        ],
    )
    _follow(transaction, timestamp(clock.now()), [one for one, _ in fresh])
    lines = "".join(f"{receipt.content_hash} {receipt.number}\n" for _, receipt in fresh)
    payload = DeliveriesReceived(
        count=len(fresh), channel=channel, receipts_sha256=hashlib.sha256(lines.encode()).hexdigest()
    )
    journal.event(transaction, "deliveries_received", payload)
    return len(fresh)


def _received_among(transaction: Transaction, rows: Sequence[int]) -> set[int]:
    found = transaction.execute(
        select(deliveries.c.id).where(deliveries.c.id.in_(rows), deliveries.c.state == DeliveryState.RECEIVED)
    )
    return set(found.scalars())


def _follow(transaction: Transaction, at: str, settled: Sequence[Delivery]) -> None:
    """A message that is there is sent; a record that is there is on its way through the centre."""
    messages = [{"row": one.outbox} for one in settled if one.outbox is not None]
    if messages:
        transaction.execute(
            update(outbox).where(outbox.c.id == bindparam("row")).values(sent_at=at), messages
        )
    records = [{"name": one.record} for one in settled if one.record is not None]
    if records:
        before = or_(*(held_records.c.local_status == status for status in BEFORE_SENDING))
        transaction.execute(
            update(held_records)
            .where(held_records.c.record == bindparam("name"))
            .values(local_status=case((before, SENT), else_=held_records.c.local_status)),
            records,
        )


def note_unknown(transaction: Transaction, one: Delivery, reason: str, not_before: str) -> None:
    """Note that nobody knows whether the centre has something: it is asked before it is sent again."""
    transaction.execute(
        update(deliveries)
        .where(deliveries.c.id == one.id, OPEN)
        .values(
            state=DeliveryState.UNKNOWN, reason=reason, tries=deliveries.c.tries + 1, not_before=not_before
        )
    )


def refuse(transaction: Transaction, journal: Journal, one: Delivery, reason: str) -> None:
    """Set something aside, so that it never stands in the way of the others."""
    transaction.execute(
        update(deliveries)
        .where(deliveries.c.id == one.id, OPEN)
        .values(state=DeliveryState.REFUSED, reason=reason, tries=deliveries.c.tries + 1, not_before=None)
    )
    payload = DeliveryRefused(kind=one.kind, content_hash=one.content_hash, record=one.record, reason=reason)
    journal.event(transaction, "delivery_refused", payload)


def retry(transaction: Transaction, journal: Journal, record: str | None, by: str, reason: str) -> int:
    """Send again what was set aside, one record or all; return how many. Waits are over, too."""
    chosen = deliveries.c.state == DeliveryState.REFUSED
    if record is not None:
        chosen &= (deliveries.c.record == record) | (deliveries.c.content_hash == record)
    # unknown, not waiting: some of it may have arrived
    count = transaction.execute(
        update(deliveries).where(chosen).values(state=DeliveryState.UNKNOWN, reason=None, not_before=None)
    ).rowcount
    transaction.execute(update(deliveries).where(OPEN).values(not_before=None))
    payload = DeliveriesRetried(count=count, reason=reason)
    journal.event(transaction, "deliveries_retried", payload, signed_by=by)
    return count


# ---- what the centre says ----


def hear_statuses(
    transaction: Transaction,
    clock: Clock,
    journal: Journal,
    statuses: Sequence[RecordStatus],
    channel: Channel,
) -> None:
    """Keep what the centre says of records; what it said earlier never replaces what it said later."""
    if not statuses:
        return
    heard_at = timestamp(clock.now())
    statement = upsert(centre_statuses)
    transaction.execute(
        statement.on_conflict_do_update(
            index_elements=["record"],
            set_={name: statement.excluded[name] for name in ("digest", "status", "at", "heard_at")},
            where=statement.excluded.at >= centre_statuses.c.at,
        ),
        [
            {
                "record": one.record,
                "digest": one.digest,
                "status": one.status,
                "at": one.at,
                "heard_at": heard_at,
            }
            for one in statuses
        ],
    )
    last = (
        select(centre_statuses.c.status, centre_statuses.c.at)
        .where(
            centre_statuses.c.record == held_records.c.record,
            centre_statuses.c.digest == held_records.c.record_sha256,
        )
        .subquery()
    )
    transaction.execute(
        update(held_records)
        .where(
            held_records.c.record == bindparam("name"),
            held_records.c.record_sha256 == bindparam("digest"),
        )
        .values(
            centre_status=select(last.c.status).scalar_subquery(),
            centre_status_at=select(last.c.at).scalar_subquery(),
        ),
        [{"name": one.record, "digest": one.digest} for one in statuses],
    )
    lines = "".join(f"{one.record} {one.digest} {one.status} {one.at}\n" for one in statuses)
    payload = StatusesHeard(
        count=len(statuses),
        channel=channel,
        statuses_sha256=hashlib.sha256(lines.encode()).hexdigest(),
    )
    journal.event(transaction, "statuses_heard", payload)


def announce_parcels(transaction: Transaction, clock: Clock, parcels: Sequence[Parcel]) -> None:
    """Keep that bundles were published; those that are known already stay as they are."""
    if parcels:
        at = timestamp(clock.now())
        transaction.execute(
            upsert(centre_parcels).on_conflict_do_nothing(),
            [
                {"sha256": one.sha256, "size": one.size, "state": "announced", "announced_at": at}
                for one in parcels
            ],
        )


def parcels(transaction: Transaction, state: str, most: int) -> list[Parcel]:
    """Published bundles in a state, oldest first."""
    found = transaction.execute(
        select(centre_parcels.c.sha256, centre_parcels.c.size)
        .where(centre_parcels.c.state == state)
        .order_by(centre_parcels.c.announced_at, centre_parcels.c.sha256)
        .limit(most)
    )
    return [Parcel(sha256=row.sha256, size=row.size) for row in found]


def set_parcel(transaction: Transaction, sha256: str, state: str, reason: str | None = None) -> None:
    """Note how far a published bundle is: `fetched`, `taken`, or `refused` with a reason."""
    transaction.execute(
        update(centre_parcels).where(centre_parcels.c.sha256 == sha256).values(state=state, reason=reason)
    )


def mark(transaction: Transaction, name: str) -> str:
    """Read a mark; empty when it was never set."""
    found = transaction.execute(select(centre_marks.c.value).where(centre_marks.c.name == name)).scalar()
    return str(found or "")


def set_mark(transaction: Transaction, name: str, value: str) -> None:
    """Set a mark: a cursor, or that sending is paused."""
    transaction.execute(
        upsert(centre_marks)
        .values(name=name, value=value)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    return Delivery(
        id=row.id,
        kind=row.kind,
        content_hash=row.content_hash,
        record=row.record,
        outbox=row.outbox,
        size=row.size,
        queued_at=row.queued_at,
        state=DeliveryState(row.state),
        reason=row.reason,
        tries=row.tries,
        channel=Channel(row.channel) if row.channel else None,
        receipt_number=row.receipt_number,
        receipt_at=row.receipt_at,
        carried_in=row.carried_in,
    )
