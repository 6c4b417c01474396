"""The line of batches: while one is put on the disk, the records of the next one are opened."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Final

from station.intake.batch import BatchWriter
from station.intake.judging import Judged, Pending
from station.vault.vault import Kept

MOST_RECORDS: Final = 64
MOST_BYTES: Final = 16 * 1024 * 1024
Tell = Callable[[Judged], None]


@dataclass(frozen=True)
class _UnderWay:
    """A batch whose sealed bytes are being put on the disk."""

    judged: list[Judged]
    tells: list[Tell]
    put: "Future[tuple[list[Kept], list[Kept]]]"


class BatchLine:
    """Collects records into batches. A record counts, and is told of, when its batch is committed.

    Args:
        writer: makes batches durable.
        threads: where they are put on the disk; one batch at a time.
    """

    def __init__(self, writer: BatchWriter, threads: Executor) -> None:
        self._writer, self._threads = writer, threads
        self._waiting: list[tuple[Pending, Tell]] = []
        self._bytes = 0
        self._under_way: _UnderWay | None = None

    def add(self, pending: Pending, tell: Tell) -> None:
        """Add a record; `tell` is called with its verdict.

        Raises:
            StationError, DeviceAbsent: as `BatchWriter`.
        """
        self._waiting.append((pending, tell))
        sealed = pending.incoming.sealed
        self._bytes += len(sealed.sealed) if sealed else 0
        if len(self._waiting) >= MOST_RECORDS or self._bytes >= MOST_BYTES:
            self._begin()

    def finish(self) -> None:
        """Make everything durable that was added.

        Raises:
            StationError, DeviceAbsent: as `BatchWriter`.
        """
        if self._waiting:
            self._begin()
        self._commit()

    def _begin(self) -> None:
        self._commit()  # what the batch before holds is part of what this one is judged by
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        judged = self._writer.judge([pending for pending, _ in waiting])
        put = self._threads.submit(self._writer.put, judged)
        self._under_way = _UnderWay(judged, [tell for _, tell in waiting], put)

    def _commit(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is None:
            return
        self._writer.commit(under_way.judged, under_way.put.result())
        for tell, judged in zip(under_way.tells, under_way.judged, strict=True):
            tell(judged)
