"""A folder of letters, NUMBER.pdf each: whole or not there, and none in another's place."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from station.errors import InputFault, Refused
from station.folders import letter_file_name, make_durably, name_once, private_file, sync_names
from station.letters.store import Letter

_STAGED: Final = re.compile(r"\.letter-(\d{4})-(\d{5,})\.partial")
PRIVATE_FOLDER: Final = 0o700


class LetterFolder:
    """Files are staged under names that nobody looks for, synced, and given their own names afterwards.

    What a death leaves behind is a staged file; whoever comes next knows by the journal whether it was on its
    way out.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self) -> None:
        """Make the folder where there is none.

        Raises:
            InputFault: FILE_UNWRITABLE.
        """
        with self._explained():
            make_durably(self._folder, PRIVATE_FOLDER)

    def file_of(self, number: str) -> Path:
        """The file of a letter."""
        return self._folder / letter_file_name(number)

    def holds(self, number: str, digest: str) -> bool:
        """Whether a letter lies there; the digest is of its signed file, SHA-256 in hexadecimal.

        Raises:
            Refused: FILE_EXISTS: something else has its name.
            InputFault: FILE_UNWRITABLE: it cannot be read.
        """
        target = self.file_of(number)
        with self._explained(target):
            found = _digest(target)
        if found is None and target.is_symlink():
            raise Refused("FILE_EXISTS", file=target)
        if found not in (None, digest):
            raise Refused("FILE_EXISTS", file=target)
        return found is not None

    def stage(self, letter: Letter, pdf: bytes) -> None:
        """Write a letter's file under its staging name; its bytes are on the disk, its name is after `sync`.

        Raises:
            InputFault: FILE_UNWRITABLE.
        """
        staged = self._staged(letter)
        with self._explained(staged), private_file(staged) as file:
            file.write(pdf)

    def has_staged(self, letter: Letter, digest: str) -> bool:
        """Whether a letter's staged file is whole."""
        with self._explained():
            return _digest(self._staged(letter)) == digest

    def publish(self, letter: Letter) -> None:
        """Give a staged file its name.

        Raises:
            Refused: FILE_EXISTS: something has got that name meanwhile.
            InputFault: FILE_UNWRITABLE.
        """
        target = self.file_of(letter.number)
        with self._explained(target):
            name_once(self._staged(letter), target)

    def drop(self, letter: Letter) -> None:
        """Take a staged file away.

        Raises:
            InputFault: FILE_UNWRITABLE.
        """
        with self._explained():
            self._staged(letter).unlink(missing_ok=True)

    def sync(self) -> None:
        """Have the names on the disk.

        Raises:
            InputFault: FILE_UNWRITABLE.
        """
        with self._explained():
            sync_names(self._folder)

    def left_behind(self) -> list[tuple[int, int]]:
        """Year and place of the letters whose files are staged."""
        with self._explained():
            names = [_STAGED.fullmatch(file.name) for file in self._folder.iterdir()]
        return sorted((int(found[1]), int(found[2])) for found in names if found)

    def _staged(self, letter: Letter) -> Path:
        return self._folder / f".{letter.sealed_as}.partial"

    @contextmanager
    def _explained(self, file: Path | None = None) -> Iterator[None]:
        try:
            yield
        except FileExistsError as error:
            raise Refused("FILE_EXISTS", file=file or self._folder) from error
        except OSError as error:
            raise InputFault("FILE_UNWRITABLE", file=file or self._folder, problem=error.strerror) from error


def _digest(file: Path) -> str | None:
    """SHA-256 of a file; None where there is none. A link is not followed."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError:
        if file.is_symlink():
            return None
        raise
    with os.fdopen(descriptor, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
