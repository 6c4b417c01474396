"""A simulated SBI scanner in this process with a finger on its plate, and a scripted service."""

import itertools
import os
import shutil
import socket
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from drivers.sbi.policy import Policy
from drivers.sbi.scanner import SbiScanner
from drivers.sbi.trust import TrustRoots
from simulators.sbi.http_port import SbiPort
from simulators.sbi.identity import Identity
from simulators.sbi.model import Model
from simulators.sbi.program import Program
from simulators.sbi.service import Service

FINGER: Final = 1  # seed; growing one takes seconds, so all tests press the same
PATIENCE: Final = 20.0  # seconds; a busy machine takes its time


_NUMBERS = itertools.count(1)


class ShiftedClock:
    """The workstation's clock, wrong by as much as a test wants."""

    def __init__(self, shift: timedelta = timedelta()) -> None:
        self.shift = shift

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift


class SbiOffice:
    """One simulated scanner and what an office knows of it."""

    def __init__(self, folder: Path, keys: Path, model: Model) -> None:
        shutil.copytree(keys, folder / "keys", dirs_exist_ok=True)
        # Ports are the machine's: another run of the tests must never find this scanner by its number.
        self.serial = f"{os.getpid():09}{next(_NUMBERS):06}"
        self.service = Service(folder, replace(model, serial=self.serial))
        self.person = Program(self.service).person
        self.port = SbiPort(self.service)
        self.clock = ShiftedClock()
        self.url = f"sbi://127.0.0.1:{self.port.port}?serial={self.serial}"

    @property
    def policy(self) -> Policy:
        return Policy(TrustRoots.from_file(self.service.identity.roots), self.service.model.environment)

    def press(self, press: int = 1, difficulty: float = 1.0, name: str = "") -> None:
        arguments: Mapping[str, object] = {"finger": FINGER, "press": press, "difficulty": difficulty}
        self.person("press", {**arguments, "name": name})

    def arm(self, fault: str, count: int = 1) -> None:
        self.service.faults.arm(fault, count=count)

    def open(self, policy: Policy | None = None, last_hash: str = "") -> SbiScanner:
        return SbiScanner.open(self.url, self.clock, policy or self.policy, last_hash)

    def close(self) -> None:
        self.service.stop_stream()
        self.port.close()


def make_keys(folder: Path) -> Path:
    """The keys and certificates of one scanner; made once for many tests."""
    Identity(folder).make()
    return folder


class ScriptedService:
    """Answers every connection with the same bytes, on a port of the range."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self._listener = _listener()
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(PATIENCE)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(PATIENCE)
                try:
                    connection.recv(65536)
                    connection.sendall(self.answer)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):
                        pass
                except OSError:
                    continue


def _listener() -> socket.socket:
    for port in range(4600, 4500, -1):
        listener = socket.socket()
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
            continue
        listener.listen(16)
        return listener
    raise OSError("no port of the range is free")
