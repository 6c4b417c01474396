"""Keeps a pcscd running, and starts another when it dies."""

import fcntl
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import TimeoutExpired

from simulators.pcsc.broker import Broker
from simulators.pcsc.daemon import Daemon
from simulators.pcsc.readers import VirtualReader, write_reader_files
from simulators.stopping import StopWish

_POLL = 0.1  # seconds


class Supervisor:
    """The private PC/SC service: daemon, broker, and the files of both in one folder."""

    def __init__(self, folder: Path, readers: Sequence[VirtualReader], restart_after: float) -> None:
        """Prepare the folder.

        Args:
            folder: takes `pcscd.comm`, `vpcd.broker`, `pcscd.pid`, `pcscd.log` and the reader files.
            readers: what pcscd shall show.
            restart_after: seconds that a dead pcscd stays dead.

        Raises:
            BlockingIOError: another service runs in this folder.
            OSError: the folder cannot be written, or vpcd is not installed.
        """
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # freed when this process ends
        self._folder = folder
        self._configuration = write_reader_files(list(readers), folder)
        self._broker = Broker(folder / "vpcd.broker", readers)
        self._restart_after = restart_after
        self._pid = folder / "pcscd.pid"
        self._ended = StopWish()

    def run(self) -> None:
        """Serve until a signal, from the main thread: pcscd dies with the thread that started it.

        Raises:
            OSError: pcscd cannot be started, or does not answer.
        """
        signal.signal(signal.SIGTERM, self._ended.on_signal)
        signal.signal(signal.SIGINT, self._ended.on_signal)
        self._broker.start()
        try:
            while not self._ended.is_set():
                self._run_daemon()
                self._ended.wait(self._restart_after)
        finally:
            self._broker.close()

    def _run_daemon(self) -> None:
        daemon = Daemon(self._folder / "pcscd.comm", self._configuration, self._folder / "pcscd.log")
        try:
            daemon.wait_until_ready()
            self._write_pid(daemon.process.pid)
            self._report()
            while not self._ended.is_set():
                try:
                    daemon.process.wait(_POLL)
                except TimeoutExpired:
                    continue
                return
        finally:
            daemon.stop()
            self._pid.unlink(missing_ok=True)

    def _write_pid(self, pid: int) -> None:
        partial = self._pid.with_suffix(".partial")
        partial.write_text(f"{pid}\n")
        partial.replace(self._pid)

    def _report(self) -> None:
        """Say on standard output that clients may come."""
        line = {"ready": True, "socket": "pcscd.comm", "broker": "vpcd.broker"}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
