"""Reading a whole backup again: signature, every file, database, journal, and sealed records."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from station.audit.heads import HeadKey, read_anchor
from station.audit.verify import Audit
from station.backup import store
from station.backup.files import Tick, keep_on, measure, ticking
from station.backup.manifest import Manifest, PieceEntry, SegmentStore, read_signed_manifest
from station.backup.place import ANCHOR, DATABASE, BackupPlace
from station.backup.segments import read_pieces
from station.database import Transaction
from station.database.copies import problems_of, reading_copy
from station.errors import InputFault
from station.intake import store as intake_store
from station.intake.store import AsideRow
from station.journal.store import stored_rows
from station.letters import store as letter_store
from station.letters.store import Letter
from station.vault import store as vault_store
from station.vault.keys import MasterKey
from station.vault.sealed import SealedRecord, open_sealed, unpack
from station.vault.store import HeldRecord

SAMPLE = 25
PAGE = 500
FIRST_FAULTS = 10


class BackupFault(StrEnum):
    """What is wrong with a backup."""

    FILE_MISSING = "backup_file_missing"
    FILE_CHANGED = "backup_file_changed"
    DATABASE_BROKEN = "backup_database_broken"
    JOURNAL_BROKEN = "backup_journal_broken"
    HEAD_DIFFERS = "backup_head_differs"
    RECORD_LOST = "backup_record_lost"
    LETTER_LOST = "backup_letter_lost"
    ASIDE_LOST = "backup_aside_lost"


@dataclass
class Verification:
    """What was read again.

    Attributes:
        opened: records that were opened with the token, of so many that can be read; those that are set aside
            are opened too, all of them, and not counted.
        letters, letters_opened: the same of the files of letters.
        faults: what is wrong, and where.
    """

    manifest: Manifest
    files: int = 0
    bytes_read: int = 0
    rows: int = 0
    records: int = 0
    opened: int = 0
    letters: int = 0
    letters_opened: int = 0
    faults: list[tuple[BackupFault, str]] = field(default_factory=list)

    def error(self) -> InputFault:
        """The faults as an error."""
        details = "; ".join(f"{fault.value} {where}" for fault, where in self.faults[:FIRST_FAULTS])
        return InputFault("BACKUP_DAMAGED", name=self.manifest.name, count=len(self.faults), details=details)


class Verifier:
    """Verifies backups with the token that they were made with; without it a backup is dead."""

    def __init__(self, key: HeadKey, master: MasterKey, tick: Tick = keep_on) -> None:
        self._key, self._master, self._tick = key, master, tick

    def verify(self, place: BackupPlace, name: str, *, every_record: bool = False) -> Verification:
        """Read everything again.

        Raises:
            InputFault: BACKUP_UNREADABLE.
            Refused: BACKUP_FOREIGN_TOKEN.
            DeviceAbsent: the token is not there.
        """
        found = Verification(read_signed_manifest(place.backup(name), self._key))
        self._files(place, found)
        if not found.faults:  # a database whose bytes are wrong is not worth opening
            self._database(place, found)
        if not found.faults:
            self._records(place, found, every_record=every_record)
            self._letters(place, found, every_letter=every_record)
        return found

    def _files(self, place: BackupPlace, found: Verification) -> None:
        folder = place.backup(found.manifest.name)
        wanted = [(folder / file.name, file.length, file.sha256) for file in found.manifest.files]
        wanted += [(place.piece(one), one.length, one.sha256) for one in found.manifest.pieces]
        for file, length, digest in wanted:
            try:
                seen = measure(file, self._tick)
            except OSError:
                found.faults.append((BackupFault.FILE_MISSING, file.name))
                continue
            found.files, found.bytes_read = found.files + 1, found.bytes_read + seen[0]
            if seen != (length, digest):
                found.faults.append((BackupFault.FILE_CHANGED, file.name))

    def _database(self, place: BackupPlace, found: Verification) -> None:
        folder = place.backup(found.manifest.name)
        with reading_copy(folder / DATABASE) as copy:
            found.faults += [(BackupFault.DATABASE_BROKEN, problem) for problem in problems_of(copy)]
            audit = Audit(self._key)
            audit.walk(ticking(stored_rows(copy), self._tick))
            audit.check_heads(read_anchor(folder / ANCHOR)[0])
            found.rows = audit.report.rows
            for fault in audit.report.faults:
                found.faults.append((BackupFault.JOURNAL_BROKEN, f"{fault.kind.value} {fault.row}"))
            end = found.manifest.journal
            if store.last_row(copy) != (end.sequence, end.hash):
                found.faults.append((BackupFault.HEAD_DIFFERS, str(end.sequence)))

    def _records(self, place: BackupPlace, found: Verification, *, every_record: bool) -> None:
        pieces = found.manifest.pieces
        with reading_copy(place.backup(found.manifest.name) / DATABASE) as copy:
            found.records = vault_store.count(copy)
            held = readable(copy) if every_record else sample(copy, found.records)
            for one in ticking(held, self._tick):
                if self._opens(place, pieces, one):
                    found.opened += 1
                else:
                    found.faults.append((BackupFault.RECORD_LOST, one.record))
            for waiting in ticking(intake_store.waiting(copy), self._tick):
                if not self._opens(place, pieces, waiting):
                    found.faults.append((BackupFault.ASIDE_LOST, str(waiting.number)))

    def _letters(self, place: BackupPlace, found: Verification, *, every_letter: bool) -> None:
        with reading_copy(place.backup(found.manifest.name) / DATABASE) as copy:
            found.letters = letter_store.count_readable(copy)
            if not found.letters:
                return
            some = readable_letters(copy) if every_letter else letter_store.some_readable(copy, SAMPLE)
            for letter in ticking(some, self._tick):
                if self._letter_opens(place, found.manifest.pieces, letter):
                    found.letters_opened += 1
                else:
                    found.faults.append((BackupFault.LETTER_LOST, letter.number))

    def _letter_opens(self, place: BackupPlace, pieces: tuple[PieceEntry, ...], letter: Letter) -> bool:
        if letter.file is None:
            return False
        try:
            content = read_pieces(place, pieces, SegmentStore.LETTERS, letter.file)
            sealed = SealedRecord(letter.sealed_as, content)
            unpack(open_sealed(sealed, self._master.unwrap(letter.sealed_as, letter.wrapped_key or b"")))
        except (InputFault, OSError):
            return False
        return sealed.content_hash == letter.content_hash

    def _opens(self, place: BackupPlace, pieces: tuple[PieceEntry, ...], one: HeldRecord | AsideRow) -> bool:
        """Open a record as the station does; its content goes nowhere. What is set aside need not be right.

        Raises:
            DeviceAbsent: the token is not there.
        """
        store = SegmentStore.VAULT if isinstance(one, HeldRecord) else SegmentStore.ASIDE
        try:
            sealed = SealedRecord(one.record, read_pieces(place, pieces, store, one.place))
            packed = open_sealed(sealed, self._master.unwrap(one.record, one.wrapped_key or b""))
            if store is SegmentStore.VAULT:
                unpack(packed)
        except (InputFault, OSError):
            return False
        return sealed.content_hash == one.content_hash


def readable(copy: Transaction) -> Iterator[HeldRecord]:
    """Every record that can be read, oldest first, page by page."""
    after = ("", "")
    while page := vault_store.page(copy, after=after, most=PAGE):
        yield from page
        after = (page[-1].received_at, page[-1].record)


def readable_letters(copy: Transaction) -> Iterator[Letter]:
    """Every letter whose file can be read, in order, page by page."""
    after = (0, 0)
    while page := letter_store.readable(copy, after, PAGE):
        yield from page
        after = (page[-1].year, page[-1].place)


def sample(copy: Transaction, count: int) -> list[HeldRecord]:
    """Some records all over the holding; the newest, which no earlier look has seen, is always one."""
    if count <= SAMPLE:
        return list(readable(copy))
    chosen = {*random.sample(range(count), SAMPLE - 1), count - 1}
    return [held for number, held in enumerate(readable(copy)) if number in chosen]
