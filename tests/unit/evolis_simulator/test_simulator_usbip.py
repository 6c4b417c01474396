"""The USB side, spoken to with USB/IP frames packed here from the kernel's documentation."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simulators.evolis.usbip_port import BUS_ID, UsbIpPort
from tests.unit.evolis_simulator.printer_rig import (
    NUL,
    Rig,
    bare_job,
    command,
    plain_panels,
    simulated_printer,
)

SUBMIT, UNLINK, RET_SUBMIT, RET_UNLINK = 1, 2, 3, 4
OUT, IN = 0, 1


@dataclass
class UsbHost:
    """Just enough of a USB/IP client."""

    connection: socket.socket
    sequence: int = 0
    waiting: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    unlinked: dict[int, int] = field(default_factory=dict)
    directions: dict[int, int] = field(default_factory=dict)

    def submit(
        self, endpoint: int, direction: int, data: bytes = b"", length: int = 0, setup: bytes = bytes(8)
    ) -> int:
        self.sequence += 1
        self.directions[self.sequence] = direction
        size = len(data) if direction == OUT else length
        header = struct.pack(">IIIII", SUBMIT, self.sequence, 0x10002, direction, endpoint)
        self.connection.sendall(header + struct.pack(">Iiiii", 0, size, 0, 0, 0) + setup + data)
        return self.sequence

    def unlink(self, sequence: int) -> int:
        """Unlink a transfer; return the status of the answer."""
        self.sequence += 1
        header = struct.pack(">IIIII", UNLINK, self.sequence, 0x10002, 0, 0)
        self.connection.sendall(header + struct.pack(">I", sequence) + bytes(24))
        mine = self.sequence
        while mine not in self.unlinked:
            self.receive()
        return self.unlinked[mine]

    def receive(self) -> None:
        head = self._exactly(48)
        kind, sequence = struct.unpack(">II", head[:8])
        status, actual = struct.unpack(">ii", head[20:28])
        if kind == RET_UNLINK:
            self.unlinked[sequence] = status
            return
        assert kind == RET_SUBMIT
        data = self._exactly(actual) if self.directions[sequence] == IN else b""
        self.waiting[sequence] = (status, data)

    def result(self, sequence: int) -> tuple[int, bytes]:
        while sequence not in self.waiting:
            self.receive()
        return self.waiting.pop(sequence)

    def write(self, data: bytes) -> None:
        for begin in range(0, len(data), 16384):
            assert self.result(self.submit(1, OUT, data[begin : begin + 16384]))[0] == 0

    def read(self, length: int = 4096) -> bytes:
        status, data = self.result(self.submit(2, IN, length=length))
        assert status == 0
        return data

    def control(
        self, request_type: int, request: int, value: int, index: int, length: int
    ) -> tuple[int, bytes]:
        setup = struct.pack("<BBHHH", request_type, request, value, index, length)
        direction = IN if request_type & 0x80 else OUT
        return self.result(self.submit(0, direction, length=length, setup=setup))

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            chunk = self.connection.recv(length - len(data))
            if not chunk:
                raise ConnectionError("the cable is out")
            data += chunk
        return data


def import_device(port: int, busid: str = BUS_ID) -> UsbHost | None:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.settimeout(20)
    connection.sendall(struct.pack(">HHI", 0x0111, 0x8003, 0) + busid.encode().ljust(32, NUL))
    host = UsbHost(connection)
    _, code, status = struct.unpack(">HHI", host._exactly(8))
    assert code == 0x0003
    if status:
        connection.close()
        return None
    description = host._exactly(312)
    assert struct.unpack(">HH", description[300:304]) == (0x0F49, 0x0A00)
    return host


@contextmanager
def exported(rig: Rig) -> Iterator[UsbIpPort]:
    machine = rig.printer.machine
    port = UsbIpPort(
        rig.printer.open_session, rig.printer.usb_function, rig.printer.faults, lambda: machine.reachable
    )
    machine.on_power_loss.append(port.hang_up)
    try:
        yield port
    finally:
        port.close()


@contextmanager
def plugged(folder: Path, host_handles: bool = True) -> Iterator[tuple[Rig, UsbHost]]:
    with simulated_printer(folder, host_handles=host_handles) as rig, exported(rig) as port:
        host = import_device(port.port)
        assert host is not None
        with host.connection:
            yield rig, host


def test_descriptors(tmp_path: Path) -> None:
    with plugged(tmp_path) as (_, host):
        _, device = host.control(0x80, 6, 0x0100, 0, 18)
        assert device[8:12] == bytes.fromhex("490F000A")
        _, configuration = host.control(0x80, 6, 0x0200, 0, 255)
        assert configuration[9:18] == bytes([9, 4, 0, 0, 2, 7, 1, 2, 0])
        assert (configuration[20], configuration[27]) == (0x01, 0x82)
        _, serial = host.control(0x80, 6, 0x0300 | device[16], 0x0409, 255)
        assert serial[2:].decode("utf-16-le") == "SIM000001"


def test_printer_class_requests(tmp_path: Path) -> None:
    with plugged(tmp_path) as (rig, host):
        _, identity = host.control(0xA1, 0, 0, 0, 1023)
        assert int.from_bytes(identity[:2], "big") == len(identity)
        assert b"MDL:Primacy 2;" in identity
        assert host.control(0xA1, 1, 0, 0, 1) == (0, b"\x18")
        rig.printer.fault("feeder_empty", 1, 1)
        rig.ask("Sis")
        assert host.control(0xA1, 1, 0, 0, 1) == (0, b"\x38"), "paper end"
        rig.person("fill_hopper", count=1)
        rig.printer.fault("jam_at_station", 1, 1)
        rig.ask("Sis")
        assert host.control(0xA1, 1, 0, 0, 1) == (0, b"\x10"), "fault"
        assert host.control(0xA1, 7, 0, 0, 1)[0] == -32


def test_commands_jobs_and_status(tmp_path: Path) -> None:
    with plugged(tmp_path) as (rig, host):
        host.write(command("Rtp") + NUL)
        assert host.read() == b"Primacy 2\x00"
        host.write(command(""))
        assert host.read().endswith(b":0\x00")
        host.write(bare_job(plain_panels()))
        assert [host.read() for _ in range(9)] == [b"OK\x00"] * 9
        rig.wait_idle()
        assert rig.truth().panels_printed == 5


def test_a_read_waits_for_a_reply_and_can_be_unlinked(tmp_path: Path) -> None:
    with plugged(tmp_path) as (_, host):
        parked = host.submit(2, IN, length=64)
        assert host.unlink(parked) == -104
        assert parked not in host.waiting
        later = host.submit(2, IN, length=64)
        host.write(command("Rok"))
        assert host.result(later) == (0, b"OK\x00")
        assert host.unlink(later) == 0, "it was completed before"


def test_a_short_read_leaves_the_rest(tmp_path: Path) -> None:
    with plugged(tmp_path) as (_, host):
        host.write(command("Rtp"))
        assert (host.read(4), host.read()) == (b"Prim", b"acy 2\x00")


def test_status_overtakes_a_move_on_the_same_pipe(tmp_path: Path) -> None:
    with plugged(tmp_path) as (rig, host):
        rig.printer.clock.speed = 5
        host.write(command("Sis"))
        host.write(command(""))
        assert int(host.read().split()[1], 16) & 1
        assert host.read() == b"OK\x00"


def test_writes_are_held_while_the_printer_waits_for_a_person(tmp_path: Path) -> None:
    with plugged(tmp_path, host_handles=False) as (rig, host):
        rig.printer.fault("jam_at_station", 1, 1)
        host.write(command("Sis"))
        rig.wait(lambda: rig.printer.machine.memory.waits_for_person)
        first, second = host.submit(1, OUT, command("Rok")), host.submit(1, OUT, command("Rsn"))
        assert host.control(0xA1, 1, 0, 0, 1) == (0, b"\x10"), "the port status can still be asked"
        assert host.unlink(second) == -104
        assert first not in host.waiting
        rig.person("clear_jam")
        assert host.result(first)[0] == 0
        assert (host.read(), host.read()) == (b"OK\x00", b"OK\x00")


def test_soft_reset_flushes_what_was_half_sent(tmp_path: Path) -> None:
    with plugged(tmp_path) as (_, host):
        host.write(b"\x1bDb;y;256;" + bytes(5000))
        host.write(command("Rtp"))
        assert host.control(0x21, 2, 0, 0, 0)[0] == 0
        host.write(command("Rok"))
        assert host.read() == b"OK\x00"


def test_a_stall_lasts_until_the_halt_is_cleared(tmp_path: Path) -> None:
    with plugged(tmp_path) as (rig, host):
        rig.printer.fault("stall", 1, 1)
        for _ in range(2):
            assert host.result(host.submit(1, OUT, command("Rok")))[0] == -32
        assert host.control(0x02, 1, 0, 0x01, 0)[0] == 0
        host.write(command("Rok"))
        assert host.read() == b"OK\x00"


def test_a_power_cut_pulls_the_cable(tmp_path: Path) -> None:
    with plugged(tmp_path) as (rig, host):
        rig.printer.machine.cut_power()
        with pytest.raises(OSError):
            host.read()


def test_a_pulled_cable_loses_the_host_and_stops_nothing(tmp_path: Path) -> None:
    with plugged(tmp_path) as (rig, host), exported(rig) as other:
        rig.person("pull_cable")
        with pytest.raises(ConnectionError):
            host.receive()
        assert import_device(other.port) is None
        assert rig.printer.machine.powered
        rig.person("plug_cable")
        found = import_device(other.port)
        assert found is not None
        found.connection.close()


def test_one_host_at_a_time_and_the_next_one_finds_no_stale_reply(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig, exported(rig) as port:
        first = import_device(port.port)
        assert first is not None
        assert import_device(port.port) is None
        assert import_device(port.port, "9-9") is None
        first.write(command("Rtp"))
        first.connection.close()
        second = import_device(port.port)
        assert second is not None
        second.write(command("Rok"))
        assert second.read() == b"OK\x00"
        second.connection.close()


def test_the_device_list(tmp_path: Path) -> None:
    with simulated_printer(tmp_path) as rig, exported(rig) as port:
        with socket.create_connection(("127.0.0.1", port.port)) as connection:
            connection.sendall(struct.pack(">HHI", 0x0111, 0x8005, 0))
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        assert answer[8:12] == b"\x00\x00\x00\x01"
        assert answer[-4:] == bytes([7, 1, 2, 0])
