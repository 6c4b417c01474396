"""Erasing held records: the wrapped key is destroyed, and with it every copy of the sealed bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from station.clock import Clock, timestamp
from station.database import Database, Transaction
from station.database.scrubbing import scrub
from station.errors import Refused
from station.gate.statuses import FIRST_WINS, STATUSES
from station.journal.store import Journal
from station.letters.erasing import erase_of_record, is_in_force
from station.letters.files import LetterFiles
from station.records.nik import require_no_nik
from station.retention import store
from station.retention.store import DueRecord
from station.settings import RetentionSettings
from station.vault.holding import Holding

BATCH: Final = 64
MOST_DUE: Final = 10_000  # of one cause at one time; the next run goes on
# The person's first recording wins: this one never becomes a card. After other verdicts it may be sent anew.
REJECTED: Final = tuple(name for name, status in STATUSES.items() if status.remedy == FIRST_WINS)


class RecordsScrubbed(BaseModel):
    """Payload: old copies of erased keys are gone from the database's files."""

    model_config = ConfigDict(frozen=True)

    rewritten: bool
    freed_bytes: int


@dataclass(frozen=True)
class DueVerdict:
    """A record that is due, and what still needs it; None when it can be erased."""

    due: DueRecord
    needed: str | None


class Erasing:
    """Erases held records for good, and leaves a proof of each in the journal."""

    def __init__(
        self, database: Database, journal: Journal, clock: Clock, holding: Holding, letters: LetterFiles
    ) -> None:
        self._database, self._journal, self._clock = database, journal, clock
        self._holding, self._letters = holding, letters

    def erase(self, record: str, by: str, reason: str) -> None:
        """Erase one record, because a person says so.

        Args:
            record: its id.
            by: who decided; the signature was checked.
            reason: written into the journal; never personal data.

        Raises:
            Refused: REASON_MISSING, REASON_NAMES_NIK, RECORD_NOT_HELD, RECORD_ERASED, RECORD_IN_USE.
            StationError: SCRUB_UNFINISHED; the record is erased.
        """
        if not reason.strip():
            raise Refused("REASON_MISSING")
        require_no_nik(reason)
        with self._database.transaction() as transaction:
            needed = self._why_needed(transaction, record)
            if needed is not None:
                raise Refused("RECORD_IN_USE", record=record, cause=needed)
            keys = self._erase(transaction, record, by, reason.strip())
        self.scrub(keys)

    def due(self, policy: RetentionSettings) -> list[DueVerdict]:
        """Say which records are due by the office's policy, and which of them are still needed."""
        found: dict[str, DueRecord] = {}
        with self._database.reading() as transaction:
            if policy.days_after_rejection is not None:
                moment = self._moment(policy.days_after_rejection)
                rejected = store.rejected_before(transaction, REJECTED, moment, MOST_DUE)
                found |= {one.record: one for one in rejected}
            if policy.days_after_handover is not None:
                moment = self._moment(policy.days_after_handover)
                handed = store.handed_over_before(transaction, moment, MOST_DUE)
                found |= {one.record: one for one in handed}
            return [DueVerdict(one, self._why_needed(transaction, one.record)) for one in found.values()]

    def erase_due(self, policy: RetentionSettings, by: str) -> list[DueVerdict]:
        """Erase what is due and not needed; return every due record with what kept it.

        Raises:
            StationError: SCRUB_UNFINISHED; the records are erased.
        """
        verdicts = self.due(policy)
        free = [verdict.due for verdict in verdicts if verdict.needed is None]
        keys: list[bytes] = []
        for start in range(0, len(free), BATCH):
            keys += self._erase_batch(free[start : start + BATCH], by)
        if free:
            self.scrub(keys)
        return verdicts

    def finish(self) -> bool:
        """Clear what an erasure that was interrupted has left in the files; tell whether there was any.

        Raises:
            StationError: SCRUB_UNFINISHED.
        """
        with self._database.reading() as transaction:
            due = store.is_scrub_due(transaction)
        if due:
            self.scrub([])
        return due

    def scrub(self, keys: Sequence[bytes]) -> None:
        """Clear old copies of erased wrapped keys from the database's files, and free segments of the vault.

        Raises:
            StationError: SCRUB_UNFINISHED.
        """
        rewritten = scrub(self._database, keys)
        freed = self._holding.free_segments() + self._letters.free_segments()
        with self._database.transaction() as transaction:
            payload = RecordsScrubbed(rewritten=rewritten, freed_bytes=freed)
            self._journal.event(transaction, store.SCRUBBED, payload)

    def _erase_batch(self, batch: Sequence[DueRecord], by: str) -> list[bytes]:
        keys = []
        with self._database.transaction() as transaction:
            for due in batch:
                if self._why_needed(transaction, due.record) is None:
                    keys += self._erase(transaction, due.record, by, f"retention: {due.cause}")
        return keys

    def _why_needed(self, transaction: Transaction, record: str) -> str | None:
        """The code of what still needs a record; None when nothing does.

        The day is that of UTC, which ends after the office's: a letter is kept some hours longer than needed.
        """
        needed = store.why_needed(transaction, record)
        if needed is None and is_in_force(transaction, record, self._clock.now().date().isoformat()):
            return "valid_letter"
        return needed

    def _erase(self, transaction: Transaction, record: str, by: str, reason: str) -> list[bytes]:
        """Destroy the keys of a record and of its letters; return them."""
        keys = erase_of_record(transaction, self._journal, self._clock, record, by)
        held = self._holding.erase(transaction, record, by, reason)
        return [held.wrapped_key, *keys] if held.wrapped_key else keys

    def _moment(self, days: int) -> str:
        return timestamp(self._clock.now() - timedelta(days=days))
