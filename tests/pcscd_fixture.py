"""A private pcscd for tests, with simulated readers. The fixtures are in `tests.pcscd_plugin`."""

import json
import multiprocessing
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from simulators.chip.reader_slot import ReaderSlot
from simulators.chip.timing import Interface
from simulators.pcsc.broker import connect

ROOT = Path(__file__).parents[1]
READERS = ("Simulated printer", "Simulated SAM")
CONTACT, CONTACTLESS = 0, 1
SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
START = 30.0  # seconds
CALL = 60.0

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class PrivatePcscd:
    """The program `simulators.pcsc` in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        readers: Sequence[str] = READERS,
        program: Sequence[str] = (sys.executable, "-m", "simulators.pcsc"),
        cwd: Path = ROOT,
    ) -> None:
        self.folder = folder
        self.socket = folder / "pcscd.comm"
        self.broker = folder / "vpcd.broker"
        self._readers = readers
        self._program = program
        self._cwd = cwd
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of pcscd itself."""
        return int((self.folder / "pcscd.pid").read_text())

    def reader(self, index: int, slot: int) -> str:
        """The name that PC/SC gives to a slot: 0 contact, 1 contactless."""
        return f"{self._readers[index]} 00 {slot:02}"

    def open_slot(self, index: int = 0, slot: int = CONTACTLESS) -> ReaderSlot:
        """A slot to put a simulated card into; the caller closes it."""
        interface: Interface = "contact" if slot == CONTACT else "contactless"
        return ReaderSlot(lambda: connect(self.broker, index, slot), interface)

    def start(self) -> None:
        """Start it and wait until pcscd answers."""
        names = [word for name in self._readers for word in ("--reader", name)]
        command = [*self._program, "--folder", str(self.folder), *names]
        self._process = subprocess.Popen(command, cwd=self._cwd, stdout=subprocess.PIPE, bufsize=0)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait for the next ready line: one comes at the start, and one after each restart."""
        assert self._process is not None
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], START)
        line = self._process.stdout.readline() if readable else b""
        assert line, f"pcscd did not start; see {self.folder / 'pcscd.log'}"
        assert json.loads(line)["ready"] is True

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        """End it by a signal and give its exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(signal_number)
        status = self._process.wait(START)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None
        return status

    def kill_daemon(self) -> None:
        """Kill pcscd; the program starts another."""
        os.kill(self.pid, signal.SIGKILL)

    def call(
        self, function: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Result:
        """Call a function of a test module in a fresh process that talks to this pcscd."""
        with ProcessPoolExecutor(
            1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_choose,
            initargs=(str(self.socket),),
        ) as pool:
            return pool.submit(function, *arguments, **named).result(CALL)


def _choose(path: str) -> None:
    os.environ[SOCKET_VARIABLE] = path
