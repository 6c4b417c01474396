"""The public `station` command, run as a process."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from simulators.demo.errors import DemoError

PATIENCE = 60.0  # seconds for a command that only books or lists
GRACE = 30.0  # seconds in which the station finishes the step that it is in
LOOK = 0.2

Document = TypeVar("Document")


class StationCommand:
    """Runs `station` with the settings and the environment of a rig."""

    def __init__(self, environment: Mapping[str, str], language: str) -> None:
        """Find the console script beside this Python.

        Raises:
            DemoError: the station is not installed there.
        """
        self._script = Path(sys.executable).parent / "station"
        if not self._script.is_file():
            raise DemoError(f"there is no {self._script}: install the station first (make setup)")
        kept = {name: value for name, value in os.environ.items() if name != "STATION_DATA"}
        self._environment = {**kept, **environment}  # STATION_DATA would lead away from the rig's own data
        self._language = language

    def show(self, *words: str) -> int:
        """Run a command with its words on the screen and return its exit status."""
        return subprocess.run(
            self._command(words),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        ).returncode

    def require(self, *words: str) -> None:
        """Run a command that must succeed.

        Raises:
            DemoError: it did not.
        """
        status = self.show(*words)
        if status != 0:
            raise DemoError(f"station {words[0]} {words[1]} ended with status {status}")

    def ask(self, form: TypeAdapter[Document], *words: str) -> Document:
        """Run a command with `--json` and return its document.

        Raises:
            DemoError: it failed, or its document is another.
        """
        done = subprocess.run(
            self._command((*words, "--json")),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode != 0:
            raise DemoError(f"station {' '.join(words)} ended with status {done.returncode}")
        try:
            return form.validate_json(done.stdout)
        except ValidationError as error:
            raise DemoError(
                f"the document of station {' '.join(words)} is not as expected: {error}"
            ) from error

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command that takes its time, with its words on the screen.

        A key of the terminal does not reach it: `end` is the one way in which it is stopped.
        """
        return subprocess.Popen(
            self._command(words), env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def _command(self, words: tuple[str, ...]) -> list[str]:
        # the station must not outlive the demo, even when the demo is killed
        return ["setpriv", "--pdeathsig", "TERM", "--", str(self._script), "--lang", self._language, *words]


def wait_for(process: subprocess.Popen[bytes], check: Callable[[], None], limit: float | None = None) -> int:
    """Wait for the end of a command; end it if something else goes wrong.

    Args:
        process: the command.
        check: called several times a second; what it raises ends the command.
        limit: seconds after which the command has failed.

    Raises:
        DemoError: it took longer than `limit`.
    """
    begun = time.monotonic()
    try:
        while not _ends_within(process, LOOK):
            check()
            if limit is not None and time.monotonic() - begun > limit:
                raise DemoError(f"the station is still at work after {limit:.0f} seconds")
    finally:
        status = end(process)
    return status


def end(process: subprocess.Popen[bytes]) -> int:
    """Stop a station as an operator would, and return its exit status."""
    if not _ends_within(process, 0):
        os.kill(process.pid, signal.SIGTERM)
        if not _ends_within(process, GRACE):
            os.kill(process.pid, signal.SIGKILL)
    return process.wait()


def _ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the command has ended, or does so in time; it is not buried by this.

    `Popen` must not be asked while a Ctrl-C may come: an interrupt between its taking of its lock and its `try`
    leaves the lock taken, and every later `wait` stands still for ever.
    """
    if process.returncode is not None:
        return True
    descriptor = os.pidfd_open(process.pid)
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)
