"""A simulated printer in this process, and a host that writes its bytes by hand from the fact sheet."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from simulators.evolis.models import model_named
from simulators.evolis.program import Equipment, Printer
from simulators.evolis.tcp_port import TcpPort
from simulators.evolis.truth import CardRecord, Ribbon

Picture = npt.NDArray[np.uint8]
ESC, CR, NUL = b"\x1b", b"\r", b"\x00"
BUSY, PRINTING = 0x00000001, 0x00000080


@dataclass
class Truth:
    """The part of GET /truth that tests look at."""

    panels_printed: int
    cards_inserted: int
    hopper_count: int
    inside: str | None
    place: str | None
    tray: int
    reject_box: int
    stuck: bool
    seconds: float


def command(text: str, data: bytes | None = None) -> bytes:
    return ESC + text.encode() + (b"" if data is None else b";" + data) + CR


def card_side(picture: Picture, black: npt.NDArray[np.bool_]) -> dict[str, bytes]:
    """Return the panels of a landscape picture: turned clockwise, amounts of ink; K and O one bit a dot."""
    ink = np.rot90(255 - picture, -1)
    panels = {}
    for name, index in (("y", 2), ("m", 1), ("c", 0)):
        panels[name] = np.ascontiguousarray(ink[..., index]).tobytes()
    panels["k"] = np.packbits(np.rot90(black, -1)).tobytes()
    panels["o"] = b"\xff" * (1016 * 648 // 8)
    return panels


def bare_job(panels: dict[str, bytes], end: str = "Se") -> bytes:
    """Return a job in the bare form, YMC at 256 levels."""
    job = command("Pr;ymcko") + NUL + command("Ss") + command("Sr")
    for name, data in panels.items():
        job += command(f"Db;{name};{2 if name in 'ko' else 256}", data) + NUL
    return job + command(end)


def plain_panels(names: str = "ymcko") -> dict[str, bytes]:
    """Return panels that are cheap to make: a grey card with a black left half."""
    sizes = {"y": 658_368, "m": 658_368, "c": 658_368, "k": 82_296, "o": 82_296}
    return {name: bytes([0xFF if name == "o" else 0x40]) * sizes[name] for name in names}


@dataclass
class Rig:
    printer: Printer
    tcp: TcpPort
    folder: Path
    status_history: list[tuple[int, ...]] = field(default_factory=list)

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.tcp.port))
        connection.settimeout(20)
        return connection

    def ask(self, text: str) -> str:
        """Send one command on a connection of its own; return the reply up to its NUL."""
        with self.connect() as connection:
            connection.sendall(command(text) + NUL)
            return read_reply(connection)

    def send(self, stream: bytes) -> list[str]:
        """Send a stream on one connection, half-close, return all replies."""
        with self.connect() as connection:
            connection.sendall(stream)
            connection.shutdown(socket.SHUT_WR)
            return read_all(connection)

    def words(self) -> tuple[int, int, int, int]:
        """Ask the status text as the vendor's library does: say nothing and half-close."""
        with self.connect() as connection:
            connection.shutdown(socket.SHUT_WR)
            text = b"".join(iter(lambda: connection.recv(4096), b"")).rstrip(NUL).decode()
        words, _, reservation = text.partition(":")
        assert reservation == "0"
        config, info, warning, error = (int(word, 16) for word in words.split()[:4])
        return config, info, warning, error

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.005)

    def wait_idle(self) -> tuple[int, int, int, int]:
        self.wait(lambda: not self.words()[1] & BUSY)
        return self.words()

    def truth(self) -> Truth:
        return TypeAdapter(Truth).validate_python(self.printer.truth())

    def record(self, uid: str) -> CardRecord:
        return self.printer.machine.mechanism.cards.record(uid)

    def printed(self, number: int = 0) -> CardRecord:
        """Return the record of the nth card ever fed."""
        records = self.printer.machine.mechanism.cards.records()
        return [record for record in records if len(record.history) > 1][number]

    def person(self, action: str, **arguments: object) -> object:
        return self.printer.person(action, arguments)


def read_reply(connection: socket.socket) -> str:
    reply = b""
    while not reply.endswith(NUL):
        chunk = connection.recv(4096)
        if not chunk:
            break
        reply += chunk
    return reply.rstrip(NUL).decode()


def read_all(connection: socket.socket) -> list[str]:
    replies = b"".join(iter(lambda: connection.recv(4096), b""))
    return [reply.decode() for reply in replies.split(NUL)[:-1]]


def make_no_chip(folder: Path, uid: bytes) -> None:
    folder.mkdir()


def equipment(folder: Path, model: str = "Primacy 2", hopper: int = 3) -> Equipment:
    return Equipment(
        folder=folder,
        model=model_named(model),
        hopper=hopper,
        ribbon=Ribbon(),
        seed=1,
        speed=0,
        tray_capacity=model_named(model).tray_capacity,
        make_chip=make_no_chip,
        read_life_cycle=lambda _: "none",
        slots={},
    )


@contextmanager
def running(equipment: Equipment) -> Iterator[Rig]:
    printer = Printer(equipment)
    tcp = TcpPort(printer.open_session, lambda: printer.machine.powered)
    printer.machine.on_power_loss.append(tcp.hang_up)
    try:
        yield Rig(printer, tcp, equipment.folder)
    finally:
        tcp.close()
        printer.close()


@contextmanager
def simulated_printer(
    folder: Path, model: str = "Primacy 2", hopper: int = 3, speed: float = 0, host_handles: bool = True
) -> Iterator[Rig]:
    """A printer that was just switched on, with Pem;2 unless said otherwise."""
    with running(replace(equipment(folder, model, hopper), speed=speed)) as rig:
        if host_handles:
            assert rig.ask("Pem;2") == "OK"
        yield rig
