"""The simulated fingerprint sensor as a process of its own, and its admin port, for the contract tests."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy
from numpy.typing import NDArray

from simulators.fingers import Finger

SPEED = 20  # an image of 7 s comes in 0.35 s
FINGER = 1


@dataclass(frozen=True)
class SimulatedSensor:
    """A running simulator."""

    port: str
    admin_port: int
    folder: Path
    process: "subprocess.Popen[str]"

    def truth(self) -> dict[str, object]:
        return self._call("/truth", None)

    def press(self, finger: int = FINGER, press: int = 1, **manner: float) -> None:
        self.person("press", finger=finger, press=press, **manner)

    def person(self, action: str, **arguments: object) -> None:
        self._call("/person", {"action": action, **arguments})

    def fault(self, name: str, at: int = 1, count: int = 1) -> None:
        self._call("/fault", {"name": name, "at": at, "count": count})

    def image(self) -> NDArray[numpy.uint8]:
        """The picture that was sent last, 4 bits a pixel, read with our own eyes."""
        data = numpy.frombuffer((self.folder / "image.bin").read_bytes(), numpy.uint8).reshape(288, 128)
        nibbles = numpy.stack([data // 16, data % 16], axis=-1).reshape(288, 256)
        return nibbles.astype(numpy.uint8)

    def _call(self, page: str, body: dict[str, object] | None) -> dict[str, object]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.admin_port}{page}", data)
        with urllib.request.urlopen(request, timeout=60) as answer:
            value: dict[str, object] = json.load(answer)
        return value


@contextmanager
def simulated_sensor(folder: Path, *options: str) -> Iterator[SimulatedSensor]:
    """Start a sensor; it stops at the end."""
    Finger.from_seed(FINGER)  # grown here, so that no test's patience is spent on it
    command = [sys.executable, "-m", "simulators.zhiantec", "--folder", str(folder / "sensor")]
    command += ["--link", str(folder / "tty"), "--admin-port", "0", "--speed", str(SPEED), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield SimulatedSensor(ready["port"], ready["admin_port"], folder / "sensor", process)
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
