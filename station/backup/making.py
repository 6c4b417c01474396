"""Making one backup: copied beside the others, published by one rename, read again, then counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from station.audit.heads import HeadKey, read_anchor
from station.backup import store
from station.backup.files import Tick, copy_blocks, keep_on, measure, sync_file
from station.backup.locking import only_one
from station.backup.manifest import FileEntry, JournalEnd, Manifest, SegmentStore, write_manifest
from station.backup.place import ANCHOR, DATABASE, BackupPlace, place_errors
from station.backup.segments import bytes_to_copy, copy_new, known_pieces
from station.backup.verifying import BackupFault, Verification, Verifier
from station.clock import Clock, timestamp
from station.database import Database
from station.database.copies import reading_copy, revision_of, write_copy
from station.disk_space.guard import DiskSpaceGuard, free_bytes
from station.errors import InputFault, Refused, StationError
from station.folders import sync_names
from station.intake import store as intake_store
from station.journal.store import Journal
from station.letters import store as letter_store
from station.letters.files import LetterFiles
from station.vault import store as vault_store
from station.vault.keys import MasterKey
from station.vault.vault import Vault

BACKUP_MADE, BACKUP_FAILED = "backup_made", "backup_failed"
SPARE = 1_000_000  # manifest, signature, folders
DAMAGED = ".damaged-"
MOMENT = "%Y%m%dT%H%M%SZ"


class BackupMade(BaseModel):
    """Payload: a backup was made, read again and found good."""

    model_config = ConfigDict(frozen=True)

    name: str
    length: int
    copied: int
    records: int
    opened: int
    removed: tuple[str, ...]
    lost: int


class BackupFailed(BaseModel):
    """Payload: no backup was made, and why."""

    model_config = ConfigDict(frozen=True)

    code: str


@dataclass(frozen=True)
class Made:
    """A backup that was made.

    Attributes:
        copied: bytes that were copied for it. removed: names of old ones that went.
        lost: records and letters of those looked at that this station itself has lost.
    """

    manifest: Manifest
    copied: int
    verification: Verification
    removed: tuple[str, ...]
    lost: int


@dataclass(frozen=True)
class BackupSource:
    """What is backed up, and the keys that it is signed and tried with.

    Attributes:
        data: folder with the segments in it. anchor: file of the signed heads.
        key: signs the manifest. key_name: its PKCS#11 URL without the PIN source. master: opens records.
    """

    database: Database
    journal: Journal
    clock: Clock
    data: Path
    anchor: Path
    key: HeadKey
    key_name: str
    master: MasterKey
    office: str
    guard: DiskSpaceGuard


class BackupMaker:
    """Makes backups at one place. One at a time."""

    def __init__(self, source: BackupSource, place: BackupPlace, keep: int, tick: Tick = keep_on) -> None:
        self._source, self._place, self._keep, self._tick = source, place, keep, tick

    def make(self, *, known: bool) -> Made:
        """Make one backup and remove the oldest that are too many; both are journal rows.

        Args:
            known: whether there were backups at this place before: an empty mount point is none.

        Raises:
            DeviceAbsent: BACKUP_PLACE_ABSENT; the token is not there.
            Refused: BACKUP_BUSY, BACKUP_PLACE_FULL, DISK_STOPS_INTAKE.
            StationError: BACKUP_PLACE_FAILED, BACKUP_DAMAGED.
        """
        try:
            with only_one(self._source.data):
                return self._make(known=known)
        except StationError as error:
            self._note_failure(error)
            raise

    def _make(self, *, known: bool) -> Made:
        place = self._place
        place.require(known=known)
        with place_errors(place.folder):
            place.prepare()
        manifest, copied = self._publish()
        verification = Verifier(self._source.key, self._source.master, self._tick).verify(
            place, manifest.name
        )
        lost = self._lost_here_too(verification)
        if verification.faults:
            with place_errors(place.folder):
                folder = place.backup(manifest.name)
                folder.rename(folder.with_name(DAMAGED + folder.name))
                sync_names(place.backups)
            raise verification.error()
        with place_errors(place.folder):
            removed = tuple(place.prune(self._keep))
        made = Made(manifest, copied, verification, removed, lost)
        self._note(made)
        return made

    def _lost_here_too(self, verification: Verification) -> int:
        """Take out of the faults what does not open here either: the backup is as good as the disk.

        Else one lost record or letter would keep every other one from being backed up ever again.
        """
        opens: dict[BackupFault, Callable[[str], bool]] = {
            BackupFault.RECORD_LOST: self._opens_here,
            BackupFault.ASIDE_LOST: self._aside_opens_here,
            BackupFault.LETTER_LOST: self._letter_opens_here,
        }
        lost = [
            (fault, name) for fault, name in verification.faults if fault in opens and not opens[fault](name)
        ]
        verification.faults = [one for one in verification.faults if one not in lost]
        return len(lost)

    def _aside_opens_here(self, number: str) -> bool:
        vault = Vault(self._source.data / SegmentStore.ASIDE, self._source.master)
        try:
            with self._source.database.reading() as transaction:
                row = intake_store.require_waiting(transaction, int(number))
            vault.open(vault.read(row.record, row.place, row.content_hash), row.wrapped_key or b"")
        except (InputFault, Refused):  # damaged here too, or decided in between
            return False
        return True

    def _opens_here(self, record: str) -> bool:
        vault = Vault(self._source.data / SegmentStore.VAULT, self._source.master)
        with self._source.database.reading() as transaction:
            held = vault_store.find(transaction, record)
        if held is None or held.wrapped_key is None:
            return False  # erased in between
        try:
            vault.open(vault.read(record, held.place, held.content_hash), held.wrapped_key)
        except InputFault:
            return False
        return True

    def _letter_opens_here(self, number: str) -> bool:
        vault = Vault(self._source.data / SegmentStore.LETTERS, self._source.master)
        with self._source.database.reading() as transaction:
            letter = letter_store.find(transaction, number)
        if letter is None:
            return False
        try:
            LetterFiles(self._source.database, vault).open(letter)
        except (InputFault, Refused):
            return False
        return True

    def _publish(self) -> tuple[Manifest, int]:
        """Write everything beside the whole backups; the one rename at the end makes it one of them."""
        place, source = self._place, self._source
        needed = self._database_bytes()
        self._require_room(needed)
        with place_errors(place.folder, needed):
            place.making.mkdir(mode=0o700)
            made_at = source.clock.now()
            write_copy(source.database, place.making / DATABASE)
            sync_file(place.making / DATABASE)
        with reading_copy(place.making / DATABASE) as copy:
            sequence, row_hash = store.last_row(copy)
            ends = store.segment_ends(copy)
            records, erased = vault_store.count(copy), vault_store.count(copy, erased=True)
            revision = revision_of(copy)
            known = known_pieces(self._ancestor(sequence), ends)
        fresh = bytes_to_copy(known, ends)
        self._require_room(fresh)
        with place_errors(place.folder, fresh):
            pieces = copy_new(place, source.data, known, ends, self._tick)
            files = [self._copy_anchor(sequence), self._entry(DATABASE)]
            manifest = Manifest(
                name=_name(made_at, sequence, place.names()),
                made_at=timestamp(made_at),
                office=source.office,
                revision=revision,
                journal=JournalEnd(sequence=sequence, hash=row_hash),
                records=records,
                erased=erased,
                token=source.key_name,
                files=tuple(files),
                pieces=tuple(pieces),
            )
            for file in write_manifest(place.making, manifest, source.key):
                sync_file(file)
            sync_names(place.making)
            place.making.rename(place.backup(manifest.name))
            sync_names(place.backups)
        return manifest, fresh + sum(file.length for file in files)

    def _database_bytes(self) -> int:
        """What a copy of the database may need: no more than the original with what is still in its log."""
        path = Path(str(self._source.database.engine.url.database))
        logged = path.with_name(path.name + "-wal")
        return path.stat().st_size + (logged.stat().st_size if logged.exists() else 0) + SPARE

    def _require_room(self, needed: int) -> None:
        with place_errors(self._place.folder, needed):
            free = free_bytes(self._place.folder)
        self._source.guard.require_room_for_export(self._place.folder, needed)
        if free < needed:
            raise Refused("BACKUP_PLACE_FULL", place=self._place.folder, needed=-(-needed // 1_000_000))

    def _ancestor(self, sequence: int) -> Manifest | None:
        """The newest backup that this database goes on from; after a restore others may lie beside it."""
        with self._source.database.reading() as transaction:
            for manifest in reversed(self._place.manifests()):
                end = manifest.journal
                if end.sequence <= sequence and store.has_row(transaction, end.sequence, end.hash):
                    return manifest
        return None

    def _copy_anchor(self, sequence: int) -> FileEntry:
        """Copy the heads up to the copy's last row: later ones belong to rows that it does not have."""
        heads, _ = read_anchor(self._source.anchor)
        lines = (head.model_dump_json().encode() + b"\n" for head in heads if head.sequence <= sequence)
        length, digest = copy_blocks(lines, self._place.making / ANCHOR)
        return FileEntry(name=ANCHOR, length=length, sha256=digest)

    def _entry(self, name: str) -> FileEntry:
        length, digest = measure(self._place.making / name, self._tick)
        return FileEntry(name=name, length=length, sha256=digest)

    def _note(self, made: Made) -> None:
        payload = BackupMade(
            name=made.manifest.name,
            length=made.manifest.length,
            copied=made.copied,
            records=made.manifest.records,
            opened=made.verification.opened,
            removed=made.removed,
            lost=made.lost,
        )
        with self._source.database.transaction() as transaction:
            row = self._source.journal.event(transaction, BACKUP_MADE, payload)
            store.note_time(transaction, self._source.clock, BACKUP_MADE, row, str(self._place.folder))

    def _note_failure(self, error: StationError) -> None:
        """Date a failure: once for each reason and day, not at every try."""
        now = timestamp(self._source.clock.now())
        with self._source.database.transaction() as transaction:
            last = store.last_time(transaction, BACKUP_FAILED)
            if last and last.detail == error.code and last.at[:10] == now[:10]:
                return
            row = self._source.journal.event(transaction, BACKUP_FAILED, BackupFailed(code=error.code))
            store.note_time(transaction, self._source.clock, BACKUP_FAILED, row, error.code)


def _name(made_at: datetime, sequence: int, others: Sequence[str]) -> str:
    """A name that sorts behind all others, also after the clock was set back: the oldest name goes first."""
    moment = made_at.astimezone(UTC).replace(microsecond=0)
    if others:
        last = datetime.strptime(others[-1].partition("-")[0], MOMENT).replace(tzinfo=UTC)
        moment = max(moment, last + timedelta(seconds=1))
    return f"{moment:{MOMENT}}-{sequence:08}"
