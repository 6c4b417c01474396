"""Segment files: the sealed bytes of records one after the other, appended and never changed.

A segment has no heads and no index of its own; the database knows where each record lies. Bytes that no row
names are what a crash has left behind: nobody reads them. So opening costs nothing, however many are held.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.errors import StationError
from station.folders import make_durably, sync_names

SEGMENT_BYTES: Final = 64 * 1024 * 1024  # a segment that has reached this takes no more
ENDING: Final = ".seg"
FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600


@dataclass(frozen=True, order=True)
class SegmentPlace:
    """Where sealed bytes lie: number of the segment, offset and length in bytes."""

    segment: int
    offset: int
    length: int

    @property
    def end(self) -> int:
        """Offset of the first byte after them."""
        return self.offset + self.length


class SegmentWriter:
    """Appends to the newest segment. One process at a time: whoever holds the station's lock.

    Args:
        folder: of the segments; made if it is not there.
        floor: the last place that the database names; nothing is written before its end, even if the file
            has lost its tail.
    """

    def __init__(self, folder: Path, floor: SegmentPlace | None) -> None:
        self._folder = folder
        with disk_errors(folder):
            make_durably(folder, FOLDER_MODE)
            self._number, self._end = _tail(folder, floor)

    def append(self, contents: Sequence[bytes]) -> list[SegmentPlace]:
        """Append contents, all in one segment; they are on the disk afterwards (one fdatasync).

        Raises:
            StationError: VAULT_UNUSABLE. Nothing of them is kept.
        """
        if self._end >= SEGMENT_BYTES:
            self._number, self._end = self._number + 1, 0
        places, offset = [], self._end
        for content in contents:
            places.append(SegmentPlace(self._number, offset, len(content)))
            offset += len(content)
        with disk_errors(self._folder):
            try:
                self._write(b"".join(contents))
            except OSError:
                # What a failed sync has written is unknown: go on in a fresh file.
                self._number, self._end = self._number + 1, 0
                raise
        self._end = offset
        return places

    def _write(self, content: bytes) -> None:
        path = segment_path(self._folder, self._number)
        fresh = not path.exists()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        try:
            try:
                _write_all(descriptor, content, self._end)
                os.fdatasync(descriptor)
            except OSError:
                os.ftruncate(descriptor, self._end)
                raise
        finally:
            os.close(descriptor)
        if fresh:
            sync_names(self._folder)


def read_segment(folder: Path, place: SegmentPlace) -> bytes:
    """Read sealed bytes; fewer when the file is shorter, none when it is not there.

    Raises:
        StationError: VAULT_UNUSABLE.
    """
    with disk_errors(folder):
        try:
            descriptor = os.open(segment_path(folder, place.segment), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return b""
        try:
            return os.pread(descriptor, place.length, place.offset)
        finally:
            os.close(descriptor)


def segment_path(folder: Path, number: int) -> Path:
    """The file of a segment."""
    return folder / f"{number:06}{ENDING}"


def segment_numbers(folder: Path) -> list[int]:
    """The segments that are there, oldest first."""
    return sorted(int(file.stem) for file in folder.glob(f"*{ENDING}") if file.stem.isdigit())


def remove_segment(folder: Path, number: int) -> int:
    """Remove a segment that nothing readable is in; return the bytes that were freed.

    Raises:
        StationError: VAULT_UNUSABLE.
    """
    path = segment_path(folder, number)
    with disk_errors(folder):
        if not path.exists():
            return 0
        size = path.stat().st_size
        path.unlink()
        sync_names(folder)
    return size


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn the disk's errors into the station's.

    Raises:
        StationError: VAULT_UNUSABLE.
    """
    try:
        yield
    except OSError as error:
        raise StationError("VAULT_UNUSABLE", folder=folder, problem=error.strerror or "disk") from error


def _tail(folder: Path, floor: SegmentPlace | None) -> tuple[int, int]:
    """Number of the segment to go on with, and where its end is."""
    there = segment_numbers(folder)
    number = max([*there, floor.segment if floor else 1])
    path = segment_path(folder, number)
    end = path.stat().st_size if path.exists() else 0
    if floor is not None and floor.segment == number and end < floor.end:
        return number + 1, 0  # the tail of this file is lost: its places stay what they are
    return number, end


def _write_all(descriptor: int, content: bytes, offset: int) -> None:
    view = memoryview(content)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view, offset = view[written:], offset + written
