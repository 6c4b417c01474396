"""Printer over USB, on libusb or on USB/IP, through pyusb."""

from collections.abc import Callable, Iterable

from drivers.transports.base import (
    CHUNK_SIZE,
    ClosingQuestion,
    PortFaultError,
    TransportBrokenError,
    TransportTimeoutError,
    TransportUnreachableError,
    seconds_left,
    slices,
)
from drivers.transports.pyusb import UsbDevice, USBError, dispose, find_devices
from drivers.transports.usb_port import PORT_NOT_ERROR, UsbGoneError, UsbPort, UsbStallError, UsbTimeoutError
from drivers.transports.usbip import UsbIpBackend

PortOpener = Callable[[], UsbPort]

_NUL = b"\x00"
_READ_SIZE = 4096  # a multiple of every bulk packet size, so that no packet overflows it
_LONGEST_REPLY = 4096
_DRAIN_WAIT = 0.001
"""Seconds of silence after which the bulk IN pipe counts as empty (assumed)."""
_MOST_STALE = 64 * 1024
"""More unread bytes than this before a command mean a printer that never stops talking (assumed)."""
_WRITE_STALL = 30.0
"""Seconds for which a printer may refuse the next chunk, longer than the printing of a panel (assumed)."""


class UsbTransport:
    """The USB cable of a printer. The device is opened on first use, and again after it was lost."""

    def __init__(self, open_port: PortOpener) -> None:
        self._open_port = open_port
        self._port: UsbPort | None = None
        self._unread = b""

    @property
    def has_replies(self) -> bool:
        """The bulk IN pipe brings answers."""
        return True

    @property
    def keeps_stale_replies(self) -> bool:
        """All answers share one pipe, so a late one arrives in a later exchange."""
        return True

    def exchange(self, command: bytes, deadline: float) -> bytes:
        """Drop unread answers, send one command, and return the next answer up to its NUL."""
        port = self._opened()
        self._drop_unread(port, deadline)
        sent = self._write(port, [command], deadline, watch_port=False)
        return self._read_reply(port, deadline, sent)

    def read_status(self, empty_command: bytes, deadline: float) -> bytes:
        """Send the empty command and return its answer (assumed: facts evolis.md, Unknown)."""
        return self.exchange(empty_command, deadline)

    def send_job(self, chunks: Iterable[bytes], closing: ClosingQuestion, deadline: float) -> int:
        """Send the job in chunks of at most 16 KiB and ask the port status between them.

        The closing question is left out: the next question travels behind the job on the same pipe.
        """
        del closing
        port = self._opened()
        self._drop_unread(port, deadline)
        return self._write(port, chunks, deadline, watch_port=True)

    def resynchronise(self, question: bytes, is_answer: Callable[[bytes], bool], deadline: float) -> None:
        """Send the question and drop answers until its own comes."""
        port = self._opened()
        self._drop_unread(port, deadline)
        sent = self._write(port, [question], deadline, watch_port=False)
        while not is_answer(self._read_reply(port, deadline, sent)):
            pass

    def reset(self, deadline: float) -> None:
        """Send SOFT_RESET and drop what the printer had still to say."""
        port = self._opened()
        try:
            port.soft_reset()
        except (UsbTimeoutError, UsbStallError) as error:
            raise TransportBrokenError(f"the printer did not take the reset: {error}") from error
        except UsbGoneError as error:
            raise self._lost(error, 0) from error
        self._drop_unread(port, deadline)

    def port_status(self) -> int:
        """Return the port status byte.

        Raises:
            TransportError: The printer did not answer.
        """
        port = self._opened()
        try:
            return port.port_status()
        except UsbTimeoutError as error:
            raise TransportTimeoutError("no port status") from error
        except UsbStallError as error:
            raise TransportBrokenError("the printer refuses to tell its port status") from error
        except UsbGoneError as error:
            raise self._lost(error, 0) from error

    def device_id(self) -> bytes:
        """Return the IEEE 1284 device id.

        Raises:
            TransportError: The printer did not answer.
        """
        port = self._opened()
        try:
            return port.device_id()
        except (UsbTimeoutError, UsbStallError) as error:
            raise TransportBrokenError(f"no IEEE 1284 device id: {error}") from error
        except UsbGoneError as error:
            raise self._lost(error, 0) from error

    def close(self) -> None:
        """Close the device; the next use opens it again."""
        port, self._port, self._unread = self._port, None, b""
        if port is not None:
            port.close()

    def _opened(self) -> UsbPort:
        if self._port is None:
            self._port = self._open_port()
        return self._port

    def _write(self, port: UsbPort, chunks: Iterable[bytes], deadline: float, watch_port: bool) -> int:
        sent = 0
        for piece in slices(chunks, CHUNK_SIZE):
            if watch_port and sent:
                self._check_port(port, sent)
            rest = piece
            while rest:
                taken = self._write_once(port, rest, deadline, sent)
                sent += taken
                rest = rest[taken:]
        return sent

    def _write_once(self, port: UsbPort, data: bytes, deadline: float, sent: int) -> int:
        try:
            return port.write(data, min(_WRITE_STALL, seconds_left(deadline, sent)))
        except UsbTimeoutError as error:
            raise TransportTimeoutError("the printer takes no more bytes", sent + len(data)) from error
        except UsbStallError as error:
            raise TransportBrokenError("the printer stalled its input", sent + len(data)) from error
        except UsbGoneError as error:
            raise self._lost(error, sent + len(data)) from error

    def _check_port(self, port: UsbPort, sent: int) -> None:
        try:
            status = port.port_status()
        except (UsbTimeoutError, UsbStallError):
            return  # an unanswered port status says nothing about the job
        except UsbGoneError as error:
            raise self._lost(error, sent) from error
        if not status & PORT_NOT_ERROR:
            raise PortFaultError(f"the port status {status:#04x} reports a fault", sent, status)

    def _read_reply(self, port: UsbPort, deadline: float, sent: int) -> bytes:
        while _NUL not in self._unread:
            if len(self._unread) > _LONGEST_REPLY:
                raise TransportBrokenError(f"more than {_LONGEST_REPLY} bytes came without a NUL", sent)
            self._unread += self._read_once(port, deadline, sent)
        reply, _, self._unread = self._unread.partition(_NUL)
        return reply

    def _read_once(self, port: UsbPort, deadline: float, sent: int) -> bytes:
        try:
            return port.read(_READ_SIZE, seconds_left(deadline, sent))
        except UsbTimeoutError as error:
            raise TransportTimeoutError("no complete answer before the deadline", sent) from error
        except UsbStallError as error:
            raise TransportBrokenError("the printer stalled its output", sent) from error
        except UsbGoneError as error:
            raise self._lost(error, sent) from error

    def _drop_unread(self, port: UsbPort, deadline: float) -> None:
        self._unread = b""
        dropped = 0
        while dropped <= _MOST_STALE:
            try:
                dropped += len(port.read(_READ_SIZE, min(_DRAIN_WAIT, seconds_left(deadline))))
            except (UsbTimeoutError, UsbStallError):
                return
            except UsbGoneError as error:
                raise self._lost(error, 0) from error
        raise TransportBrokenError("the printer never stops talking")

    def _lost(self, error: UsbGoneError, sent: int) -> TransportBrokenError:
        self.close()
        return TransportBrokenError(f"the USB link was lost: {error}", sent)


