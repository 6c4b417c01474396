"""The lock that only one station process holds."""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

from station.clock import Clock
from station.errors import Refused, StationError
from station.settings import make_data_folder

LOOK = 0.2  # seconds between two looks at a lock that somebody holds


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


@contextmanager
def turn(file: Path, busy: str) -> Iterator[None]:
    """Hold one kind of work for this process: what another one left open of it is then surely left behind.

    Args:
        file: the lock of that work.
        busy: code of the refusal, with the process that is at it.

    Raises:
        Refused: `busy`.
        StationError: DATABASE_UNUSABLE.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(StationLock(file))
        except Refused as error:
            raise Refused(busy, process=error.values.get("process", "?")) from error
        yield


@contextmanager
def lock_in_time(
    file: Path,
    clock: Clock,
    patience: float,
    is_station: Callable[[], bool],
    wait_begins: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Hold the lock, once a command that holds it for a moment has given it back.

    Args:
        file: the lock.
        clock: of the station.
        patience: seconds to wait.
        is_station: tells whether a station that runs holds it: that one is not waited for.
        wait_begins: called before the first wait.

    Raises:
        Refused: STATION_BUSY.
        StationError: DATABASE_UNUSABLE.
    """
    until, waits = clock.monotonic() + patience, False
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(StationLock(file))
                break
            except Refused as error:
                if error.code != "STATION_BUSY" or is_station() or clock.monotonic() >= until:
                    raise
            if not waits:
                wait_begins()
                waits = True
            clock.sleep(LOOK)
        yield
