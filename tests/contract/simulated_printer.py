"""The printer simulator as a process of its own, and its admin port, for the contract suite."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast


@dataclass(frozen=True)
class SidePrints:
    """What the simulator says was printed on one side of a card."""

    times: int
    panels: tuple[str, ...]
    sha256: dict[str, str]


@dataclass(frozen=True)
class SimulatedPrinter:
    """A running simulator."""

    port: int
    usbip_port: int
    busid: str
    admin_port: int

    def url(self, scheme: str) -> str:
        """Return the printer's URL on one of its two ports."""
        if scheme == "socket":
            return f"socket://127.0.0.1:{self.port}"
        return f"usbip://127.0.0.1:{self.usbip_port}/{self.busid}"

    def truth(self) -> dict[str, object]:
        """Return what really is."""
        return self._call("GET", "/truth", None)

    def number(self, name: str) -> int:
        """Return a number of the truth, such as panels_printed."""
        value = self.truth()[name]
        assert isinstance(value, int)
        return value

    def places(self) -> list[str]:
        """Return where every card is that is not in the hopper."""
        return sorted(place for card in self._cards() if (place := str(card["place"])) != "hopper")

    def prints(self, side: str) -> list[SidePrints]:
        """Return what was printed on a side of the cards that carry anything there."""
        found = []
        for card in self._cards():
            prints = cast(dict[str, dict[str, object]], card["prints"])[side]
            if prints["times"]:
                found.append(
                    SidePrints(
                        cast(int, prints["times"]),
                        tuple(cast(list[str], prints["panels"])),
                        cast(dict[str, str], prints["sha256"]),
                    )
                )
        return found

    def fault(self, name: str, at: int = 1, count: int = 1) -> None:
        """Arm a fault."""
        self._call("POST", "/fault", {"name": name, "at": at, "count": count})

    def person(self, action: str, **arguments: object) -> None:
        """Let a person act at the printer."""
        self._call("POST", "/person", {"action": action, **arguments})

    def _cards(self) -> list[dict[str, object]]:
        return cast(list[dict[str, object]], self.truth()["cards"])

    def _call(self, method: str, path: str, body: dict[str, object] | None) -> dict[str, object]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.admin_port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return cast(dict[str, object], json.load(answer))


class StartedPrinter:
    """A simulator that has been started and need not be ready yet."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._folder = folder
        arguments = [sys.executable, "-m", "simulators.evolis", "--folder", str(folder), *options]
        arguments += ["--port", "0", "--usbip-port", "0", "--admin-port", "0"]
        self._process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)

    def ready(self) -> SimulatedPrinter:
        """Wait until it is ready."""
        assert self._process.stdout is not None
        ports = json.loads(self._process.stdout.readline())
        return SimulatedPrinter(ports["port"], ports["usbip_port"], ports["busid"], ports["admin_port"])

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def simulated_printer(folder: Path, *options: str) -> Iterator[SimulatedPrinter]:
    """Run `python -m simulators.evolis` within the block."""
    started = StartedPrinter(folder, *options)
    try:
        yield started.ready()
    finally:
        started.stop()


class SparePrinters:
    """Hands out a fresh simulator for each test, and starts the next while that one is in use."""

    def __init__(self, make_folder: Callable[[], Path], *options: str) -> None:
        self._make_folder = make_folder
        self._options = options
        self._spare = self._start()

    @contextmanager
    def take(self) -> Iterator[SimulatedPrinter]:
        """Use one within the block."""
        taken, self._spare = self._spare, self._start()
        try:
            yield taken.ready()
        finally:
            taken.stop()

    def close(self) -> None:
        """End the one that nobody took."""
        self._spare.stop()

    def _start(self) -> StartedPrinter:
        return StartedPrinter(self._make_folder(), *self._options)
