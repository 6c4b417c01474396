"""A batch: the records that become durable together, with one sync of the segment and one commit."""

from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict

from station.clock import Clock, timestamp
from station.database import Database
from station.intake import store
from station.intake.judging import Judge, Judged, Keeping, Pending
from station.intake.store import NewAside, VerdictRow
from station.intake.verdicts import Verdict
from station.journal.store import Journal
from station.vault.holding import Description, Holding
from station.vault.sealed import SealedRecord
from station.vault.vault import Kept, Vault


class TakenAside(BaseModel):
    """Which record of which bundle was set aside, and why.

    `content_hash` names what is kept with this row: empty where nothing is or it was kept before; None in
    rows of older programs.
    """

    model_config = ConfigDict(frozen=True)

    bundle: str
    record: str
    code: str
    kept: bool
    content_hash: str | None = None


class RecordsTakenIn(BaseModel):
    """Payload: what became of the records of one batch; each accepted one has a row of its own."""

    model_config = ConfigDict(frozen=True)

    accepted: int
    duplicates: int
    set_aside: tuple[TakenAside, ...]


class BatchWriter:
    """Makes batches durable, in three steps: judge, put, commit. What is not committed is not in.

    Args:
        database, journal, clock, holding: of the office.
        aside: vault of the records that are set aside.
        room: asked before so many bytes are written; raises when they would take the journal's room.
    """

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Clock,
        holding: Holding,
        aside: Vault,
        room: Callable[[int], None],
    ) -> None:
        self._database, self._journal, self._clock = database, journal, clock
        self._holding, self._aside, self._room = holding, aside, room

    def judge(self, batch: Sequence[Pending]) -> list[Judged]:
        """Say what becomes of the records of a batch; the batch before it must be committed."""
        with self._database.reading() as transaction:
            return Judge(transaction, batch).judge_all()

    def put(self, judged: Sequence[Judged]) -> tuple[list[Kept], list[Kept]]:
        """Put on the disk what is accepted and what is set aside; without `commit` nothing of it is held.

        Raises:
            StationError: VAULT_UNUSABLE.
            Refused: DISK_STOPS_INTAKE.
            DeviceAbsent: the token is not there.
        """
        accepted = [_sealed(one) for one in judged if one.verdict is Verdict.ACCEPTED]
        aside = [_sealed(one) for one in judged if one.kept is Keeping.KEEP]
        self._room(sum(len(sealed.sealed) for sealed, _ in (*accepted, *aside)))
        return self._holding.keep(accepted), self._keep_aside(aside)

    def commit(self, judged: Sequence[Judged], put: tuple[list[Kept], list[Kept]]) -> None:
        """Make it all hold: rows of database and journal in one transaction.

        Raises:
            StationError: DATABASE_UNUSABLE; nothing of the batch is in.
        """
        kept, kept_aside = put
        at = timestamp(self._clock.now())
        accepted = [one for one in judged if one.verdict is Verdict.ACCEPTED]
        aside = [one for one in judged if one.kept is Keeping.KEEP]
        bundles = {one.pending.intake.manifest_sha256: one.pending.intake for one in judged}
        with self._database.transaction() as transaction:
            numbers = store.add_intakes(transaction, list(bundles.values()))
            held = [_to_hold(one, place) for one, place in zip(accepted, kept, strict=True)]
            self._holding.add_all(transaction, held)
            fresh = [_new_aside(one, place, at) for one, place in zip(aside, kept_aside, strict=True)]
            store.add_aside(transaction, numbers, fresh)
            store.add_verdicts(transaction, numbers, [_verdict_row(one, at) for one in judged])
            self._journal.event(transaction, "records_taken_in", _summary(judged))

    def _keep_aside(self, records: Sequence[tuple[SealedRecord, bytes]]) -> list[Kept]:
        if not records:
            return []
        with self._database.reading() as transaction:
            floor = store.last_aside(transaction)
        return self._aside.keep(records, floor)


def _sealed(one: Judged) -> tuple[SealedRecord, bytes]:
    incoming = one.pending.incoming
    if incoming.sealed is None or incoming.key is None:
        raise LookupError("a record without its bytes cannot be kept")
    return incoming.sealed, incoming.key


def _to_hold(one: Judged, place: Kept) -> tuple[Kept, Description, str]:
    if one.pending.description is None:
        raise LookupError("a record without its description cannot be held")
    intake = one.pending.intake  # who sent it decides whether it goes to the centre (migration 0012)
    return place, one.pending.description, store.origin(intake.sender_kind, intake.bundle)


def _new_aside(one: Judged, place: Kept, at: str) -> NewAside:
    code = one.trouble.code if one.trouble else ""
    return NewAside(one.pending.intake.manifest_sha256, place, code, str(one.trouble or ""), at)


def _verdict_row(one: Judged, at: str) -> VerdictRow:
    incoming = one.pending.incoming
    return VerdictRow(
        manifest_sha256=one.pending.intake.manifest_sha256,
        position=incoming.position,
        record=incoming.record,
        content_hash=incoming.content_hash,
        captured_at=incoming.captured_at,
        verdict=one.verdict,
        code=one.trouble.code if one.trouble else None,
        warnings=one.warnings,
        at=at,
    )


def _summary(judged: Sequence[Judged]) -> RecordsTakenIn:
    verdicts = [one.verdict for one in judged]
    return RecordsTakenIn(
        accepted=verdicts.count(Verdict.ACCEPTED),
        duplicates=verdicts.count(Verdict.DUPLICATE),
        set_aside=tuple(
            TakenAside(
                bundle=one.pending.intake.bundle,
                record=one.pending.incoming.record,
                code=one.trouble.code,
                kept=one.kept is not Keeping.NOT,
                content_hash=one.pending.incoming.content_hash if one.kept is Keeping.KEEP else "",
            )
            for one in judged
            if one.trouble is not None
        ),
    )
