"""Readers by URL."""

from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from drivers.pcsc.apdu import SlotReader, SocketSlot
from drivers.pcsc.base import CardReader
from drivers.pcsc.reader import DEFAULT_CALL_TIMEOUT, PcscReader

# APDUs cross this socket in the clear and without any check of who asks.
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class ReaderUrlError(ValueError):
    """A reader's URL cannot be meant.

    Attributes:
        url: as configured.
        reason: what is wrong with it.
    """

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


def open_reader(url: str, *, call_timeout: float = DEFAULT_CALL_TIMEOUT) -> CardReader:
    """Make the reader for `pcsc:///Reader name` or `apdu://host:port`; nothing is asked of it yet.

    Raises:
        ReaderUrlError: another scheme, no reader name, or an address off this machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "pcsc":
        return PcscReader(_reader_name(url, parts), call_timeout=call_timeout)
    if parts.scheme == "apdu":
        host, port = _address(url, parts)
        return SlotReader(url, SocketSlot(host, port, call_timeout))
    raise ReaderUrlError(url, "the scheme must be pcsc or apdu")


def _reader_name(url: str, parts: SplitResult) -> str:
    if parts.netloc or parts.query or parts.fragment:
        raise ReaderUrlError(url, "write pcsc:///Reader name, with %23 for # and %3F for ?")
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise ReaderUrlError(url, "the reader's name is missing")
    return name


def _address(url: str, parts: SplitResult) -> tuple[str, int]:
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ReaderUrlError(url, str(error)) from error
    if host not in LOOPBACK:
        raise ReaderUrlError(url, "only a loopback address is allowed")
    if port is None or parts.path or parts.query or parts.fragment:
        raise ReaderUrlError(url, "write apdu://host:port")
    return host, port
