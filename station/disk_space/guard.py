"""The guard of the journal's room: intake stops first, then the beginning of cards, the journal never.

The bytes below each limit are kept for what comes after it: below the first limit the station only warns,
below the second it takes in no records and writes no exports, below the third it begins no card. A card that
is begun is finished: its rows are what the last bytes are kept for.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from station.errors import Refused, StationError
from station.settings import DiskSpaceSettings

MEGABYTE = 1_000_000


class SpaceLevel(IntEnum):
    """How much room there is; more is worse."""

    AMPLE = 0
    LOW = 1
    NO_INTAKE = 2
    NO_CARDS = 3


LEVEL_CODES = {
    SpaceLevel.LOW: "DISK_SPACE_LOW",
    SpaceLevel.NO_INTAKE: "DISK_STOPS_INTAKE",
    SpaceLevel.NO_CARDS: "DISK_STOPS_CARDS",
}


@dataclass(frozen=True)
class SpaceReading:
    """One look at the disk: bytes that the station may still write, and what that leads to."""

    free: int
    level: SpaceLevel


def free_bytes(folder: Path) -> int:
    """Bytes that an ordinary user may still write to the file system of a folder that may not exist yet.

    `f_bavail`, not `f_bfree` (POSIX, sys/statvfs.h): what is kept for root is not ours.

    Raises:
        OSError: the file system does not answer.
    """
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    seen = os.statvfs(there)
    return seen.f_bavail * seen.f_frsize


def on_same_disk(one: Path, other: Path) -> bool:
    """Tell whether two folders lie on one file system, so that one fault takes both."""
    return one.stat().st_dev == other.stat().st_dev


class DiskSpaceGuard:
    """Watches the file system that the database is on."""

    def __init__(
        self, folder: Path, limits: DiskSpaceSettings, free: Callable[[Path], int] = free_bytes
    ) -> None:
        self._folder, self._limits, self._free = folder, limits, free

    def look(self, coming: int = 0) -> SpaceReading:
        """Look at the disk as it would be with `coming` more bytes on it."""
        free = self._free(self._folder) - coming
        limits = self._limits
        level = SpaceLevel.AMPLE
        for limit, worse in (
            (limits.warn_below, SpaceLevel.LOW),
            (limits.stop_intake_below, SpaceLevel.NO_INTAKE),
            (limits.stop_cards_below, SpaceLevel.NO_CARDS),
        ):
            if free < limit:
                level = worse
        return SpaceReading(free, level)

    def worries(self) -> tuple[StationError, ...]:
        """What somebody should be told of the disk: none while there is room."""
        seen = self.look()
        code = LEVEL_CODES.get(seen.level)
        if code is None:
            return ()
        return (Refused(code, folder=self._folder, free=seen.free // MEGABYTE, coming=0),)

    def require_room_for_intake(self, coming: int = 0) -> None:
        """Before each batch of records: `coming` is what the batch will write.

        Raises:
            Refused: DISK_STOPS_INTAKE.
        """
        self._require(self.look(coming), SpaceLevel.NO_INTAKE, "DISK_STOPS_INTAKE", coming)

    def require_room_for_export(self, folder: Path, coming: int) -> None:
        """Before a file is written by wish, a backup for example; only our own file system is guarded.

        Raises:
            Refused: DISK_STOPS_INTAKE.
        """
        if on_same_disk(folder, self._folder):
            self.require_room_for_intake(coming)

    def require_room_for_card(self) -> None:
        """Before each attempt begins.

        Raises:
            Refused: DISK_STOPS_CARDS.
        """
        self._require(self.look(), SpaceLevel.NO_CARDS, "DISK_STOPS_CARDS", 0)

    def _require(self, reading: SpaceReading, worst: SpaceLevel, code: str, coming: int) -> None:
        if reading.level >= worst:
            free = (reading.free + coming) // MEGABYTE
            raise Refused(code, folder=self._folder, free=free, coming=-(-coming // MEGABYTE))
