"""PINs for commands: typed at the terminal, or from a file that nobody else may read."""

import getpass
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from station.commands.context import Context
from station.errors import InputFault, Refused
from station.language import marked

if TYPE_CHECKING:
    from station.staff.signatures import Signature


class PinSource:
    """Gives PINs one after the other, in the order in which they are asked for."""

    def __init__(self, context: Context, file: str | None) -> None:
        self._text = context.output.language.text
        self._file = Path(file) if file is not None else None
        self._lines = read_pins(self._file) if self._file else []
        self._used = 0

    @property
    def can_ask(self) -> bool:
        """Whether there is anybody, or any file, to ask."""
        return self._file is not None or sys.stdin.isatty()

    def ask(self, name: str) -> str:
        """The PIN of a person.

        Raises:
            Refused: PIN_NEEDS_TERMINAL.
            InputFault: PIN_FILE_SHORT.
        """
        return self._next(self._text(marked("PIN of {name}: "), name=name))

    def ask_new(self, name: str) -> str:
        """A new PIN for a person; at a terminal it is typed twice.

        Raises:
            Refused: PIN_NEEDS_TERMINAL, PIN_REPEAT_DIFFERS.
            InputFault: PIN_FILE_SHORT.
        """
        pin = self._next(self._text(marked("New PIN of {name}: "), name=name))
        if self._file is None and pin != self._next(self._text(marked("Once more: "))):
            raise Refused("PIN_REPEAT_DIFFERS")
        return pin

    def sign(self, names: Sequence[str]) -> "tuple[Signature, ...]":
        """The signatures of these people."""
        from station.staff.signatures import Signature

        if len(set(names)) < len(names):
            raise Refused("SIGNATURES_NEEDED")
        return tuple(Signature(name=name, pin=self.ask(name)) for name in names)

    def _next(self, prompt: str) -> str:
        if self._file is not None:
            self._used += 1
            if self._used > len(self._lines):
                raise InputFault("PIN_FILE_SHORT", file=self._file, have=len(self._lines), needed=self._used)
            return self._lines[self._used - 1]
        if not sys.stdin.isatty():
            raise Refused("PIN_NEEDS_TERMINAL")
        return getpass.getpass(prompt)


def read_pins(file: Path) -> list[str]:
    """Read a file of PINs, one a line.

    Raises:
        InputFault: PIN_FILE_UNSAFE when it is no regular file of this user with mode 0600; FILE_UNREADABLE.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, encoding="ascii") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) != 0o600:
                raise InputFault("PIN_FILE_UNSAFE", file=file)
            if found.st_uid != os.geteuid():
                raise InputFault("PIN_FILE_UNSAFE", file=file)
            return [line.strip() for line in stream.read().splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise InputFault("PIN_FILE_UNSAFE", file=file) from error
    except OSError as error:
        raise InputFault("FILE_UNREADABLE", file=file, problem=error.strerror) from error
