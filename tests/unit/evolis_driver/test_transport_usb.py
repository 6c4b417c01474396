"""The printer class over USB/IP: answers, stale answers, port status, stalls and lost devices."""

import threading
from collections.abc import Iterator

import pytest

from drivers.transports import (
    ClosingQuestion,
    PortFaultError,
    TransportBrokenError,
    TransportTimeoutError,
    TransportUnreachableError,
    deadline_after,
    open_printer_transport,
)
from drivers.transports.usb_printer import UsbTransport
from tests.unit.evolis_driver.tcp_relay import relayed
from tests.unit.evolis_driver.usb_devices import PluggedPrinter, plugged_printer

CLOSING = ClosingQuestion(b"\x1bRfv\r\x00", b"1.0")


@pytest.fixture
def printer() -> Iterator[PluggedPrinter]:
    with plugged_printer() as plugged:
        yield plugged


@pytest.fixture
def transport(printer: PluggedPrinter) -> Iterator[UsbTransport]:
    opened = open_printer_transport(printer.url)
    assert isinstance(opened, UsbTransport)
    yield opened
    opened.close()


def test_identity_and_port_status(printer: PluggedPrinter, transport: UsbTransport) -> None:
    assert transport.device_id() == b"MFG:Evolis;MDL:Primacy 2;CLS:PRINTER;"
    assert transport.port_status() == 0x18
    transport.reset(deadline_after(1))
    assert printer.interface.requests[-1] == (0x21, 2)


def test_answers_may_be_split_over_packets(printer: PluggedPrinter, transport: UsbTransport) -> None:
    printer.interface.answers[b"\x1bRtp\r\x00"] = b"Prim"
    threading.Timer(0.05, printer.interface.say, [b"acy 2\x00"]).start()
    assert transport.exchange(b"\x1bRtp\r\x00", deadline_after(5)) == b"Primacy 2"


def test_an_unread_answer_is_dropped_before_the_next_command(
    printer: PluggedPrinter, transport: UsbTransport
) -> None:
    printer.interface.answers[b"\x1bRtp\r\x00"] = b"OWN\x00OWN\x00"  # doubled
    printer.interface.answers[b"\x1bRsn\r\x00"] = b"S1\x00"
    assert transport.exchange(b"\x1bRtp\r\x00", deadline_after(5)) == b"OWN"
    printer.interface.say(b"STALE\x00")
    assert transport.exchange(b"\x1bRsn\r\x00", deadline_after(5)) == b"S1"


def test_resynchronise_drops_everything_before_its_own_answer(
    printer: PluggedPrinter, transport: UsbTransport
) -> None:
    printer.interface.answers[b"\x1bRsn\r\x00"] = b"OK\x00ERR X\x00S1\x00"
    transport.resynchronise(b"\x1bRsn\r\x00", lambda reply: reply == b"S1", deadline_after(5))


def test_no_answer_times_out_and_counts_the_bytes(printer: PluggedPrinter, transport: UsbTransport) -> None:
    with pytest.raises(TransportTimeoutError) as caught:
        transport.exchange(b"\x1bSi\r\x00", deadline_after(0.1))
    assert caught.value.bytes_sent == 5
    printer.interface.answers[b"\x1bRsn\r\x00"] = b"S1\x00"
    assert transport.exchange(b"\x1bRsn\r\x00", deadline_after(5)) == b"S1"


def test_a_job_goes_in_chunks_with_the_port_status_between(
    printer: PluggedPrinter, transport: UsbTransport
) -> None:
    job = bytes(range(256)) * 256  # 64 KiB
    assert transport.send_job([job], CLOSING, deadline_after(10)) == len(job)
    assert printer.interface.received == job
    assert printer.interface.requests.count((0xA1, 1)) == 3


def test_a_fault_in_the_port_status_stops_the_job(printer: PluggedPrinter, transport: UsbTransport) -> None:
    transport.port_status()
    printer.interface.port_status = 0x30  # paper empty, selected, error
    with pytest.raises(PortFaultError) as caught:
        transport.send_job([bytes(64 * 1024)], CLOSING, deadline_after(10))
    assert (caught.value.bytes_sent, caught.value.port_status) == (16 * 1024, 0x30)


def test_a_stalled_output_is_cleared_and_the_next_command_works(
    printer: PluggedPrinter, transport: UsbTransport
) -> None:
    printer.interface.answers[b"\x1bRsn\r\x00"] = b"S1\x00"
    assert transport.exchange(b"\x1bRsn\r\x00", deadline_after(5)) == b"S1"
    printer.interface.stall_out = True
    with pytest.raises(TransportBrokenError, match="stalled"):
        transport.exchange(b"\x1bRsn\r\x00", deadline_after(5))
    printer.interface.stall_out = False
    assert transport.exchange(b"\x1bRsn\r\x00", deadline_after(5)) == b"S1"


def test_an_absent_server_and_an_absent_device_are_unreachable(printer: PluggedPrinter) -> None:
    for url in ("usbip://127.0.0.1:1/1-1", f"usbip://127.0.0.1:{printer.port}/1-9", "usb://dead:beef"):
        with pytest.raises(TransportUnreachableError) as caught:
            open_printer_transport(url).exchange(b"x", deadline_after(1))
        assert caught.value.bytes_sent == 0


def test_a_replugged_printer_is_opened_again(printer: PluggedPrinter) -> None:
    printer.interface.answers[b"\x1bRsn\r\x00"] = b"S1\x00"
    with relayed(printer.port) as relay:
        transport = open_printer_transport(f"usbip://127.0.0.1:{relay.port}/1-1")
        assert transport.exchange(b"\x1bRsn\r\x00", deadline_after(5)) == b"S1"
        relay.cut()
        with pytest.raises(TransportBrokenError, match="lost") as caught:
            transport.exchange(b"\x1bRsn\r\x00", deadline_after(5))
        assert caught.value.bytes_sent == 0
        assert transport.exchange(b"\x1bRsn\r\x00", deadline_after(5)) == b"S1"
        transport.close()


def test_a_disconnect_in_the_middle_of_a_job_tells_how_far_it_came(printer: PluggedPrinter) -> None:
    with relayed(printer.port) as relay:
        transport = open_printer_transport(f"usbip://127.0.0.1:{relay.port}/1-1")
        relay.cut_after(100_000)
        with pytest.raises(TransportBrokenError, match="lost") as caught:
            transport.send_job([bytes(1_000_000)], CLOSING, deadline_after(10))
        assert len(printer.interface.received) <= caught.value.bytes_sent < 200_000
        transport.close()
