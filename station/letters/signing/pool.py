"""Signing many files: pyHanko works in processes of its own, the token stays in this one."""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from types import TracebackType
from typing import Self

from station.errors import StationError
from station.letters.signing.container import room_for
from station.letters.signing.signer import TokenPdfSigner
from station.letters.signing.writing import PreparedFile, prepare

WORKERS = 2
AHEAD = 2  # files that wait for each worker


class SigningPool:
    """Signs files in the order in which they come, and holds few of them at a time; use it in a `with` block.

    A worker never sees the token, nor its PIN: it writes the field and returns the file with its digest.
    Workers are started anew and not forked, as a token does not survive that (PKCS#11 2.40 clause 6.6.1).
    """

    def __init__(self, signer: TokenPdfSigner, workers: int = WORKERS) -> None:
        self._signer, self._ahead = signer, AHEAD * workers
        self._room = room_for(signer.certificate)
        self._workers = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_start_worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers."""
        self.close()

    def close(self) -> None:
        """End the workers; what they have begun is thrown away."""
        self._workers.shutdown(cancel_futures=True)

    def sign_all(self, files: Iterable[bytes]) -> Iterator[bytes]:
        """Sign files; the next ones are prepared while one is taken.

        Raises:
            InputFault: LETTER_FILE_UNSIGNABLE, LETTER_CERTIFICATE_UNUSABLE.
            DeviceAbsent: TOKEN_ABSENT, KEY_UNUSABLE.
            StationError: LETTER_WORKER_DIED.
        """
        waiting: deque[Future[PreparedFile]] = deque()
        for file in files:
            waiting.append(self._begin(file))
            if len(waiting) > self._ahead:
                yield self._finish(waiting.popleft())
        while waiting:
            yield self._finish(waiting.popleft())

    def _begin(self, file: bytes) -> "Future[PreparedFile]":
        try:
            return self._workers.submit(prepare, file, self._signer.moment(), self._room)
        except BrokenProcessPool as error:
            raise StationError("LETTER_WORKER_DIED") from error

    def _finish(self, prepared: "Future[PreparedFile]") -> bytes:
        try:
            found = prepared.result()
        except BrokenProcessPool as error:
            raise StationError("LETTER_WORKER_DIED") from error
        return self._signer.finish(found)


def _start_worker() -> None:
    """Make a worker end with its station, also when that is killed, and leave Ctrl+C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    station = parent_process()
    if station is not None:
        station.join()
        os._exit(1)
