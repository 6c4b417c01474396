"""The simulated scanner as a program: ready line, admin port, SIGKILL, SIGTERM, wrong usage."""

import json
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from drivers.sbi.fingers import Finger
from drivers.sbi.policy import Policy
from drivers.sbi.scanner import SbiScanner
from drivers.sbi.trust import TrustRoots
from station.clock import SystemClock
from tests.fakes.sbi import FINGER, PATIENCE

ROOT = Path(__file__).parents[3]


class Running:
    """The program in a folder."""

    def __init__(self, folder: Path, *words: str) -> None:
        command = [sys.executable, "-m", "simulators.sbi", "--folder", str(folder), *words]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.ready: dict[str, object] = json.loads(line) if line else {}

    def admin(self, page: str, body: Mapping[str, object] | None = None) -> dict[str, object]:
        url = f"http://127.0.0.1:{self.ready['admin_port']}/{page}"
        content = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(url, content, timeout=100) as answer:
            value: dict[str, object] = json.loads(answer.read())
        return value

    def open(self, last_hash: str = "") -> SbiScanner:
        policy = Policy(TrustRoots.from_file(Path(str(self.ready["roots"]))), str(self.ready["environment"]))
        return SbiScanner.open(str(self.ready["url"]), SystemClock(), policy, last_hash)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode


class Start(Protocol):
    """Starts a program in a folder."""

    def __call__(self, folder: Path, *words: str) -> Running: ...


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts programs, and leaves none running."""
    started = list[Running]()

    def begin(folder: Path, *words: str) -> Running:
        started.append(Running(folder, *words))
        return started[-1]

    yield begin
    for one in started:
        one.process.kill()
        one.process.communicate(timeout=PATIENCE)


def test_a_killed_scanner_is_the_same_one_afterwards(
    tmp_path: Path, sbi_simulator_keys: Path, start: Start
) -> None:
    shutil.copytree(sbi_simulator_keys, tmp_path / "keys")
    words = ("--admin-port", "0", "--speed", "50")
    first = start(tmp_path, *words)
    first.admin("person", {"action": "press", "finger": FINGER, "press": 1, "difficulty": 1.0})
    scanner = first.open()
    (capture,) = scanner.capture([Finger.RIGHT_INDEX])
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    second = start(tmp_path, *words)
    (again,) = second.open(scanner.last_hash).capture([Finger.RIGHT_INDEX])
    assert again.pixels.tobytes() == capture.pixels.tobytes()
    captures = second.admin("truth")["captures"]
    assert isinstance(captures, list)
    assert [one["hashes"] for one in captures] == [[capture.hash], [again.hash]]
    assert second.end(signal.SIGTERM) == 0


def test_wrong_usage(tmp_path: Path, start: Start) -> None:
    running = start(tmp_path, "--serial", "1")
    _, said = running.process.communicate(timeout=PATIENCE)
    assert running.process.returncode == 2
    assert "12 letters or digits" in said
