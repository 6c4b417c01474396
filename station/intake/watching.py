"""The watched folder: bundles are taken in as they come, and moved to `accepted/` or `set-aside/` beside it.

A file is taken when its framing says that it is whole, and its size and time are the same as one look before:
some programs write the end of a file before its middle. What is not whole is left alone, however old it is;
what can never become whole is moved away.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.bundles.frame import read_frame
from station.bundles.plain_file import GONE, open_plain
from station.errors import InputFault, StationError
from station.folders import sync_names
from station.intake.importing import INTERRUPTED, FileResult
from station.intake.sources import ENDING

ACCEPTED: Final = "accepted"
SET_ASIDE: Final = "set-aside"
FOLDER_MODE: Final = 0o700
AT_ONCE: Final = 64  # files of one look: the lanes and the console wait no longer for the database


@dataclass(frozen=True)
class _Seen:
    """How a file looked."""

    size: int
    changed: int


class WatchedFolder:
    """One folder that bundles come into.

    Args:
        folder: the folder.
        take_in: takes these bundles in, the first from this position on.
    """

    def __init__(self, folder: Path, take_in: Callable[[Sequence[Path], int], list[FileResult]]) -> None:
        self._folder, self._take_in = folder, take_in
        self._seen: dict[Path, _Seen] = {}

    def look(self) -> list[FileResult]:
        """Take in what is whole and still; return what became of each file that was moved.

        Raises:
            InputFault: WATCH_FOLDER_UNUSABLE.
            StationError, DeviceAbsent: as the import; the files stay where they are.
        """
        try:
            still = self._still_files()[:AT_ONCE]
            whole = [file for file in still if self._is_decided(file)]
        except OSError as error:
            raise self._unusable(error) from error
        moved: list[FileResult] = []
        for file in whole:
            result = self._take_whole(file)
            if result.fault is not None and result.fault.code == INTERRUPTED:
                break  # it went away, or its disk did
            self._move(file, ACCEPTED if _all_well(result) else SET_ASIDE)
            moved.append(result)
        return moved

    def _take_whole(self, file: Path) -> FileResult:
        """Take in one bundle, portion by portion: others have their turn in between."""
        whole = FileResult(file)
        while True:
            (part,) = self._take_in([file], whole.reached)
            whole.add(part)
            if whole.fault is not None or whole.finished:
                return whole

    def _still_files(self) -> list[Path]:
        """The bundles that look as they did one look before, by name."""
        now: dict[Path, _Seen] = {}
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name.endswith(ENDING) and entry.is_file(follow_symlinks=False):
                    looks = entry.stat(follow_symlinks=False)
                    now[Path(entry.path)] = _Seen(looks.st_size, looks.st_mtime_ns)
        still = sorted(file for file, looks in now.items() if self._seen.get(file) == looks)
        self._seen = now
        return still

    @staticmethod
    def _is_decided(file: Path) -> bool:
        """Whether the framing says that the file is whole, or that it never will be."""
        try:
            with open_plain(file) as opened:
                read_frame(opened)
        except InputFault as fault:
            return fault.code != "BUNDLE_INCOMPLETE"
        except OSError as error:
            if error.errno in GONE:
                return False
            raise
        return True

    def _move(self, file: Path, where: str) -> None:
        """Move a file within the folder: one rename, never over another file."""
        try:
            place = self._folder / where
            if not place.is_dir():
                place.mkdir(mode=FOLDER_MODE)
                sync_names(self._folder)
            file.rename(_free_name(place, file.name))
            sync_names(place)
            sync_names(self._folder)
        except FileNotFoundError:
            return  # whoever put it there has taken it away
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> StationError:
        problem = error.strerror or "it cannot be read"
        return InputFault("WATCH_FOLDER_UNUSABLE", folder=self._folder, problem=problem)


def _all_well(result: FileResult) -> bool:
    return result.finished and not result.set_aside


def _free_name(place: Path, name: str) -> Path:
    """The name, or with a number when another bundle of that name has come before."""
    wanted, number = place / name, 1
    while wanted.exists():
        number += 1
        wanted = place / f"{name.removesuffix(ENDING)}-{number}{ENDING}"
    return wanted
