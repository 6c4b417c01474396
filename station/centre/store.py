"""The outbox and what the centre has said, in the database.

A message is queued in the transaction that makes it true, a record in the one that holds it: triggers make
the `deliveries` row, so that nothing can be held and forgotten (migration 0012).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import BaseModel
from sqlalchemy import Row, and_, bindparam, case, func, insert, or_, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from station.centre.deliveries import (
    MOST_TOLD,
    Backlog,
    BundleCarried,
    Channel,
    CursorForgotten,
    DeliveriesReceived,
    DeliveriesRetried,
    Delivery,
    DeliveryRefused,
    DeliveryState,
    ParcelsAnnounced,
    StatusesHeard,
)
from station.centre.documents import Kind, Parcel, Receipt, RecordStatus
from station.centre.messages import Topic, content_digest
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
STATUSES_CURSOR: Final = "cursor_statuses"
PARCELS_CURSOR: Final = "cursor_print_ready"
PAUSED: Final = "paused"


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
    put_carried(transaction, bundle, content_hashes, timestamp(clock.now()))
    payload = BundleCarried(bundle=bundle, count=len(content_hashes), content_hashes=tuple(content_hashes))
    journal.event(transaction, "bundle_carried", payload)


def put_carried(transaction: Transaction, bundle: str, content_hashes: Sequence[str], at: str) -> None:
    """Keep that a bundle on a disk carries these, as a journal row says it."""
    if content_hashes:
        transaction.execute(
            update(deliveries)
            .where(deliveries.c.content_hash == bindparam("name"))
            .values(carried_in=bundle, carried_at=at),
            [{"name": one} for one in content_hashes],
        )


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
    fresh = _settle(transaction, timestamp(clock.now()), receipts, channel)
    for start in range(0, len(fresh), MOST_TOLD):
        payload = DeliveriesReceived.of(fresh[start : start + MOST_TOLD], channel)
        journal.event(transaction, "deliveries_received", payload)
    return len(fresh)


def put_receipts(transaction: Transaction, receipts: Sequence[Receipt], channel: Channel, at: str) -> None:
    """Count receipts that a journal row tells of, for what is still known here."""
    known = [(find(transaction, one.content_hash), one) for one in receipts]
    _settle(transaction, at, [(one, receipt) for one, receipt in known if one is not None], channel)


def _settle(
    transaction: Transaction, at: str, receipts: Sequence[tuple[Delivery, Receipt]], channel: Channel
) -> list[Receipt]:
    """Count receipts; return those that were the first for what they are for."""
    settled = _received_among(transaction, [one.id for one, _ in receipts])
    fresh = [(one, receipt) for one, receipt in receipts if one.id not in settled]
    if fresh:
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
        _follow(transaction, at, [one for one, _ in fresh])
    return [receipt for _, receipt in fresh]


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
    put_refusal(transaction, one.content_hash, reason)
    payload = DeliveryRefused(kind=one.kind, content_hash=one.content_hash, record=one.record, reason=reason)
    journal.event(transaction, "delivery_refused", payload)


def put_refusal(transaction: Transaction, content_hash: str, reason: str) -> None:
    """Keep that something is set aside, unless it was settled before."""
    transaction.execute(
        update(deliveries)
        .where(deliveries.c.content_hash == content_hash, OPEN)
        .values(state=DeliveryState.REFUSED, reason=reason, tries=deliveries.c.tries + 1, not_before=None)
    )


def retry(transaction: Transaction, journal: Journal, record: str | None, by: str, reason: str) -> int:
    """Send again what was set aside, one record or all; return how many. Waits are over, too."""
    chosen = deliveries.c.state == DeliveryState.REFUSED
    if record is not None:
        chosen &= (deliveries.c.record == record) | (deliveries.c.content_hash == record)
    found = transaction.execute(select(deliveries.c.content_hash).where(chosen).order_by(deliveries.c.id))
    hashes = [str(one) for one in found.scalars()]
    put_retried(transaction, hashes)
    for start in range(0, max(len(hashes), 1), MOST_TOLD):
        told = tuple(hashes[start : start + MOST_TOLD])
        payload = DeliveriesRetried(count=len(told), reason=reason, content_hashes=told)
        journal.event(transaction, "deliveries_retried", payload, signed_by=by)
    return len(hashes)


def put_retried(transaction: Transaction, content_hashes: Sequence[str]) -> None:
    """Let these go out again that were set aside; nothing waits for its next try any more."""
    if content_hashes:
        transaction.execute(
            update(deliveries)
            .where(
                deliveries.c.content_hash == bindparam("name"), deliveries.c.state == DeliveryState.REFUSED
            )
            # unknown, not waiting: some of it may have arrived
            .values(state=DeliveryState.UNKNOWN, reason=None, not_before=None),
            [{"name": one} for one in content_hashes],
        )
    transaction.execute(update(deliveries).where(OPEN).values(not_before=None))


# ---- what the centre says ----


def hear_statuses(
    transaction: Transaction,
    clock: Clock,
    journal: Journal,
    statuses: Sequence[RecordStatus],
    channel: Channel,
    cursor: str | None = None,
) -> None:
    """Keep what the centre says of records; what it said earlier never replaces what it said later.

    Args:
        transaction: the caller's.
        clock: of the office.
        journal: of the office.
        statuses: in the order in which the centre said them.
        channel: the way by which they came.
        cursor: how far the pull has come with them.
    """
    heard_at, told = timestamp(clock.now()), list(_told(statuses, cursor))
    for number, page in enumerate(told, 1):
        older = _older(transaction, page)
        put_statuses(transaction, page, heard_at)
        reached = cursor if number == len(told) else None
        payload = StatusesHeard.of(page, channel, heard_at, older, reached)
        journal.event(transaction, "statuses_heard", payload)
    if cursor is not None:
        set_mark(transaction, STATUSES_CURSOR, cursor)


def _told(statuses: Sequence[RecordStatus], cursor: str | None) -> Iterator[Sequence[RecordStatus]]:
    """What one journal row tells, and the next; one row at least where a pull has come further."""
    for start in range(0, len(statuses), MOST_TOLD):
        yield statuses[start : start + MOST_TOLD]
    if not statuses and cursor is not None:
        yield ()


def _older(transaction: Transaction, statuses: Sequence[RecordStatus]) -> list[int]:
    """The positions of those after which something was said already."""
    names = [one.record for one in statuses]
    found = select(centre_statuses.c.record, centre_statuses.c.at).where(centre_statuses.c.record.in_(names))
    last = {str(row.record): str(row.at) for row in transaction.execute(found)}
    older: list[int] = []
    for position, one in enumerate(statuses):
        if one.at < last.get(one.record, ""):
            older.append(position)
        else:
            last[one.record] = one.at
    return older


def put_statuses(transaction: Transaction, statuses: Sequence[RecordStatus], heard_at: str) -> None:
    """Keep what the centre says of records, as a journal row tells it."""
    if not statuses:
        return
    statement = upsert(centre_statuses)
    transaction.execute(
        statement.on_conflict_do_update(
            index_elements=["record"],
            set_={name: statement.excluded[name] for name in ("digest", "status", "at", "heard_at")},
            where=statement.excluded.at >= centre_statuses.c.at,
        ),
        [{**one.model_dump(), "heard_at": heard_at} for one in statuses],
    )
    of_these_files = and_(
        centre_statuses.c.record == held_records.c.record,
        centre_statuses.c.digest == held_records.c.record_sha256,
    )
    status, at = (
        select(column).where(of_these_files).correlate(held_records).scalar_subquery()
        for column in (centre_statuses.c.status, centre_statuses.c.at)
    )
    transaction.execute(
        update(held_records)
        .where(
            held_records.c.record == bindparam("name"),
            held_records.c.record_sha256 == bindparam("digest"),
        )
        .values(centre_status=status, centre_status_at=at),
        [{"name": one.record, "digest": one.digest} for one in statuses],
    )


def announce_parcels(
    transaction: Transaction, clock: Clock, journal: Journal, parcels: Sequence[Parcel], cursor: str
) -> None:
    """Keep that bundles were published; those that are known already stay as they are."""
    if parcels:
        at = timestamp(clock.now())
        transaction.execute(
            upsert(centre_parcels).on_conflict_do_nothing(),
            [{**one.model_dump(), "state": "announced", "announced_at": at} for one in parcels],
        )
    set_mark(transaction, PARCELS_CURSOR, cursor)
    payload = ParcelsAnnounced(parcels=tuple(parcels), cursor=cursor)
    journal.event(transaction, "centre_bundles_announced", payload)


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


def forget_cursor(transaction: Transaction, journal: Journal, name: str) -> None:
    """Let a pull begin again from the beginning."""
    set_mark(transaction, name, "")
    journal.event(transaction, "centre_cursor_forgotten", CursorForgotten(name=name))


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