def usb_port_opener(vendor: int, product: int, serial: str | None) -> PortOpener:
    """Return what opens the USB printer with these ids on libusb.

    Args:
        vendor: USB vendor id.
        product: USB product id.
        serial: Serial number that the device must report; without it, exactly one device may match.
    """

    def open_port() -> UsbPort:
        devices = _list_devices(None, vendor, product)
        if serial is not None:
            devices = [device for device in devices if _serial_of(device) == serial]
        named = f"{vendor:04x}:{product:04x}" + (f" with serial {serial}" if serial else "")
        if not devices:
            raise TransportUnreachableError(f"no USB device {named}")
        if len(devices) > 1:
            raise TransportUnreachableError(f"{len(devices)} USB devices {named}: the URL needs a serial")
        return UsbPort.open(devices[0])

    return open_port


def usbip_port_opener(host: str, port: int, busid: str, timeout: float) -> PortOpener:
    """Return what opens the printer that a USB/IP server exports under a bus id.

    Args:
        host: The server.
        port: Its TCP port.
        busid: The exported device, as in `1-1`.
        timeout: Seconds for the connection and for listing and importing.
    """

    def open_port() -> UsbPort:
        backend = UsbIpBackend(host, port, busid, timeout)
        devices = _list_devices(backend, None, None)
        if not devices:
            raise TransportUnreachableError(f"{host}:{port} exports no USB device {busid}")
        return UsbPort.open(devices[0])

    return open_port


def _list_devices(backend: UsbIpBackend | None, vendor: int | None, product: int | None) -> list[UsbDevice]:
    try:
        return find_devices(backend, vendor, product)
    except USBError as error:
        raise TransportUnreachableError(f"USB devices cannot be listed: {error.strerror}") from error
    except ValueError as error:  # pyusb's NoBackendError
        raise TransportUnreachableError("libusb is not installed") from error


def _serial_of(device: UsbDevice) -> str | None:
    try:
        return device.serial_number
    except (USBError, ValueError):  # pyusb: ValueError where the strings may not be read
        return None
    finally:
        dispose(device)
