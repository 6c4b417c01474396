"""The way out for records that are set aside: judged again, or discarded by a person."""

from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict

from station.clock import Clock, timestamp
from station.database import Database, Transaction
from station.errors import InputFault, Refused
from station.intake import store
from station.intake.checking import check
from station.intake.store import AsideRow
from station.journal.store import Journal
from station.records.nik import require_no_nik
from station.staff import store as staff
from station.vault import store as vault_store
from station.vault.holding import Holding
from station.vault.sealed import SealedRecord, open_sealed, unpack
from station.vault.vault import Vault


class AsideDecided(BaseModel):
    """Payload: what a person has decided about a record that was set aside."""

    model_config = ConfigDict(frozen=True)

    number: int
    record: str
    content_hash: str
    code: str
    reason: str = ""


class Aside:
    """Records that are set aside, and what people decide about them.

    Args:
        database, journal, clock, holding: of the office.
        vault: of the records that are set aside.
        scrub: clears old copies of these keys from the database's files, and journals it: as of
            `station.retention.erasing.Erasing`.
    """

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Clock,
        holding: Holding,
        vault: Vault,
        scrub: Callable[[Sequence[bytes]], None],
    ) -> None:
        self._database, self._journal, self._clock = database, journal, clock
        self._holding, self._vault, self._scrub = holding, vault, scrub

    def retry(self, number: int, by: str) -> AsideRow:
        """Judge a record again, with this program and by what is held now; take it in if it is right.

        Raises:
            Refused: RECORD_NOT_SET_ASIDE, STAFF_UNKNOWN, RECORD_ERASED.
            InputFault: the reason why it stays where it is.
            DeviceAbsent: the token is not there.
        """
        row = self._require(number, by)
        sealed, key = self._read(row)
        record = check(row.record, unpack(open_sealed(sealed, key))).record
        is_held = self._is_held(row, record.sha256)
        description = self._holding.describe(record)
        kept = [] if is_held else self._holding.keep([(sealed, key)])
        with self._database.transaction() as transaction:
            store.require_waiting(transaction, number)
            for one in kept:
                self._holding.add(transaction, one, description, store.origin_of(transaction, number))
            store.mark_taken(transaction, row.content_hash, is_duplicate=is_held)
            self._decide(transaction, row, "taken", by, "")
        self._forget(row)
        return row

    def discard(self, number: int, by: str, reason: str) -> AsideRow:
        """Destroy the key of a record that is set aside: nobody reads it again.

        Raises:
            Refused: RECORD_NOT_SET_ASIDE, STAFF_UNKNOWN, REASON_MISSING, REASON_NAMES_NIK.
            StationError: SCRUB_UNFINISHED: the key is destroyed, an old copy of it may be on the disk.
        """
        if not reason.strip():
            raise Refused("REASON_MISSING")
        require_no_nik(reason)
        row = self._require(number, by)
        with self._database.transaction() as transaction:
            store.require_waiting(transaction, number)
            self._decide(transaction, row, "discarded", by, reason.strip())
        self._forget(row)
        return row

    def _require(self, number: int, by: str) -> AsideRow:
        with self._database.reading() as transaction:
            staff.require(transaction, by)
            return store.require_waiting(transaction, number)

    def _read(self, row: AsideRow) -> tuple[SealedRecord, bytes]:
        if row.wrapped_key is None:
            raise Refused("RECORD_NOT_SET_ASIDE", number=row.number)
        sealed = self._vault.read(row.record, row.place, row.content_hash)
        return sealed, self._vault.record_key(row.record, row.wrapped_key)

    def _is_held(self, row: AsideRow, record_sha256: str) -> bool:
        """Whether the same record is held already.

        Raises:
            Refused: RECORD_ERASED.
            InputFault: RECORD_CONFLICT.
        """
        with self._database.reading() as transaction:
            held = vault_store.find(transaction, row.record)
        if held is None:
            return False
        if held.erased_at is not None:
            raise Refused("RECORD_ERASED", record=row.record, at=held.erased_at)
        if held.record_sha256 != record_sha256:
            raise InputFault("RECORD_CONFLICT", record=row.record)
        return True

    def _decide(self, transaction: Transaction, row: AsideRow, state: str, by: str, reason: str) -> None:
        store.decide(transaction, row.number, state, by, timestamp(self._clock.now()))
        payload = AsideDecided(
            number=row.number, record=row.record, content_hash=row.content_hash, code=row.code, reason=reason
        )
        name = "record_taken_after_all" if state == "taken" else "record_discarded"
        self._journal.event(transaction, name, payload, signed_by=by)

    def _forget(self, row: AsideRow) -> None:
        """Leave no old copy of the wrapped key on the disk: shredding the record later must reach it too."""
        if row.wrapped_key is not None:
            self._scrub([row.wrapped_key])
