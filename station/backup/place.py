"""The place of backups: one folder on another disk, and what lies in it.

    backups/NAME/     manifest.json manifest.sig station.db journal-heads.log; there, or not there at all
    backups/.making   the one that is being made; never taken for a backup
    pieces/           pieces of segments, shared by backups
    continuations/    NAME.jsonl: the journal's rows since that backup

A name is a moment and the journal's last row, so names sort by time.
"""

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.backup.manifest import MANIFEST, NAME_PATTERN, Manifest, PieceEntry, read_manifest
from station.errors import DeviceAbsent, InputFault, Refused, StationError
from station.folders import sync_names

MEGABYTE = 1_000_000
DATABASE, ANCHOR = "station.db", "journal-heads.log"
HIDDEN = "."
NAME = re.compile(NAME_PATTERN)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class BackupPlace:
    """One folder that backups are kept in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.backups, self.pieces, self.continuations = (
            folder / "backups",
            folder / "pieces",
            folder / "continuations",
        )
        self.making = self.backups / ".making"

    def require(self, *, known: bool) -> None:
        """See that the place is there. Its folder may be an empty mount point: the disk is not plugged in.

        Args:
            known: whether backups were made here before, so that they must be there.

        Raises:
            DeviceAbsent: BACKUP_PLACE_ABSENT.
        """
        if not self.folder.is_dir():
            raise DeviceAbsent("BACKUP_PLACE_ABSENT", place=self.folder, problem=os.strerror(errno.ENOENT))
        if known and not self.backups.is_dir():
            raise DeviceAbsent(
                "BACKUP_PLACE_ABSENT", place=self.folder, problem="none of our backups is in it"
            )
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise DeviceAbsent("BACKUP_PLACE_ABSENT", place=self.folder, problem=os.strerror(errno.EACCES))

    def prepare(self) -> None:
        """Make the folders, and sweep away what a broken-off backup has left."""
        for folder in (self.backups, self.pieces, self.continuations):
            folder.mkdir(mode=0o700, exist_ok=True)
        sync_names(self.folder)
        for left in self.backups.glob(f"{HIDDEN}*"):
            shutil.rmtree(left)
        for left in self.pieces.glob(f"{HIDDEN}*"):
            left.unlink()

    def names(self) -> list[str]:
        """The names of the whole backups, oldest first."""
        if not self.backups.is_dir():
            return []
        return sorted(
            folder.name
            for folder in self.backups.iterdir()
            if NAME.fullmatch(folder.name) and (folder / MANIFEST).is_file()
        )

    def backup(self, name: str) -> Path:
        """The folder of a backup."""
        return self.backups / name

    def continuation(self, name: str) -> Path:
        """The file of the journal's rows since a backup."""
        return self.continuations / f"{name}.jsonl"

    def piece(self, piece: PieceEntry) -> Path:
        """The file of a piece."""
        return self.pieces / piece.file

    def manifests(self) -> list[Manifest]:
        """The manifests that can be read, oldest first."""
        found = []
        for name in self.names():
            with contextlib.suppress(InputFault):  # a damaged one is told by `verify`, and stands in no way
                found.append(read_manifest(self.backup(name)))
        return found

    def prune(self, keep: int) -> list[str]:
        """Remove the oldest backups but `keep`, and the pieces and continuations that the rest does not need.

        A removed backup is renamed first: what is half removed is never taken for a whole one. Pieces stay
        while any manifest cannot be read: it may need them.
        """
        gone = self.names()[:-keep]
        for name in gone:
            hidden = self.backups / f"{HIDDEN}{name}"
            self.backup(name).rename(hidden)
            sync_names(self.backups)
            shutil.rmtree(hidden)
            self.continuation(name).unlink(missing_ok=True)
        kept = self.manifests()
        if len(kept) == len(self.names()):
            needed = {piece.file for manifest in kept for piece in manifest.pieces}
            for file in self.pieces.iterdir():
                if file.name not in needed:
                    file.unlink()
        return gone


def place_of(folder: Path) -> tuple[BackupPlace, str]:
    """The place and the name of a backup that a person has named by its folder, or by that of the place.

    Raises:
        InputFault: BACKUP_UNREADABLE.
    """
    place = BackupPlace(folder)
    if place.names():
        return place, place.names()[-1]
    real = folder.absolute()
    place = BackupPlace(real.parent.parent)
    if real.parent.name == "backups" and real.name in place.names():
        return place, real.name
    raise InputFault("BACKUP_UNREADABLE", folder=folder, problem="no backup is in it")


@contextmanager
def place_errors(place: Path, needed: int = 0) -> Iterator[None]:
    """Turn the faults of the place's disk into the station's.

    Raises:
        StationError: BACKUP_PLACE_FULL, BACKUP_PLACE_FAILED.
    """
    try:
        yield
    except OSError as error:
        text = error.strerror or str(error)
        if error.errno in FULL or "disk is full" in text:
            needed_megabytes = -(-needed // MEGABYTE)
            raise Refused("BACKUP_PLACE_FULL", place=place, needed=needed_megabytes) from error
        raise StationError("BACKUP_PLACE_FAILED", place=place, problem=text) from error
