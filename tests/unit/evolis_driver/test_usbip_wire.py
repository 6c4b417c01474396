"""USB/IP messages byte for byte, and what a server may do that the usbip package never does."""

import errno
import socket
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.transports.usbip.connection import TransferTimeoutError, UsbIpConnection
from drivers.transports.usbip.descriptors import (
    ConfigurationDescriptor,
    MalformedDescriptorError,
    parse_configuration,
    parse_device,
)
from drivers.transports.usbip.link import ImportRefusedError, Link, LinkLostError
from drivers.transports.usbip.messages import (
    Direction,
    ExportedDevice,
    ProtocolViolationError,
    parse_reply,
    request_import,
    request_list,
    submit,
    unlink,
)
from tests.unit.evolis_driver.scripted_server import Handler, read_exactly, serving

DEVICE = ExportedDevice("1-1", 1, 2, 2, 0x0F49, 0x0A00, 1)


def ret_submit(seqnum: int, data: bytes = b"", status: int = 0, length: int | None = None) -> bytes:
    actual = len(data) if length is None else length
    return struct.pack(">IIIIIiiiii8x", 3, seqnum, 0, 0, 0, status, actual, 0, 0, 0) + data


def ret_unlink(seqnum: int, status: int) -> bytes:
    return struct.pack(">IIIIIi24x", 4, seqnum, 0, 0, 0, status)


def connected(port: int) -> UsbIpConnection:
    return UsbIpConnection(Link("127.0.0.1", port, 5), DEVICE)


def test_requests_byte_for_byte() -> None:
    assert request_list() == bytes.fromhex("0111800500000000")
    assert request_import("1-1") == bytes.fromhex("0111800300000000") + b"1-1" + bytes(29)
    assert submit(0x10002, 7, Direction.IN, 2, 64, bytes(8)) == bytes.fromhex(
        "00000001 00000007 00010002 00000001 00000002 00000000 00000040 00000000 ffffffff 00000000"
        "0000000000000000"
    )
    assert unlink(0x10002, 8, 7) == bytes.fromhex(
        "00000002 00000008 00010002 00000000 00000000 00000007" + "00" * 24
    )


@given(st.binary(min_size=48, max_size=48))
def test_any_header_is_a_reply_or_a_violation(raw: bytes) -> None:
    try:
        parse_reply(raw)
    except ProtocolViolationError:
        return


def test_an_unlinked_read_is_confirmed_as_linux_does_it() -> None:
    def server(connection: socket.socket) -> None:
        assert read_exactly(connection, 48)[:8] == bytes.fromhex("0000000100000001")
        assert read_exactly(connection, 48)[:8] == bytes.fromhex("0000000200000002")
        connection.sendall(ret_unlink(2, -errno.ECONNRESET))
        read_exactly(connection, 48)
        connection.sendall(ret_submit(3, b"next"))

    with serving([server]) as port:
        connection = connected(port)
        with pytest.raises(TransferTimeoutError):
            connection.transfer_in(2, 64, 0.05)
        assert connection.transfer_in(2, 64, 5).data == b"next"
        connection.close()


def test_a_transfer_that_finished_before_the_unlink_counts() -> None:
    def server(connection: socket.socket) -> None:
        read_exactly(connection, 96)
        connection.sendall(ret_submit(1, b"in time after all") + ret_unlink(2, 0))

    with serving([server]) as port:
        connection = connected(port)
        assert connection.transfer_in(2, 64, 0.05).data == b"in time after all"
        connection.close()


def test_an_answer_after_its_unlink_comes_first_at_the_next_read() -> None:
    def server(connection: socket.socket) -> None:
        read_exactly(connection, 96)
        connection.sendall(ret_unlink(2, 0))
        read_exactly(connection, 48)
        connection.sendall(ret_submit(1, b"late ") + ret_submit(3, b"prompt"))

    with serving([server]) as port:
        connection = connected(port)
        with pytest.raises(TransferTimeoutError):
            connection.transfer_in(2, 64, 0.05)
        assert connection.transfer_in(2, 8, 5).data == b"late pro"
        assert connection.transfer_in(2, 8, 5).data == b"mpt"
        connection.close()


