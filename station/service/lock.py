"""The lock that only one station process holds."""

import contextlib
import fcntl
import os
from pathlib import Path
from types import TracebackType

from station.errors import Refused, StationError
from station.settings import make_data_folder


class StationLock:
    """An advisory lock on a file; the kernel frees it when the process dies, however it dies."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor: int | None = None

    def __enter__(self) -> "StationLock":
        """Take the lock.

        Raises:
            Refused: STATION_BUSY.
            StationError: DATABASE_UNUSABLE when the folder cannot be used.
        """
        make_data_folder(self._file.parent)
        try:
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StationError("DATABASE_UNUSABLE", problem=f"{self._file}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "?"
            os.close(descriptor)
            raise Refused("STATION_BUSY", process=holder) from error
        self._descriptor = descriptor
        with contextlib.suppress(OSError):  # on a full disk the lock is ours all the same, without our pid
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
