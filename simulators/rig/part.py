"""One program of the rig: started, waited for, watched, ended."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulators.rig.errors import RigCancelled, RigError
from simulators.stopping import StopWish

GRACE = 10.0  # seconds that a program may take to end by itself
LOOK = 0.1
LAST_WORDS = 600  # characters of its log that tell why a program did not start


class Part:
    """A program that prints a line of JSON when it is ready, and ends on SIGTERM."""

    def __init__(self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        """Describe a program; `environment` is added to ours, `log` takes its error output."""
        self.name = name
        self.command = tuple(command)
        self._log = log
        self._environment = dict(environment)
        self._process: subprocess.Popen[str] | None = None
        self._asked_to_end = False
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    @property
    def pid(self) -> int | None:
        """Its process, while it runs or lies unburied."""
        return self._process.pid if self._process else None

    @property
    def status(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start the program. It dies with this thread, and no key of the terminal reaches it.

        Raises:
            RigError: it is not there.
        """
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            try:
                self._process = subprocess.Popen(
                    ["setpriv", "--pdeathsig", "TERM", "--", *self.command],
                    env={**os.environ, **self._environment},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    start_new_session=True,
                )
            except OSError as error:
                raise RigError(f"{self.name} cannot be started: {error}") from error
        self._asked_to_end = False
        self._lines = queue.SimpleQueue()
        threading.Thread(
            target=_pass_lines, args=(self._process, self._lines), name=f"output of {self.name}", daemon=True
        ).start()

    def wait_until_ready(self, deadline: float, cancelled: StopWish) -> str:
        """Wait for the program's ready line.

        Args:
            deadline: on the monotonic clock.
            cancelled: ends the waiting.

        Raises:
            RigError: it has ended, or is not ready in time.
            RigCancelled: `cancelled` is set.
        """
        while True:
            if cancelled.is_set():
                raise RigCancelled("stopped before the rig stood")
            try:
                line = self._lines.get(timeout=LOOK)
            except queue.Empty:
                if time.monotonic() > deadline:
                    raise RigError(f"{self.name} is not ready in time: {self.last_words()}") from None
                continue
            if line is None:
                raise RigError(f"{self.name} has ended before it was ready: {self.last_words()}")
            return line

    def signal_end(self) -> None:
        """Ask the program to end, once: a second signal could meet it in the handler of the first."""
        if self._process is not None and not self._asked_to_end:
            self._asked_to_end = True
            self._process.terminate()

    def stop(self) -> None:
        """End the program, by force if it takes too long, and bury it."""
        if self._process is None:
            return
        self.signal_end()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill the program where it stands, as a power failure would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def last_words(self) -> str:
        """The end of its log, in one line."""
        try:
            text = self._log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return "nothing is in its log"
        return " ".join(text[-LAST_WORDS:].split()) or "nothing is in its log"


def _pass_lines(process: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    """Read the program's output to its end, so that it never blocks on a full pipe."""
    if process.stdout is not None:
        with process.stdout as output:
            for line in output:
                lines.put(line)
    lines.put(None)