def test_a_message_cut_by_the_deadline_is_finished_later() -> None:
    def server(connection: socket.socket) -> None:
        read_exactly(connection, 48)
        answer = ret_submit(1, b"0123456789")
        connection.sendall(answer[:52])
        read_exactly(connection, 48)
        connection.sendall(answer[52:] + ret_unlink(2, 0))

    with serving([server]) as port:
        connection = connected(port)
        assert connection.transfer_in(2, 64, 0.1).data == b"0123456789"
        connection.close()


def test_a_server_that_ignores_unlink_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.transports.usbip.connection.UNLINK_PATIENCE", 0.1)

    def server(connection: socket.socket) -> None:
        read_exactly(connection, 96)
        assert connection.recv(1) == b""

    with serving([server]) as port, pytest.raises(LinkLostError, match="CMD_UNLINK"):
        connected(port).transfer_out(1, b"", 0.05)


@pytest.mark.parametrize(
    "answer",
    [
        ret_submit(99, b""),
        ret_submit(1, b"x" * 65),
        ret_submit(1, length=-5),
        struct.pack(">I", 9) + bytes(44),
    ],
)
def test_a_broken_protocol_closes_the_link(answer: bytes) -> None:
    def server(connection: socket.socket) -> None:
        read_exactly(connection, 48)
        connection.sendall(answer)
        while connection.recv(1024):
            pass

    with serving([server]) as port, pytest.raises(LinkLostError, match="protocol"):
        connected(port).transfer_in(2, 64, 5)


def test_a_disconnect_in_the_middle_of_a_transfer() -> None:
    def server(connection: socket.socket) -> None:
        read_exactly(connection, 48)
        connection.sendall(ret_submit(1, b"0123456789")[:50])

    with serving([server]) as port, pytest.raises(LinkLostError, match="closed"):
        connected(port).transfer_in(2, 64, 5)


def test_a_refused_import_and_a_silent_server() -> None:
    def refuse(connection: socket.socket) -> None:
        read_exactly(connection, 40)
        connection.sendall(bytes.fromhex("0111000300000001"))

    def silent(connection: socket.socket) -> None:
        read_exactly(connection, 40)
        time.sleep(0.3)

    def wrong(connection: socket.socket) -> None:
        read_exactly(connection, 8)
        connection.sendall(b"HTTP/1.0 400 Bad Request\r\n")

    handlers: list[Handler] = [refuse, silent, wrong]
    with serving(handlers) as port:
        with pytest.raises(ImportRefusedError):
            Link("127.0.0.1", port, 5).import_device("1-1", 5)
        with pytest.raises(LinkLostError, match="answer"):
            Link("127.0.0.1", port, 5).import_device("1-1", 0.1)
        with pytest.raises(LinkLostError, match="protocol"):
            Link("127.0.0.1", port, 5).list_devices(5)


GOOD = bytes.fromhex("09022000010100c032 0904000002070102 00 07050102400000 07058202400000")


def test_a_configuration_with_class_descriptors_in_between() -> None:
    extra = bytes.fromhex("0421aabb")
    raw = GOOD[:2] + (len(GOOD) + 4).to_bytes(2, "little") + GOOD[4:18] + extra + GOOD[18:]
    configuration = parse_configuration(raw)
    interface = configuration.alternate(0, 0)
    assert interface.extra_descriptors == list(extra)
    assert [endpoint.bEndpointAddress for endpoint in interface.endpoints] == [0x01, 0x82]
    with pytest.raises(IndexError):
        configuration.alternate(0, 1)
    with pytest.raises(IndexError):
        configuration.alternate(1, 0)


@given(st.integers(min_value=0, max_value=31), st.integers(min_value=0, max_value=255))
def test_a_damaged_configuration_is_malformed_or_read(index: int, value: int) -> None:
    damaged = bytearray(GOOD)
    damaged[index] = value
    try:
        assert isinstance(parse_configuration(bytes(damaged)), ConfigurationDescriptor)
    except MalformedDescriptorError:
        return


@given(st.binary(max_size=40))
def test_garbage_descriptors_are_malformed(raw: bytes) -> None:
    for parse in (parse_configuration, lambda data: parse_device(data, 1, 2, (1,), 2)):
        try:
            parse(raw)
        except MalformedDescriptorError:
            continue
