"""The world beside the station: a process with a printer, its chips and a person, which survives the station.

It is forked from a process that has everything loaded, so that a case costs milliseconds and not a start.
"""

import ctypes
import gc
import json
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from simulators.evolis.cards import CardStore
from simulators.rig import CardView, PrinterView
from tests.reliability.simulated_lane import LaneShape, SimulatedLane

SOCKET: Final = "world.sock"
PRINTER: Final = "printer"
PATIENCE: Final = 30.0
PR_SET_PDEATHSIG: Final = 1  # prctl(2): die with the parent, so that nothing stays behind
_LIBC: Final = ctypes.CDLL(None)
JsonObject = Mapping[str, object]


@dataclass(frozen=True)
class Ports:
    """Where the station finds its devices."""

    printer: str
    reader: str


class World:
    """One client of a world process. The process that made it ends it with `stop`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(str(folder / SOCKET))
        self._stream = self._socket.makefile("rwb")
        self._pid = 0

    @classmethod
    def start(cls, folder: Path, shape: LaneShape) -> Self:
        """Fork a world for this folder; go on with what is in it."""
        (folder / SOCKET).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(folder / SOCKET))
        listener.listen(8)
        pid = fork(lambda: _serve(listener, folder, shape))
        listener.close()
        world = cls(folder)
        world._pid = pid
        return world

    def ports(self) -> Ports:
        found = self._ask("ports")
        return Ports(str(found["printer"]), str(found["reader"]))

    def settle(self) -> None:
        """Wait until nothing moves."""
        self._ask("settle")

    def take_in(self, sent: int) -> None:
        """Wait until so many bytes of the host's job have arrived, and nothing moves."""
        self._ask("take_in", sent=sent)

    def rest(self) -> None:
        """Wait until the printer has noticed that its host is gone, and nothing moves."""
        self._ask("rest")

    def pass_time(self, seconds: float) -> str | None:
        """Let time pass; return what the caretaker has mended."""
        mended = self._ask("pass_time", seconds=seconds)["mended"]
        return None if mended is None else str(mended)

    def now(self) -> float:
        """Simulated seconds since the world's start."""
        return float(str(self._ask("now")["seconds"]))

    def fault(self, name: str, at: int = 1, count: int = 1) -> None:
        self._ask("fault", name=name, at=at, count=count)

    def person(self, action: str, **arguments: object) -> None:
        self._ask("person", action=action, arguments=arguments)

    def truth(self) -> PrinterView:
        return PrinterView.model_validate(self._ask("truth"))

    def card(self, uid: str) -> CardView | None:
        """Find a card by the 8 bytes of its UID."""
        self._ask("look_for", uid=uid[2:])
        return next((card for card in self.truth().cards if card.card_uid == uid), None)

    def digest(self) -> str:
        """What of the world outlives the station, in one number."""
        return str(self._ask("digest")["digest"])

    def stop(self) -> None:
        """End the world process."""
        self.close()
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def close(self) -> None:
        """Hang up; the world goes on."""
        self._stream.close()
        self._socket.close()

    def _ask(self, operation: str, **arguments: object) -> JsonObject:
        self._stream.write(json.dumps({"operation": operation, "arguments": arguments}).encode() + b"\n")
        self._stream.flush()
        answer: dict[str, object] = json.loads(self._stream.readline())
        if "error" in answer:
            raise RuntimeError(f"the world cannot {operation}: {answer['error']}")
        return answer


def fork(program: Callable[[], None]) -> int:
    """Run a program in a forked process that dies with this one; return its number."""
    sys.stdout.flush()
    sys.stderr.flush()
    gc.freeze()  # what is shared stays shared: the child's collector does not write into it
    pid = os.fork()
    if pid:
        return pid
    gc.disable()  # it lives for some hundred milliseconds
    try:
        die_with_parent()
        program()
    except BaseException:  # whatever it is must not run on in a copy of the test
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def die_with_parent() -> None:
    """Let this forked process be killed when the one that forked it is gone."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _serve(listener: socket.socket, folder: Path, shape: LaneShape) -> None:
    CardStore.develop = leave_undeveloped  # type: ignore[method-assign, assignment]
    server = _Server(SimulatedLane(folder / PRINTER, shape))
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=server.talk, args=(connection,), daemon=True).start()


def leave_undeveloped(store: CardStore, uid: str) -> None:
    """Make no picture of a face: half of a card's time, and the truth has the digest of each panel."""


class _Server:
    def __init__(self, lane: SimulatedLane) -> None:
        self._lane = lane
        self._served: Mapping[str, Callable[[JsonObject], object]] = {
            "ports": lambda _: {"printer": lane.printer_url, "reader": lane.reader_url},
            "settle": lambda _: lane.settle(),
            "take_in": lambda wish: lane.take_in(int(str(wish["sent"]))),
            "rest": lambda _: lane.rest(),
            "pass_time": lambda wish: {"mended": lane.pass_time(float(str(wish["seconds"])))},
            "now": lambda _: {"seconds": lane.printer.clock.now()},
            "fault": lambda wish: lane.printer.fault(
                str(wish["name"]), int(str(wish["at"])), int(str(wish["count"]))
            ),
            "person": self._person,
            "truth": lambda _: lane.printer.truth(),
            "look_for": lambda wish: lane.caretaker.look_for(str(wish["uid"])),
            "digest": lambda _: {"digest": lane.digest()},
        }

    def talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:
            for line in stream:
                stream.write(self._answer(json.loads(line)) + b"\n")
                stream.flush()

    def _answer(self, request: JsonObject) -> bytes:
        arguments = request["arguments"]
        if not isinstance(arguments, dict):
            raise TypeError("arguments must be an object")
        try:
            return json.dumps(self._served[str(request["operation"])](arguments) or {}).encode()
        except Exception as error:  # told to the client, who raises it
            return json.dumps({"error": repr(error)}).encode()

    def _person(self, wish: JsonObject) -> object:
        arguments = wish["arguments"]
        return {
            "done": self._lane.printer.person(
                str(wish["action"]), arguments if isinstance(arguments, dict) else {}
            )
        }
