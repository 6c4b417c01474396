"""Restoring a backup: beside its target, then under its name by one rename. Nothing is ever overwritten.

What happened after the backup is unknown, not undone. So the restored station continues its journal with the
rows beside the backup as far as they go, destroys again what was erased since, and holds everything back
until people have counted and compared (`station.backup.releasing`).
"""

import contextlib
import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from station.audit.heads import HeadKey, JournalSeal
from station.audit.store import insert_head
from station.backup import store
from station.backup.continuation import Continuation, read_continuation
from station.backup.files import blocks, copy_blocks, measure, sync_file
from station.backup.locking import only_one
from station.backup.making import BACKUP_MADE
from station.backup.manifest import FileEntry, Manifest, PieceEntry, read_signed_manifest
from station.backup.place import ANCHOR, DATABASE, BackupPlace
from station.backup.segments import joined
from station.backup.store import SegmentKey
from station.clock import Clock, timestamp
from station.database import Database, Transaction
from station.database.copies import reading_copy
from station.errors import InputFault, Refused, StationError
from station.folders import make_durably, sync_names
from station.journal.store import Journal
from station.journal.store import Place as JournalPlace
from station.letters import store as letter_store
from station.letters.rows import ERASED, LetterErased
from station.letters.store import Letter
from station.replay.replaying import replay
from station.restoration import store as restorations
from station.restoration.rows import RESTORED
from station.staff import store as staff
from station.vault import store as vault_store
from station.vault.holding import RecordErased
from station.vault.segments import segment_path
from station.vault.store import HeldRecord

FOLDER_MODE = 0o700


class RestoredFromBackup(BaseModel):
    """Payload: where this database comes from, and how far its journal could be continued.

    Attributes:
        sequence, hash: the journal's last row in the backup.
        rows: how many rows more were known and put back. unsigned: how many besides the token had not signed,
            which were not. stopped_at: the first row that did not fit. left_out: how many are not back.
        erased_again: records that were erased after the backup, known from later backups.
        lost: records that came in after the backup: they must be brought again.
    """

    model_config = ConfigDict(frozen=True)

    backup: str
    state_of: str
    sequence: int
    hash: str
    rows: int
    unsigned: int
    stopped_at: int | None
    left_out: int
    erased_again: int
    lost: int


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    manifest: Manifest
    event: RestoredFromBackup
    lost: Sequence[str]
    segments: int


