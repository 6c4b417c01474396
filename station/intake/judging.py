"""Judging a batch: each record by what is held, and by what stands before it in the same batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from station.database import Transaction
from station.errors import StationError
from station.intake import store
from station.intake.store import Intake
from station.intake.verdicts import Incoming, Verdict, judge
from station.vault import store as vault_store
from station.vault.holding import Description

ERASED = "RECORD_ERASED"


class Keeping(StrEnum):
    """Whether the sealed bytes of a record that is set aside are kept."""

    NOT = "not"
    KEEP = "keep"
    KEPT_ALREADY = "kept_already"


@dataclass(frozen=True)
class Pending:
    """A record that waits for its batch; `description` is there when it can be held."""

    intake: Intake
    incoming: Incoming
    description: Description | None


@dataclass(frozen=True)
class Judged:
    """A record with its verdict; `trouble` says why it is set aside."""

    pending: Pending
    verdict: Verdict
    trouble: StationError | None
    kept: Keeping
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """What is held, or will be with this batch, under an id or a content."""

    content_hash: str
    record_sha256: str
    erased_at: str | None


class Judge:
    """Judges the records of one batch in their order."""

    def __init__(self, transaction: Transaction, batch: Sequence[Pending]) -> None:
        self._batch = batch
        records, hashes = [one.incoming.record for one in batch], [one.incoming.content_hash for one in batch]
        persons = [one.description.person for one in batch if one.description]
        self._known: dict[str, _Known] = {}
        for held in vault_store.among(transaction, records, hashes):
            known = _Known(held.content_hash, held.record_sha256, held.erased_at)
            self._known[held.record] = self._known[held.content_hash] = known
        self._persons = vault_store.persons_among(transaction, persons)
        self._aside = store.aside_among(transaction, hashes)

    def judge_all(self) -> list[Judged]:
        """Judge them all."""
        return [self._judge(one) for one in self._batch]

    def _judge(self, pending: Pending) -> Judged:
        incoming, warnings = pending.incoming, pending.incoming.warnings
        known = self._known.get(incoming.content_hash) or self._known.get(incoming.record)
        verdict, trouble = (
            judge(incoming, known.content_hash, known.record_sha256, known.erased_at)
            if known
            else judge(incoming)
        )
        if verdict is Verdict.ACCEPTED:
            warnings += self._accept(pending)
        keeping = self._keeping(incoming, trouble) if verdict is Verdict.SET_ASIDE else Keeping.NOT
        return Judged(pending, verdict, trouble, keeping, warnings)

    def _accept(self, pending: Pending) -> tuple[str, ...]:
        """Note a record as held for those behind it; return what is odd about its person."""
        incoming, description = pending.incoming, pending.description
        known = _Known(incoming.content_hash, incoming.record_sha256, None)
        self._known[incoming.record] = self._known[incoming.content_hash] = known
        if description is None or description.person in self._persons:
            return ("PERSON_HELD_BEFORE",) if description else ()
        self._persons.add(description.person)
        return ()

    def _keeping(self, incoming: Incoming, trouble: StationError | None) -> Keeping:
        if incoming.content_hash in self._aside:
            return Keeping.KEPT_ALREADY
        if not incoming.opened or (trouble is not None and trouble.code == ERASED):
            return Keeping.NOT
        self._aside.add(incoming.content_hash)
        return Keeping.KEEP
