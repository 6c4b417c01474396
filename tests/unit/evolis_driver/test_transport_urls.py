"""Device URLs: what is taken, and that each fault is named."""

from pathlib import Path

import pytest

from drivers.transports import (
    ClosingQuestion,
    NoReplyChannelError,
    TransportUnreachableError,
    TransportUrlError,
    deadline_after,
    open_printer_transport,
)
from drivers.transports.file import FileTransport
from drivers.transports.tcp import TcpTransport
from drivers.transports.usb_printer import UsbTransport

CLOSING = ClosingQuestion(b"\x1bRfv\r\x00", b"1.0")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("socket://127.0.0.1:9100", TcpTransport),
        ("socket://[::1]:9100", TcpTransport),
        ("usb://0f49:0a00", UsbTransport),
        ("usb://0F49:0A00?serial=12345", UsbTransport),
        ("usbip://127.0.0.1:3240/1-1", UsbTransport),
        ("usbip://localhost:3240/3-2.4.1", UsbTransport),
        ("file:///tmp/job.prn", FileTransport),
    ],
)
def test_each_scheme_opens_its_transport(url: str, kind: type) -> None:
    assert isinstance(open_printer_transport(url), kind)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "scheme"),
        ("127.0.0.1:9100", "scheme"),
        ("http://127.0.0.1:9100", "scheme"),
        ("socket://127.0.0.1", "port"),
        ("socket://127.0.0.1:0", "port"),
        ("socket://127.0.0.1:99999", "port"),
        ("socket://127.0.0.1:port", "port"),
        ("socket://:9100", "host"),
        ("socket://127.0.0.1:9100/x", "nothing may follow"),
        ("socket://127.0.0.1:9100?x=1", "query"),
        ("socket://user@127.0.0.1:9100", "user name"),
        ("socket://127.0.0.1:9100#x", "fragment"),
        ("socket://[::1:9100", "Invalid"),
        ("usb://0f49", "hexadecimal"),
        ("usb://0f49:0a0", "hexadecimal"),
        ("usb://0f49:0a00/1", "nothing but"),
        ("usb://0f49:0a00?serial=", "serial"),
        ("usb://0f49:0a00?sn=1", "serial"),
        ("usb://0f49:0a00?serial=1&serial=2", "serial"),
        ("usb://0f49:0a00?serial", "query"),
        ("usbip://127.0.0.1:3240", "bus id"),
        ("usbip://127.0.0.1:3240/", "bus id"),
        ("usbip://127.0.0.1:3240/1", "bus id"),
        ("usbip://127.0.0.1:3240/1-1/2", "bus id"),
        ("usbip://127.0.0.1/1-1", "port"),
        ("file://job.prn", "three slashes"),
        ("file:job.prn", "absolute"),
        ("file:///", "absolute"),
    ],
)
def test_each_fault_in_a_url_is_named(url: str, reason: str) -> None:
    with pytest.raises(TransportUrlError, match=reason) as caught:
        open_printer_transport(url)
    assert repr(url) in str(caught.value)


def test_a_file_takes_jobs_in_order_and_gives_no_answers(tmp_path: Path) -> None:
    path = tmp_path / "job 1.prn"
    transport = open_printer_transport(f"file://{path.as_posix().replace(' ', '%20')}")
    assert transport.send_job([b"first", b" card"], CLOSING, deadline_after(1)) == 10
    assert transport.send_job([b"second card"], CLOSING, deadline_after(1)) == 11
    assert path.read_bytes() == b"first cardsecond card"
    with pytest.raises(NoReplyChannelError):
        transport.exchange(b"x", deadline_after(1))
    with pytest.raises(NoReplyChannelError):
        transport.read_status(b"x", deadline_after(1))
    assert not transport.has_replies


def test_a_file_that_cannot_be_written_is_unreachable(tmp_path: Path) -> None:
    transport = open_printer_transport(f"file://{tmp_path}/missing/job.prn")
    with pytest.raises(TransportUnreachableError) as caught:
        transport.send_job([b"x"], CLOSING, deadline_after(1))
    assert caught.value.bytes_sent == 0