class Restorer:
    """Restores one backup into one folder."""

    def __init__(
        self, place: BackupPlace, name: str, key: HeadKey, clock: Clock, database_file: str = DATABASE
    ) -> None:
        self._place, self._name, self._key, self._clock = place, name, key, clock
        self._database_file = database_file

    def restore(self, target: Path) -> Restored:
        """Restore into a folder that is empty or not there.

        Raises:
            InputFault: BACKUP_UNREADABLE, BACKUP_DAMAGED.
            Refused: BACKUP_FOREIGN_TOKEN, BACKUP_BUSY, RESTORE_TARGET_IN_USE.
            StationError: RESTORE_FAILED. The target is untouched.
            DeviceAbsent: the token is not there.
        """
        target = target.absolute()
        with _restore_errors(target):
            _require_empty(target)
            make_durably(target.parent, 0o755)
            staging = target.parent / f".restoring-{target.name}"
            with only_one(target.parent):
                restored = self._stage(staging)
                staging.rename(target)  # over an empty folder too; onto a mount point it is refused
                sync_names(target.parent)
        return restored

    def _stage(self, staging: Path) -> Restored:
        if staging.exists():
            shutil.rmtree(staging)
        staging.mkdir(mode=FOLDER_MODE)
        manifest = read_signed_manifest(self._place.backup(self._name), self._key)
        for entry in manifest.files:
            self._copy(entry, staging)
        segments = self._copy_segments(manifest, staging)
        restored = self._continue(manifest, staging, segments)
        for file in staging.iterdir():  # the head, written last, has synced their names
            if file.is_file():
                sync_file(file)
        return restored

    def _copy(self, entry: FileEntry, staging: Path) -> None:
        source = self._place.backup(self._name) / entry.name
        target = staging / (self._database_file if entry.name == DATABASE else entry.name)
        if copy_blocks(blocks(source), target) != (entry.length, entry.sha256):
            raise self._damaged(entry.name)

    def _copy_segments(self, manifest: Manifest, staging: Path) -> int:
        segments: dict[SegmentKey, list[PieceEntry]] = {}
        for piece in manifest.pieces:
            segments.setdefault((piece.store, piece.segment), []).append(piece)
        for (name, number), pieces in segments.items():
            for piece, start in zip(pieces, [0, *(one.end for one in pieces)], strict=False):
                sound = measure(self._place.piece(piece)) == (piece.length, piece.sha256)
                if not sound or piece.offset != start:
                    raise self._damaged(piece.file)
            folder = staging / name
            folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
            copy_blocks(joined(self._place, pieces), segment_path(folder, number))
            sync_names(folder)
        return len(segments)

    def _continue(self, manifest: Manifest, staging: Path, segments: int) -> Restored:
        """Bring the database as far as anything is known, and hold everything behind that back."""
        continuation = read_continuation(self._place, manifest, self._key)
        database = Database(f"sqlite:///{self._database_file}", staging)
        try:
            database.migrate()
            event, lost = self._aftermath(database, manifest, continuation)
            JournalSeal(database, self._clock, self._key, staging / ANCHOR).sign()
        finally:
            database.close()
        return Restored(manifest, event, lost, segments)

    def _aftermath(
        self, database: Database, manifest: Manifest, continuation: Continuation
    ) -> tuple[RestoredFromBackup, Sequence[str]]:
        journal = Journal(self._clock)
        with database.transaction() as transaction:
            replayed = replay(transaction, self._clock, continuation.rows)
            for head in continuation.heads:
                if replayed.stopped_at is None or head.sequence < replayed.stopped_at:
                    insert_head(transaction, head)
            for name in sorted(replayed.pins):
                staff.forget_pin(transaction, journal, name)
            erased = self._erase_again(transaction, journal)
            event = RestoredFromBackup(
                backup=manifest.name,
                state_of=manifest.made_at,
                sequence=manifest.journal.sequence,
                hash=manifest.journal.hash,
                rows=replayed.rows,
                unsigned=continuation.unsigned,
                stopped_at=replayed.stopped_at,
                left_out=continuation.unsigned + len(continuation.rows) - replayed.rows,
                erased_again=erased,
                lost=len(replayed.lost),
            )
            row = journal.event(transaction, RESTORED, event)
            at = timestamp(self._clock.now())
            restorations.add(transaction, row, manifest.name, manifest.made_at, at)
            # The backup's own row was written after its copy: without this the restored station would take an
            # empty mount point for a fresh place.
            made = store.LastTime(manifest.made_at, row, str(self._place.folder))
            store.put_time(transaction, BACKUP_MADE, made)
        return event, replayed.lost

    def _erase_again(self, transaction: Transaction, journal: Journal) -> int:
        """Destroy what later backups show as erased, where no continuation has led there."""
        erased = 0
        for name in self._place.names():
            if name <= self._name:
                continue
            with contextlib.suppress(StationError):  # what cannot be read or trusted tells nothing
                read_signed_manifest(self._place.backup(name), self._key)
                with reading_copy(self._place.backup(name) / DATABASE) as later:
                    for held in _erased(later):
                        erased += _erase(transaction, journal, held)
                    for letter in letter_store.erased(later):
                        _erase_letter(transaction, journal, letter)
        return erased

    def _damaged(self, file: str) -> InputFault:
        return InputFault("BACKUP_DAMAGED", name=self._name, count=1, details=file)


def _erased(copy: Transaction) -> Iterator[HeldRecord]:
    after = ("", "")
    while page := vault_store.page(copy, after=after, erased=True):
        yield from page
        after = (page[-1].received_at, page[-1].record)


def _erase(transaction: Transaction, journal: Journal, known: HeldRecord) -> bool:
    held = vault_store.find(transaction, known.record)
    if held is None or held.erased_at is not None:
        return False
    vault_store.erase(transaction, held.record, known.erased_at or "")
    payload = RecordErased(
        record=held.record, content_hash=held.content_hash, reason="erased after the backup"
    )
    journal.event(transaction, "record_erased", payload, JournalPlace(person=held.person))
    return True


def _erase_letter(transaction: Transaction, journal: Journal, known: Letter) -> None:
    """Destroy a letter's key again; one that was not issued yet in this backup has none."""
    letter = letter_store.at(transaction, known.year, known.place)
    if letter is None or letter.wrapped_key is None or letter.content_hash is None:
        return
    letter_store.put_erased(transaction, letter.year, letter.place, known.erased_at or "")
    payload = LetterErased(
        year=letter.year, place=letter.place, number=letter.number, content_hash=letter.content_hash
    )
    journal.event(transaction, ERASED, payload, JournalPlace(person=letter.person))


def _require_empty(target: Path) -> None:
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise Refused("RESTORE_TARGET_IN_USE", folder=target)


@contextmanager
def _restore_errors(target: Path) -> Iterator[None]:
    """Turn the disk's faults into the station's; another's files that appeared meanwhile too.

    Raises:
        Refused: RESTORE_TARGET_IN_USE.
        StationError: RESTORE_FAILED.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise Refused("RESTORE_TARGET_IN_USE", folder=target) from error
        problem = error.strerror or str(error)
        raise StationError("RESTORE_FAILED", folder=target, problem=problem) from error
