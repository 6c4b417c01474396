"""The holding: all records that the station holds, found, read and erased.

The order of durability: sealed bytes in a segment (`keep`), then rows of database and journal in one
transaction (`add`). A record is held only when the database says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pydantic import BaseModel, ConfigDict

from station.clock import Clock, timestamp
from station.database import Database, Transaction
from station.errors import Refused
from station.journal.store import Journal, Place
from station.records.parts import record_of
from station.records.record import Record
from station.vault import store
from station.vault.keys import PersonKeys
from station.vault.sealed import RecordSealBroken, SealedRecord, unpack
from station.vault.store import HeldRecord
from station.vault.tokens import birth_token, name_tokens
from station.vault.vault import Kept, Vault

MOST_FOUND = 200


class RecordReceived(BaseModel):
    """Payload: which record came in, from where.

    `record_sha256` and `local_status` are empty in rows of older programs.
    """

    model_config = ConfigDict(frozen=True)

    record: str
    content_hash: str
    issue: int
    origin: str
    record_sha256: str = ""
    local_status: str = ""


class RecordRead(BaseModel):
    """Payload: a person has looked at a record, what at, and why."""

    model_config = ConfigDict(frozen=True)

    record: str
    what: str
    reason: str


class RecordErased(BaseModel):
    """Payload: the proof that a record was destroyed: without its key no copy of its bytes can be read."""

    model_config = ConfigDict(frozen=True)

    record: str
    content_hash: str
    reason: str


@dataclass(frozen=True)
class Description:
    """What the database learns of a record: nothing that can be read without the token.

    Attributes:
        person: HMAC of the NIK. tokens: of name words and birth date.
    """

    record: str
    person: str
    issue: int
    record_sha256: str
    status: str
    tokens: frozenset[bytes] = field(repr=False)


class Holding:
    """Held records. Every method that reads content needs the token; those that only look do not."""

    def __init__(
        self, database: Database, journal: Journal, clock: Clock, vault: Vault, keys: PersonKeys
    ) -> None:
        self._database, self._journal, self._clock = database, journal, clock
        self._vault, self._keys = vault, keys
        self._erasures = 0

    @property
    def erasures(self) -> int:
        """How often this process has begun to erase a record; no other process does so meanwhile."""
        return self._erasures

    # ---- taking in ----

    def describe(self, record: Record) -> Description:
        """Make what the database learns of a record; call it outside a transaction: it asks the token.

        Raises:
            DeviceAbsent: the token cannot be asked.
        """
        data, key = record.data, self._keys.search_key()
        return Description(
            record=data.record_id,
            person=self._keys.person_key(data.nik),
            issue=data.issue_number,
            record_sha256=record.sha256,
            status=data.status,
            tokens=name_tokens(key, data.name) | {birth_token(key, data.birth_date)},
        )

    def keep(self, records: Sequence[tuple[SealedRecord, bytes]]) -> list[Kept]:
        """Put sealed records with their keys on the disk, with one sync for all; then `add` each.

        Raises:
            DeviceAbsent: the token cannot wrap a key; nothing was written.
            StationError: VAULT_UNUSABLE; nothing is kept.
        """
        with self._database.reading() as transaction:
            floor = store.last_place(transaction)
        return self._vault.keep(records, floor)

    def add(self, transaction: Transaction, kept: Kept, description: Description, origin: str) -> int:
        """Hold a kept record: its row, its tokens and the journal's row; return the journal row's sequence.

        Args:
            transaction: the caller's; a batch shares one.
            kept: from `keep`.
            description: from `describe`, of the same record.
            origin: where it came from, such as a bundle's id; never personal, it is journalled.

        Raises:
            InputFault: RECORD_SEAL_BROKEN when the two are of different records.
            Refused: JOURNAL_REFUSED when its id or content is held already (look first: `known`).
        """
        return self.add_all(transaction, [(kept, description, origin)])[0]

    def add_all(
        self, transaction: Transaction, records: Sequence[tuple[Kept, Description, str]]
    ) -> list[int]:
        """Hold many kept records, each with its origin, as `add` holds one; return their journal rows.

        Raises:
            InputFault, Refused: as `add`; none of them is held.
        """
        if not records:
            return []
        at = timestamp(self._clock.now())
        held = [
            (_held(kept, description, origin, at), description.tokens)
            for kept, description, origin in records
        ]
        store.insert_records(transaction, held)
        return self._journal.events(
            transaction, "record_received", [(_received(one), Place(person=one.person)) for one, _ in held]
        )

    @staticmethod
    def known(transaction: Transaction, sealed: SealedRecord) -> HeldRecord | None:
        """The held or erased record with this content, or else with this id; the caller compares."""
        return store.find_content(transaction, sealed.content_hash) or store.find(transaction, sealed.record)

    # ---- finding ----

    def find(self, record: str) -> HeldRecord | None:
        """Find a record by its id, an erased one too."""
        with self._database.reading() as transaction:
            return store.find(transaction, record)

    def require(self, record: str) -> HeldRecord:
        """Find a record that can be read.

        Raises:
            Refused: RECORD_NOT_HELD, RECORD_ERASED.
        """
        held = self.find(record)
        if held is None:
            raise Refused("RECORD_NOT_HELD", record=record)
        if held.erased_at is not None:
            raise Refused("RECORD_ERASED", record=record, at=held.erased_at)
        return held

    def search(
        self,
        *,
        nik: str | None = None,
        name: str | None = None,
        birth_date: date | None = None,
        most: int = MOST_FOUND,
    ) -> list[HeldRecord]:
        """Find records by whole words of the name in any order, birth date, NIK, or several of them.

        Erased records are found by their NIK only. At most `most`, oldest first; without a question none.

        Raises:
            DeviceAbsent: the token cannot be asked.
        """
        key = self._keys.search_key()
        tokens = set(name_tokens(key, name or ""))
        if birth_date is not None:
            tokens.add(birth_token(key, birth_date))
        if name is not None and not name_tokens(key, name):
            return []
        with self._database.reading() as transaction:
            if nik is None:
                return store.with_tokens(transaction, sorted(tokens), most) if tokens else []
            found = store.of_person(transaction, self._keys.person_key(nik))
            if tokens:
                named = {held.record for held in store.with_tokens(transaction, sorted(tokens), MOST_FOUND)}
                found = [held for held in found if held.record in named]
            return found[:most]

    # ---- reading ----

    def sealed(self, record: str) -> tuple[HeldRecord, SealedRecord]:
        """Read a record's sealed bytes, as they are sent and carried; the token is not needed.

        Raises:
            Refused: RECORD_NOT_HELD, RECORD_ERASED.
            InputFault: RECORD_SEAL_BROKEN.
            StationError: VAULT_UNUSABLE.
        """
        held = self.require(record)
        return held, self.sealed_of(held)

    def sealed_of(self, held: HeldRecord) -> SealedRecord:
        """Read the sealed bytes of a record that was looked up; the token is not needed.

        Raises:
            Refused: RECORD_ERASED.
            InputFault: RECORD_SEAL_BROKEN.
            StationError: VAULT_UNUSABLE.
        """
        if held.erased_at is not None:
            raise Refused("RECORD_ERASED", record=held.record, at=held.erased_at)
        return self._vault.read(held.record, held.place, held.content_hash)

    def record_key(self, held: HeldRecord) -> bytes:
        """Unwrap a record's key (32 bytes), to wrap it anew for the centre or for a bundle's recipient.

        Raises:
            Refused: RECORD_ERASED.
            InputFault: RECORD_KEY_BROKEN.
            DeviceAbsent: the token cannot be asked.
        """
        if held.wrapped_key is None:
            raise Refused("RECORD_ERASED", record=held.record, at=held.erased_at)
        return self._vault.record_key(held.record, held.wrapped_key)

    def parts(self, record: str) -> Mapping[str, bytes]:
        """Read all parts of a record, finger images too. For people use `read_for`: it is journalled.

        Raises:
            Refused: RECORD_NOT_HELD, RECORD_ERASED.
            InputFault: RECORD_SEAL_BROKEN, RECORD_KEY_BROKEN, RECORD_PARTS_MALFORMED.
            DeviceAbsent: the token cannot be asked.
        """
        held, sealed = self.sealed(record)
        if held.wrapped_key is None:  # erased between two looks
            raise Refused("RECORD_ERASED", record=record, at=held.erased_at)
        return unpack(self._vault.open(sealed, held.wrapped_key))

    def content(self, record: str) -> Record:
        """Read a record for the station's own work: a card job, an upload; their rows say so.

        Raises:
            Refused, InputFault, DeviceAbsent: as `parts`; RECORD_FILE_MISSING, RECORD_MALFORMED.
        """
        return record_of(self.parts(record))

    def read_for(self, record: str, by: str, what: str, reason: str) -> Mapping[str, bytes]:
        """Read a record for a person; a journal row says who, what and why before anything is shown.

        Args:
            record: its id.
            by: who looks; a member of staff, or a name of the operating system's user.
            what: code of what is done with it: `show`, `export`, `person`.
            reason: in the person's words; never personal data.

        Raises:
            Refused, InputFault, DeviceAbsent: as `parts`.
        """
        held = self.require(record)
        parts = self.parts(record)
        with self._database.transaction() as transaction:
            self.note_reading(transaction, held, by, what, reason)
        return parts

    def note_reading(
        self, transaction: Transaction, held: HeldRecord, by: str, what: str, reason: str
    ) -> None:
        """Write into the journal that a person has looked at a record."""
        payload = RecordRead(record=held.record, what=what, reason=reason)
        self._journal.event(transaction, "record_read", payload, Place(person=held.person), signed_by=by)

    # ---- erasing ----

    def erase(self, transaction: Transaction, record: str, by: str | None, reason: str) -> HeldRecord:
        """Destroy a record's key and tokens; call `scrub` after the commit.

        Whether it may be erased is decided by `station.retention`; this only does it.

        Raises:
            Refused: RECORD_NOT_HELD, RECORD_ERASED.
        """
        self._erasures += 1
        held = store.find(transaction, record)
        if held is None:
            raise Refused("RECORD_NOT_HELD", record=record)
        if held.erased_at is not None:
            raise Refused("RECORD_ERASED", record=record, at=held.erased_at)
        store.erase(transaction, record, timestamp(self._clock.now()))
        payload = RecordErased(record=record, content_hash=held.content_hash, reason=reason)
        self._journal.event(transaction, "record_erased", payload, Place(person=held.person), signed_by=by)
        return held

    def free_segments(self) -> int:
        """Remove the segments in which every record is erased; return the bytes that were freed."""
        with self._database.reading() as transaction:
            readable, last = store.segments_with_keys(transaction), store.last_place(transaction)
        newest = max([last.segment if last else 0, *self._vault.segments()], default=0)
        idle = [number for number in self._vault.segments() if number not in readable and number < newest]
        return sum(self._vault.remove(number) for number in idle)


def _held(kept: Kept, description: Description, origin: str, at: str) -> HeldRecord:
    if kept.record != description.record:
        raise RecordSealBroken(kept.record, "it was sealed as another record")
    return HeldRecord(
        record=kept.record,
        person=description.person,
        issue=description.issue,
        content_hash=kept.content_hash,
        record_sha256=description.record_sha256,
        place=kept.place,
        wrapped_key=kept.wrapped_key,
        received_at=at,
        origin=origin,
        local_status=description.status,
        centre_status=None,
        centre_status_at=None,
        erased_at=None,
    )


def _received(held: HeldRecord) -> RecordReceived:
    return RecordReceived(
        record=held.record,
        content_hash=held.content_hash,
        issue=held.issue,
        origin=held.origin,
        record_sha256=held.record_sha256,
        local_status=held.local_status,
    )
