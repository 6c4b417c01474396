"""One backup or restore at a time: a lock that leaves no file and that the kernel frees with the process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.errors import Refused, StationError


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock on a folder.

    Raises:
        Refused: BACKUP_BUSY.
        StationError: DATABASE_UNUSABLE when the folder cannot be opened.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise StationError("DATABASE_UNUSABLE", problem=f"{folder}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("BACKUP_BUSY", folder=folder) from error
        yield
    finally:
        os.close(descriptor)
