"""Folders, files and their names that are still there after a power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

PRIVATE: Final = 0o600


def make_durably(folder: Path, mode: int) -> None:
    """Make a folder of this mode, and what is missing above it; all their names are on the disk afterwards.

    SQLite syncs the folder that its files are in, but not the one above: a first day's work could be lost
    with the name of the folder that it lies in.

    Raises:
        OSError: it cannot be made.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for fresh in reversed(missing):
        fresh.mkdir(mode=mode if fresh == folder else 0o777, exist_ok=True)
        sync_names(fresh.parent)


def sync_names(folder: Path) -> None:
    """Have the names in a folder on the disk: a file that was synced is lost if its name is.

    Raises:
        OSError: the folder cannot be opened, or the disk fails.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file for its owner alone, in place of what lay there; its bytes are on the disk afterwards.

    Its name is not yet: `sync_names`. No link is followed.

    Raises:
        OSError: it cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, PRIVATE), "wb") as file:
        yield file
        file.flush()
        os.fdatasync(file.fileno())


def name_once(partial: Path, target: Path) -> None:
    """Give a finished file its name; without hard links (FAT) there is a moment for another writer.

    Raises:
        FileExistsError: something has the name.
        OSError: the file cannot be named.
    """
    try:
        target.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError:
        if target.exists():
            raise FileExistsError(str(target)) from None
        partial.replace(target)
    else:
        partial.unlink(missing_ok=True)


def letter_file_name(number: str) -> str:
    """The name of a letter's file; its number holds strokes, which a name cannot."""
    name = "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in number)
    return f"{name.lstrip('.') or '-'}.pdf"
