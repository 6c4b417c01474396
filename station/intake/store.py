"""Intakes, the verdicts on their records, and the records that are set aside, in the database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Row, func, select, update

from station.database.engine import Transaction
from station.database.inserting import Plain, insert_many
from station.database.tables import intake_verdicts, intakes, set_aside
from station.errors import Refused
from station.intake.verdicts import Verdict
from station.vault.segments import SegmentPlace
from station.vault.vault import Kept

# What was set aside may become something else when a good copy comes; what was taken in stays so.
AGAIN: Final = """ON CONFLICT (intake, position) DO UPDATE
SET verdict = excluded.verdict, code = excluded.code, warnings = excluded.warnings, at = excluded.at
WHERE verdict = 'set_aside'"""


@dataclass(frozen=True)
class Intake:
    """A bundle that records were taken from.

    Attributes:
        manifest_sha256: what it is known by. bundle: its own id.
        sender, sender_kind: name of the sender's key, and its folder.
        records: how many it carries.
    """

    manifest_sha256: str
    bundle: str
    sender: str
    sender_kind: str
    records: int
    begun_at: str


@dataclass(frozen=True)
class VerdictRow:
    """What became of one record of an intake."""

    manifest_sha256: str
    position: int
    record: str
    content_hash: str
    captured_at: str
    verdict: Verdict
    code: str | None
    warnings: tuple[str, ...]
    at: str


@dataclass(frozen=True)
class AsideRow:
    """A record that is set aside, kept sealed until a person has decided.

    Attributes:
        number: by which people name it.
        code, reason: why it is not held; neither repeats what stands in it.
        state: waiting, taken or discarded.
    """

    number: int
    record: str
    content_hash: str
    code: str
    reason: str
    place: SegmentPlace
    wrapped_key: bytes | None = field(repr=False)
    at: str
    state: str
    decided_at: str | None
    decided_by: str | None


@dataclass(frozen=True)
class NewAside:
    """A record that is about to be set aside."""

    manifest_sha256: str
    kept: Kept
    code: str
    reason: str
    at: str


def settled(transaction: Transaction, manifests: Sequence[str]) -> dict[str, dict[int, Verdict]]:
    """The positions of these bundles that need not be looked at again, with what became of them.

    A record that was set aside without being kept is not among them: a good copy may come.
    """
    rows = transaction.execute(
        select(intakes.c.manifest_sha256, intake_verdicts.c.position, intake_verdicts.c.verdict)
        .join_from(intakes, intake_verdicts, intake_verdicts.c.intake == intakes.c.id)
        .outerjoin(set_aside, set_aside.c.content_hash == intake_verdicts.c.content_hash)
        .where(
            intakes.c.manifest_sha256.in_(manifests),
            (intake_verdicts.c.verdict != Verdict.SET_ASIDE.value) | set_aside.c.id.is_not(None),
        )
    )
    found: dict[str, dict[int, Verdict]] = {}
    for row in rows:
        found.setdefault(row.manifest_sha256, {})[row.position] = Verdict(row.verdict)
    return found


def add_intakes(transaction: Transaction, wanted: Sequence[Intake]) -> dict[str, int]:
    """Add the bundles that are not known yet; return the number of each by its manifest."""
    manifests = [one.manifest_sha256 for one in wanted]
    known = select(intakes.c.manifest_sha256, intakes.c.id).where(intakes.c.manifest_sha256.in_(manifests))
    numbers: dict[str, int] = {row.manifest_sha256: row.id for row in transaction.execute(known)}
    fresh = [one for one in wanted if one.manifest_sha256 not in numbers]
    if fresh:
        last = transaction.execute(select(func.coalesce(func.max(intakes.c.id), 0))).scalar_one()
        for number, one in enumerate(fresh, last + 1):
            numbers[one.manifest_sha256] = number
        insert_many(transaction, intakes.name, [_intake_values(one, numbers) for one in fresh])
    return numbers


def add_verdicts(
    transaction: Transaction, numbers: Mapping[str, int], verdicts: Sequence[VerdictRow]
) -> None:
    """Write down what became of records; only what was set aside before may become something else."""
    insert_many(
        transaction,
        intake_verdicts.name,
        [
            {
                "intake": numbers[one.manifest_sha256],
                "position": one.position,
                "record": one.record,
                "content_hash": one.content_hash,
                "captured_at": one.captured_at,
                "verdict": one.verdict.value,
                "code": one.code,
                "warnings": json.dumps(one.warnings),
                "at": one.at,
            }
            for one in verdicts
        ],
        AGAIN,
    )


def aside_among(transaction: Transaction, content_hashes: Sequence[str]) -> set[str]:
    """Those of these contents that are, or once were, set aside."""
    statement = select(set_aside.c.content_hash).where(set_aside.c.content_hash.in_(content_hashes))
    return set(transaction.execute(statement).scalars())


def add_aside(transaction: Transaction, numbers: Mapping[str, int], wanted: Sequence[NewAside]) -> None:
    """Add records that are set aside."""
    insert_many(
        transaction,
        set_aside.name,
        [
            {
                "intake": numbers[one.manifest_sha256],
                "record": one.kept.record,
                "content_hash": one.kept.content_hash,
                "code": one.code,
                "reason": one.reason,
                "segment": one.kept.place.segment,
                "offset": one.kept.place.offset,
                "length": one.kept.place.length,
                "wrapped_key": one.kept.wrapped_key,
                "at": one.at,
                "state": "waiting",
            }
            for one in wanted
        ],
    )


def waiting(transaction: Transaction) -> list[AsideRow]:
    """The records that wait for a decision, oldest first."""
    statement = select(set_aside).where(set_aside.c.state == "waiting").order_by(set_aside.c.id)
    return [_aside(row) for row in transaction.execute(statement).all()]


def require_waiting(transaction: Transaction, number: int) -> AsideRow:
    """A record that waits for a decision.

    Raises:
        Refused: RECORD_NOT_SET_ASIDE.
    """
    statement = select(set_aside).where(set_aside.c.id == number, set_aside.c.state == "waiting")
    row = transaction.execute(statement).first()
    if row is None:
        raise Refused("RECORD_NOT_SET_ASIDE", number=number)
    return _aside(row)


def decide(transaction: Transaction, number: int, state: str, by: str, at: str) -> None:
    """Close a record that was set aside: `taken` or `discarded`. Its key is destroyed here."""
    transaction.execute(
        update(set_aside)
        .where(set_aside.c.id == number)
        .values(state=state, wrapped_key=None, decided_at=at, decided_by=by)
    )


def discard_again(transaction: Transaction, content_hash: str, by: str, at: str) -> None:
    """Discard what was discarded after the backup that this database comes from, if it lies here at all."""
    statement = select(set_aside.c.id).where(
        set_aside.c.content_hash == content_hash, set_aside.c.state == "waiting"
    )
    number = transaction.execute(statement).scalar()
    if number is not None:
        decide(transaction, number, "discarded", by, at)


def mark_taken(transaction: Transaction, content_hash: str, *, is_duplicate: bool) -> None:
    """Change the verdict on a record that was set aside and is held now."""
    verdict = Verdict.DUPLICATE if is_duplicate else Verdict.ACCEPTED
    transaction.execute(
        update(intake_verdicts)
        .where(
            intake_verdicts.c.content_hash == content_hash,
            intake_verdicts.c.verdict == Verdict.SET_ASIDE.value,
        )
        .values(verdict=verdict.value, code=None)
    )


def origin_of(transaction: Transaction, number: int) -> str:
    """Where a record that is set aside came from, as `held_records.origin` says it."""
    row = transaction.execute(
        select(intakes.c.sender_kind, intakes.c.bundle)
        .join_from(set_aside, intakes, set_aside.c.intake == intakes.c.id)
        .where(set_aside.c.id == number)
    ).one()
    return origin(row.sender_kind, row.bundle)


def origin(sender_kind: str, bundle: str) -> str:
    """Where a record came from: the kind of its sender and the bundle; the gate reads the kind."""
    return f"{sender_kind}:{bundle}"


def last_aside(transaction: Transaction) -> SegmentPlace | None:
    """The last place that any record set aside has had."""
    row = transaction.execute(
        select(set_aside.c.segment, set_aside.c.offset, set_aside.c.length)
        .order_by(set_aside.c.segment.desc(), set_aside.c.offset.desc())
        .limit(1)
    ).first()
    return SegmentPlace(row.segment, row.offset, row.length) if row else None


def captured_at(transaction: Transaction, record: str) -> str | None:
    """When a held record was captured, as its bundle said."""
    statement = select(intake_verdicts.c.captured_at).where(
        intake_verdicts.c.record == record, intake_verdicts.c.verdict == Verdict.ACCEPTED.value
    )
    found: str | None = transaction.execute(statement.limit(1)).scalar_one_or_none()
    return found


def came_from(transaction: Transaction, record: str) -> list[tuple[Intake, VerdictRow]]:
    """Every bundle that has carried a record, with what became of it, oldest first."""
    rows = transaction.execute(
        select(intakes, intake_verdicts)
        .join_from(intakes, intake_verdicts, intake_verdicts.c.intake == intakes.c.id)
        .where(intake_verdicts.c.record == record)
        .order_by(intakes.c.id, intake_verdicts.c.position)
    ).all()
    return [(_intake(row), _verdict(row)) for row in rows]


def _intake_values(one: Intake, numbers: Mapping[str, int]) -> dict[str, Plain]:
    return {
        "id": numbers[one.manifest_sha256],
        "manifest_sha256": one.manifest_sha256,
        "bundle": one.bundle,
        "sender": one.sender,
        "sender_kind": one.sender_kind,
        "records": one.records,
        "begun_at": one.begun_at,
    }


def _intake(row: Row[tuple[object, ...]]) -> Intake:
    return Intake(row.manifest_sha256, row.bundle, row.sender, row.sender_kind, row.records, row.begun_at)


def _verdict(row: Row[tuple[object, ...]]) -> VerdictRow:
    return VerdictRow(
        row.manifest_sha256,
        row.position,
        row.record,
        row.content_hash,
        row.captured_at,
        Verdict(row.verdict),
        row.code,
        tuple(json.loads(row.warnings)),
        row.at,
    )


def _aside(row: Row[tuple[object, ...]]) -> AsideRow:
    return AsideRow(
        number=row.id,
        record=row.record,
        content_hash=row.content_hash,
        code=row.code,
        reason=row.reason,
        place=SegmentPlace(row.segment, row.offset, row.length),
        wrapped_key=row.wrapped_key,
        at=row.at,
        state=row.state,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )
