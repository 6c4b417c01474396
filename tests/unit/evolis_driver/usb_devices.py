"""USB devices for tests, built with the device side of the usbip package."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import usbip


class PrinterInterface(usbip.Interface):  # type: ignore[misc]  # untyped base
    """A printer-class interface that answers commands from a table and remembers what it got."""

    bInterfaceClass = 7  # noqa: N815  # the package's own names
    bInterfaceSubClass = 1  # noqa: N815
    bInterfaceProtocol = 2  # noqa: N815
    bulk_out = usbip.Out(0x01, "bulk", mps=64)
    bulk_in = usbip.In(0x82, "bulk", mps=64)

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[bytes, bytes] = {}
        self.received = b""
        self.requests: list[tuple[int, int]] = []
        self.port_status = 0x18
        self.stall_out = False
        self.got_data = threading.Event()

    def on_out(self, ep: object, data: bytes) -> None:
        if self.stall_out:
            self.bulk_out.stall()
            raise usbip.Stall
        self.received += data
        self.got_data.set()
        if data in self.answers:
            self.say(self.answers[data])

    def say(self, data: bytes) -> None:
        """Put bytes on the bulk IN pipe."""
        self.bulk_in.write(data)

    def on_control(self, setup: usbip.Setup, data: bytes = b"") -> bytes:
        self.requests.append((setup.bmRequestType, setup.bRequest))
        if (setup.bmRequestType, setup.bRequest) == (0xA1, 0):
            text = b"MFG:Evolis;MDL:Primacy 2;CLS:PRINTER;"
            return (len(text) + 2).to_bytes(2, "big") + text
        if (setup.bmRequestType, setup.bRequest) == (0xA1, 1):
            return bytes([self.port_status])
        if (setup.bmRequestType, setup.bRequest) == (0x21, 2):
            self.bulk_in.reset()
            return b""
        raise usbip.Stall


class PluggedPrinter:
    """A printer on a USB/IP server of this process."""

    def __init__(self, interface: PrinterInterface, port: int, via: usbip.USBIP) -> None:
        self.interface = interface
        self.port = port
        self._via = via

    @property
    def url(self) -> str:
        """The printer's URL."""
        return f"usbip://127.0.0.1:{self.port}/1-1"


@contextmanager
def plugged_printer(*others: usbip.USBDevice) -> Iterator[PluggedPrinter]:
    """Export a printer as 1-1, and other devices after it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    via = usbip.USBIP("127.0.0.1", port)
    device = usbip.USBDevice(0x0F49, 0x0A00, manufacturer="Evolis", product="Primacy 2", serial="S1")
    interface = device.add(PrinterInterface())
    device.plug(via=via)
    for other in others:
        other.plug(via=via)
    try:
        yield PluggedPrinter(interface, port, via)
    finally:
        for other in others:
            other.unplug()
        device.unplug()
