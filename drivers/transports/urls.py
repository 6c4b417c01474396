"""Device URLs of printers, parsed strictly, and the transport that each one names."""

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from drivers.transports.base import PrinterTransport, TransportUrlError
from drivers.transports.file import FileTransport
from drivers.transports.tcp import TcpTransport
from drivers.transports.usb_printer import UsbTransport, usb_port_opener, usbip_port_opener

_USB_IDS = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")
_BUSID = re.compile(r"[0-9]+-[0-9]+(?:\.[0-9]+)*")  # Linux bus id: bus-port.port.port
_HIGHEST_PORT = 65535


def open_printer_transport(url: str, connect_timeout: float = 5.0) -> PrinterTransport:
    """Return the transport that a URL names. Links are opened when the first bytes move.

    Args:
        url: `socket://host:port`, `usb://vvvv:pppp[?serial=S]`, `usbip://host:port/busid` or `file:///path`.
        connect_timeout: Seconds that opening a network link may take.

    Raises:
        TransportUrlError: The URL is malformed; the text says where.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise TransportUrlError(f"printer URL {url!r}: {error}") from error
    if parts.fragment or "@" in parts.netloc:
        raise _wrong(url, "a fragment and a user name have no place in it")
    if parts.scheme == "usb":
        return _usb(url, parts)
    if parts.query:
        raise _wrong(url, "only usb:// takes a query")
    if parts.scheme == "socket":
        return _socket(url, parts, connect_timeout)
    if parts.scheme == "usbip":
        return _usbip(url, parts, connect_timeout)
    if parts.scheme == "file":
        return _file(url, parts)
    raise _wrong(url, "the scheme must be socket, usb, usbip or file")


def _socket(url: str, parts: SplitResult, connect_timeout: float) -> PrinterTransport:
    if parts.path:
        raise _wrong(url, "nothing may follow host:port")
    host, port = _host_and_port(url, parts)
    return TcpTransport(host, port, connect_timeout)


def _usbip(url: str, parts: SplitResult, connect_timeout: float) -> PrinterTransport:
    host, port = _host_and_port(url, parts)
    busid = parts.path.removeprefix("/")
    if not _BUSID.fullmatch(busid):
        raise _wrong(url, "a bus id such as 1-1 must follow host:port/")
    return UsbTransport(usbip_port_opener(host, port, busid, connect_timeout))


def _usb(url: str, parts: SplitResult) -> PrinterTransport:
    ids = _USB_IDS.fullmatch(parts.netloc)
    if ids is None:
        raise _wrong(url, "vendor and product must be four hexadecimal digits each, as in 0f49:0a00")
    if parts.path:
        raise _wrong(url, "nothing but ?serial=... may follow the ids")
    return UsbTransport(usb_port_opener(int(ids[1], 16), int(ids[2], 16), _serial(url, parts.query)))


def _serial(url: str, query: str) -> str | None:
    if not query:
        return None
    try:
        fields = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    except ValueError as error:
        raise _wrong(url, "the query is malformed") from error
    if len(fields) != 1 or fields[0][0] != "serial" or not fields[0][1]:
        raise _wrong(url, "the query must be serial= and a serial number")
    return fields[0][1]


def _file(url: str, parts: SplitResult) -> PrinterTransport:
    path = unquote(parts.path)
    if parts.netloc:
        raise _wrong(url, "a file URL has three slashes and an absolute path")
    if not path.startswith("/") or path.endswith("/") or "\x00" in path:
        raise _wrong(url, "the path of a file must be absolute")
    return FileTransport(Path(path))


def _host_and_port(url: str, parts: SplitResult) -> tuple[str, int]:
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _wrong(url, f"the port must be a number from 1 to {_HIGHEST_PORT}") from error
    if not host:
        raise _wrong(url, "the host is missing")
    if not port:
        raise _wrong(url, f"the port must be a number from 1 to {_HIGHEST_PORT}")
    return host, port


def _wrong(url: str, reason: str) -> TransportUrlError:
    return TransportUrlError(f"printer URL {url!r}: {reason}")
