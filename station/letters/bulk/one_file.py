"""One PDF with the pages of many letters: drawn beside its place, and put there once the journal knows.

It carries no signature: it is for the paper printer, and each page has its letter's own code. The signed
file of every letter stays in the register.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from pydantic import TypeAdapter, ValidationError

from station.errors import InputFault, Refused
from station.folders import name_once, private_file, sync_names

_NUMBERS: Final = TypeAdapter(list[str])


class OneFile:
    """The file, and beside it: `.NAME.writing` while it is drawn, `.NAME.whole` and `.NAME.letters` after."""

    def __init__(self, target: Path) -> None:
        self._target = target.absolute()

    @property
    def target(self) -> Path:
        """The file that it will be."""
        return self._target

    def require_free(self) -> None:
        """See that there is no such file yet, and that one can be written.

        Raises:
            Refused: FILE_EXISTS.
            InputFault: FILE_UNWRITABLE.
        """
        if self._target.exists() or self._target.is_symlink():
            raise Refused("FILE_EXISTS", file=self._target)
        if not os.access(self._target.parent, os.W_OK | os.X_OK):
            raise InputFault("FILE_UNWRITABLE", file=self._target, problem=os.strerror(13))

    def draw(self, numbers: Sequence[str], write: Callable[[BinaryIO], object]) -> None:
        """Draw the pages of these letters; afterwards the file is whole, and not in its place yet.

        Raises:
            InputFault: FILE_UNWRITABLE, and what drawing raises; then nothing is left.
        """
        with self._explained():
            self._whole.unlink(missing_ok=True)
            try:
                with private_file(self._writing) as file:
                    write(file)
                with private_file(self._letters) as file:
                    file.write(_NUMBERS.dump_json(list(numbers)))
                self._writing.replace(self._whole)
                sync_names(self._target.parent)
            except BaseException:
                self._writing.unlink(missing_ok=True)
                raise

    def drawn(self) -> list[str] | None:
        """The numbers in a file that is whole and not in its place yet; None where there is none.

        Raises:
            InputFault: FILE_UNWRITABLE.
        """
        with self._explained():
            if not self._whole.exists():
                return None
            try:
                return _NUMBERS.validate_json(self._letters.read_bytes())
            except (ValidationError, FileNotFoundError):
                return None  # somebody's, not ours: it is drawn anew

    def publish(self) -> None:
        """Put the file into its place.

        Raises:
            Refused: FILE_EXISTS.
            InputFault: FILE_UNWRITABLE.
        """
        with self._explained():
            name_once(self._whole, self._target)
            self._letters.unlink(missing_ok=True)
            sync_names(self._target.parent)

    @property
    def _writing(self) -> Path:
        return self._target.with_name(f".{self._target.name}.writing")

    @property
    def _whole(self) -> Path:
        return self._target.with_name(f".{self._target.name}.whole")

    @property
    def _letters(self) -> Path:
        return self._target.with_name(f".{self._target.name}.letters")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except FileExistsError as error:
            raise Refused("FILE_EXISTS", file=self._target) from error
        except OSError as error:
            raise InputFault("FILE_UNWRITABLE", file=self._target, problem=error.strerror) from error
