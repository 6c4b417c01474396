"""TCP as the vendor library speaks it: one connection per command, a silent one for the status."""

import socket
import time

import pytest

from drivers.transports import (
    ClosingQuestion,
    TransportBrokenError,
    TransportTimeoutError,
    TransportUnreachableError,
    deadline_after,
)
from drivers.transports.tcp import TcpTransport
from tests.unit.evolis_driver.scripted_server import read_exactly, read_until, serving

CLOSING = ClosingQuestion(b"\x1bRfv\r\x00", b"1.0")


def test_each_command_has_its_own_connection_and_its_answer_may_come_in_pieces() -> None:
    def answer(connection: socket.socket) -> None:
        assert read_until(connection, b"\x00") == b"\x1bRtp\r\x00"
        for piece in (b"Prim", b"acy 2", b"\x00"):
            connection.sendall(piece)
            time.sleep(0.02)

    with serving([answer, answer]) as port:
        transport = TcpTransport("127.0.0.1", port)
        assert transport.exchange(b"\x1bRtp\r\x00", deadline_after(5)) == b"Primacy 2"
        assert transport.exchange(b"\x1bRtp\r\x00", deadline_after(5)) == b"Primacy 2"


@pytest.mark.parametrize("closing", [b"\x00", b""])
def test_the_status_is_the_answer_to_a_silent_half_closed_connection(closing: bytes) -> None:
    def answer(connection: socket.socket) -> None:
        assert connection.recv(1) == b""
        connection.sendall(b"00000000 00000000 00000000 00000000:0" + closing)

    with serving([answer]) as port:
        status = TcpTransport("127.0.0.1", port).read_status(b"\x1b\r", deadline_after(5))
    assert status == b"00000000 00000000 00000000 00000000:0"


def test_a_printer_that_hangs_up_has_no_status() -> None:
    def hang_up(connection: socket.socket) -> None:
        assert connection.recv(1) == b""

    with serving([hang_up]) as port, pytest.raises(TransportBrokenError, match="hung up"):
        TcpTransport("127.0.0.1", port).read_status(b"\x1b\r", deadline_after(5))


def test_an_answer_cut_before_its_nul_is_no_answer() -> None:
    def answer(connection: socket.socket) -> None:
        read_until(connection, b"\x00")
        connection.sendall(b"O")

    with serving([answer]) as port, pytest.raises(TransportBrokenError) as caught:
        TcpTransport("127.0.0.1", port).exchange(b"\x1bSi\r\x00", deadline_after(5))
    assert caught.value.bytes_sent == 5


def test_a_late_answer_never_reaches_the_next_command() -> None:
    def late(connection: socket.socket) -> None:
        read_until(connection, b"\x00")
        time.sleep(0.3)
        connection.sendall(b"LATE\x00")

    def prompt(connection: socket.socket) -> None:
        read_until(connection, b"\x00")
        connection.sendall(b"OWN\x00")

    with serving([late, prompt]) as port:
        transport = TcpTransport("127.0.0.1", port)
        with pytest.raises(TransportTimeoutError) as caught:
            transport.exchange(b"\x1bSi\r\x00", deadline_after(0.1))
        assert caught.value.bytes_sent == 5
        assert transport.exchange(b"\x1bSi\r\x00", deadline_after(5)) == b"OWN"


def test_an_absent_printer_is_unreachable_and_got_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(TransportUnreachableError) as caught:
        TcpTransport("127.0.0.1", port).exchange(b"\x1bSi\r\x00", deadline_after(5))
    assert caught.value.bytes_sent == 0


def test_a_job_waits_for_the_closing_answer_and_no_byte_of_it_is_lost() -> None:
    job = bytes(range(256)) * 4096

    def slow_reader(connection: socket.socket) -> None:
        connection.sendall(b"OK\x00OK\x00")  # answers to commands inside the job end nothing
        received = read_exactly(connection, 500_000)
        connection.sendall(b"OK\x00")
        time.sleep(0.3)
        received += read_exactly(connection, len(job) + 7 - 500_000)
        assert received == job + b"\x00\x1bRfv\r\x00"
        connection.sendall(b"OK\x001.0\x00")
        assert connection.recv(1) == b""

    with serving([slow_reader]) as port:
        transport = TcpTransport("127.0.0.1", port)
        assert transport.send_job([job[:5], job[5:]], CLOSING, deadline_after(10)) == len(job)


@pytest.mark.parametrize("answers", [b"", b"OK\x00OK\x00", b"OK\x001."])
def test_a_job_without_its_closing_answer_counts_as_broken_with_all_bytes_gone(answers: bytes) -> None:
    def hangs_up(connection: socket.socket) -> None:
        read_exactly(connection, 10 + 7)
        connection.sendall(answers)

    with serving([hangs_up]) as port, pytest.raises(TransportBrokenError) as caught:
        TcpTransport("127.0.0.1", port).send_job([bytes(10)], CLOSING, deadline_after(5))
    assert caught.value.bytes_sent == 17


def test_a_printer_that_stops_reading_times_out_with_the_count_of_bytes() -> None:
    def deaf(connection: socket.socket) -> None:
        time.sleep(0.5)

    with serving([deaf]) as port, pytest.raises(TransportTimeoutError) as caught:
        chunks = [bytes(1024 * 1024)] * 64
        TcpTransport("127.0.0.1", port).send_job(chunks, CLOSING, deadline_after(0.3))
    assert 0 < caught.value.bytes_sent < 64 * 1024 * 1024


def test_endless_noise_is_broken_not_endless() -> None:
    def noise(connection: socket.socket) -> None:
        read_until(connection, b"\x00")
        connection.sendall(b"x" * 10_000)

    with serving([noise]) as port, pytest.raises(TransportBrokenError, match="without a NUL"):
        TcpTransport("127.0.0.1", port).exchange(b"\x1bRtp\r\x00", deadline_after(5))
