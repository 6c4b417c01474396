"""The real `station` command in processes of its own that can be killed, without the second of each start.

They are forked from a process that has everything loaded. No device, token or database may be open in it.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from unittest.mock import patch

from drivers.evolis import EvolisTiming
from station.cards.faces import FacePainter
from station.commands.main import main
from tests.reliability.station import painter, remembered_content
from tests.reliability.world import fork

PATIENCE = 120.0
LOOK = 0.005
TIMING = EvolisTiming(reply=1.0, move=10.0, job=60.0)  # the simulated printer is faster than any printer


def nothing_meanwhile() -> None:
    """What is done while a command runs: nothing."""


@dataclass(frozen=True)
class Ended:
    """What became of a command."""

    status: int
    said: str


class StationCommand:
    """Gives commands to one station, and keeps `station run` at work."""

    def __init__(self, config: Path, environment: Mapping[str, str], log: Path) -> None:
        """Describe it; `log` takes what `station run` says."""
        self._config, self._environment, self._log = config, environment, log
        self._running: int | None = None

    def run(self, *words: str, meanwhile: Callable[[], None] = nothing_meanwhile) -> Ended:
        """Give one command and wait for its end.

        Raises:
            TimeoutError: it does not end.
        """
        output = self._log.with_name("command.log")
        output.write_bytes(b"")
        pid = self._begin(words, output)
        end = monotonic() + PATIENCE
        while (status := _ended(pid)) is None:
            if monotonic() > end:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                raise TimeoutError(f"station {' '.join(words)}: {output.read_text()}")
            meanwhile()
            sleep(LOOK)
        return Ended(status, output.read_text())

    def must(self, *words: str) -> str:
        """Give a command that has to go well; return what it said.

        Raises:
            RuntimeError: it did not.
        """
        ended = self.run(*words)
        if ended.status:
            raise RuntimeError(f"station {' '.join(words)}: status {ended.status}: {ended.said}")
        return ended.said

    def start(self) -> None:
        """Start `station run`."""
        self._running = self._begin(("run",), self._log)

    @property
    def runs(self) -> bool:
        """Whether `station run` was started and not ended by us.

        Raises:
            RuntimeError: it has ended by itself.
        """
        if self._running is None:
            return False
        status = _ended(self._running)
        if status is not None:
            self._running = None
            raise RuntimeError(f"station run ended by itself with status {status}: {self.last_words()}")
        return True

    def kill(self) -> bool:
        """Kill `station run` where it stands; return whether there was one to kill."""
        if self._running is None:
            return False
        os.kill(self._running, signal.SIGKILL)
        os.waitpid(self._running, 0)
        self._running = None
        return True

    def stop(self) -> None:
        """Ask `station run` to end, and wait.

        Raises:
            RuntimeError: it did not end as it should.
        """
        if self._running is None:
            return
        os.kill(self._running, signal.SIGTERM)
        end = monotonic() + PATIENCE
        while (status := _ended(self._running)) is None:
            if monotonic() > end:
                self.kill()
                raise RuntimeError(f"station run does not stop: {self.last_words()}")
            sleep(LOOK)
        self._running = None
        if status:
            raise RuntimeError(f"station run stopped with status {status}: {self.last_words()}")

    def last_words(self, most: int = 3000) -> str:
        """The end of what `station run` has said."""
        return self._log.read_text(errors="replace")[-most:] if self._log.exists() else ""

    def _begin(self, words: tuple[str, ...], output: Path) -> int:
        return fork(lambda: self._become((*words,), output))

    def _become(self, words: tuple[str, ...], output: Path) -> None:
        """Be the command; never returns."""
        gc.enable()
        os.environ.update(self._environment)
        descriptor = os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        sys.stdout = sys.stderr = open(1, "w", closefd=False)  # noqa: SIM115 # for the process' life
        with few_people_in_a_hurry():
            status = main(("--config", str(self._config), "--lang", "en", *words))
        sys.stdout.flush()
        os._exit(int(status))


def _ended(pid: int) -> int | None:
    """The exit status of a child, negative for a signal; None while it runs."""
    found, status = os.waitpid(pid, os.WNOHANG)
    return None if not found else os.waitstatus_to_exitcode(status)


@contextmanager
def few_people_in_a_hurry() -> Iterator[None]:
    """Draw and shrink each person once, and wait for a simulated printer as long as it needs."""

    def known_painter(fonts: Path) -> FacePainter:
        return painter()

    with (
        patch("station.batches.worker.chip_content", remembered_content),
        patch("station.cards.intake.chip_content", remembered_content),
        patch("station.office.FacePainter", known_painter),
        patch("drivers.evolis.printer.EvolisTiming", lambda: TIMING),
    ):
        yield
