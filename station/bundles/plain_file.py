"""A file that is read at places, whatever lies at its path."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.errors import InputFault

GONE: Final = frozenset({errno.ENOENT, errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN})
"""What the system says when a disk was pulled out: that is no fault of the file."""


@dataclass(frozen=True)
class PlainFile:
    """An open plain file of this many bytes."""

    descriptor: int
    size: int

    def take(self, offset: int, size: int) -> bytes:
        """Read exactly these bytes.

        Raises:
            OSError: the medium fails, or the file has become shorter since it was opened.
        """
        content = os.pread(self.descriptor, size, offset)
        if len(content) == size:
            return content
        parts = [content]
        while parts[-1]:  # a read may end early, on a network disk or at a signal
            offset, size = offset + len(parts[-1]), size - len(parts[-1])
            parts.append(os.pread(self.descriptor, size, offset))
        if size:
            raise OSError(errno.EIO, "the file has become shorter")
        return b"".join(parts)


@contextmanager
def open_plain(path: Path) -> Iterator[PlainFile]:
    """Open a plain file; a pipe is not waited for.

    Raises:
        InputFault: BUNDLE_UNREADABLE.
        OSError: it is not there any more, as when its disk was pulled out (`GONE`).
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        if isinstance(error, OSError) and error.errno in GONE:
            raise
        raise _unreadable(error) from error
    try:
        seen = os.fstat(descriptor)
        if not stat.S_ISREG(seen.st_mode):
            raise InputFault("BUNDLE_UNREADABLE", problem="not a plain file")
        yield PlainFile(descriptor, seen.st_size)
    finally:
        os.close(descriptor)


def _unreadable(error: OSError | ValueError) -> InputFault:
    """Say that a file cannot be read, with the system's words for it."""
    problem = error.strerror if isinstance(error, OSError) and error.strerror else "unreadable"
    return InputFault("BUNDLE_UNREADABLE", problem=problem)
