"""Writing PDF files that must never replace another, and opening what draws them."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from station.errors import InputFault, Refused, StationError
from station.folders import sync_names

if TYPE_CHECKING:
    from station.office import Office
    from station.statements.paper import PaperWords
    from templates.reports.fonts import ReportFonts


def require_free(target: Path) -> None:
    """See, before anything is booked, whether a file can be written.

    Raises:
        Refused: FILE_EXISTS.
        InputFault: FILE_UNWRITABLE.
    """
    if target.exists() or target.is_symlink():
        raise Refused("FILE_EXISTS", file=target)
    if not os.access(target.absolute().parent, os.W_OK | os.X_OK):
        raise InputFault("FILE_UNWRITABLE", file=target, problem=os.strerror(13))


def write_new(target: Path, content: bytes) -> None:
    """Write a file that is not there yet, and have it on the disk; a failure leaves no half of it.

    Raises:
        Refused: FILE_EXISTS.
        InputFault: FILE_UNWRITABLE.
    """
    write_pieces(target, (content,))


def write_pieces(target: Path, pieces: Iterable[bytes], *, private: bool = False) -> int:
    """Write a file piece by piece, as `write_new`; return how many pieces there were.

    Args:
        target: a file that is not there yet.
        pieces: its content; what they raise leaves no file.
        private: whether nobody but the owner may read it.

    Raises:
        Refused: FILE_EXISTS.
        InputFault: FILE_UNWRITABLE.
    """
    count = 0
    try:
        with target.open("xb") as file:
            try:
                if private:
                    os.fchmod(file.fileno(), 0o600)
                for piece in pieces:
                    file.write(piece)
                    count += 1
                file.flush()
                os.fsync(file.fileno())
                sync_names(target.absolute().parent)
            except (OSError, StationError):
                with contextlib.suppress(OSError):
                    target.unlink()
                raise
    except FileExistsError as error:
        raise Refused("FILE_EXISTS", file=target) from error
    except OSError as error:
        raise InputFault("FILE_UNWRITABLE", file=target, problem=error.strerror) from error
    return count


@contextmanager
def drawing() -> Iterator[None]:
    """Explain what cannot be drawn.

    Raises:
        InputFault: REPORT_UNDRAWABLE.
    """
    from templates.reports.errors import ReportError

    try:
        yield
    except ReportError as error:
        raise InputFault("REPORT_UNDRAWABLE", problem=error.problem) from error


def paper_tools(office: "Office") -> "tuple[PaperWords, ReportFonts]":
    """The words and the fonts of this office's paper.

    Raises:
        InputFault: REPORT_UNDRAWABLE.
    """
    from station.statements.paper import PaperWords
    from templates.reports.fonts import ReportFonts

    with drawing():
        return PaperWords(office.settings.office), ReportFonts.load(office.settings.fonts.folder)
