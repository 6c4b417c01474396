"""The printer as a USB device: descriptors, printer-class requests, bulk pipes.

Facts: VID 0F49; PID 0A00 is the Zenius', other PIDs are not listed, so it serves for every model here.
Printer class with GET_DEVICE_ID, GET_PORT_STATUS, SOFT_RESET (USB printer class 1.1, section 4.2).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Protocol

from usbip.core import SPEED_HIGH, InterfaceDescriptor, Stall
from usbip.device import Endpoint, In, Out, USBDevice

from simulators.evolis.models import Model
from simulators.evolis.status import Error, StatusWords, Warn

VENDOR, PRODUCT = 0x0F49, 0x0A00
PRINTER_CLASS = (7, 1, 2)  # printer, bidirectional
OUT_ADDRESS, IN_ADDRESS = 0x01, 0x82
PACKET = 512  # bulk packet at high speed

GET_DEVICE_ID, GET_PORT_STATUS, SOFT_RESET = 0, 1, 2

# USB printer class 1.1, 4.2.2: bit 5 paper empty, bit 4 selected, bit 3 no error
PAPER_EMPTY, SELECTED, NO_ERROR = 0x20, 0x10, 0x08
# Guide: a media error is BUSY + PAPER-END, a mechanical one BUSY + FAULT; which bits these are is inferred.
MEDIA_WARNINGS = Warn.FEEDER_EMPTY | Warn.RIBBON_ENDED | Warn.NO_RIBBON | Warn.RIBBON_UNSUPPORTED
MEDIA_ERRORS = Error.FEEDER | Error.RIBBON | Error.BAD_RIBBON | Error.RIBBON_ENDED


class SetupPacket(Protocol):
    """The part of a control request that the printer class looks at."""

    @property
    def bRequest(self) -> int:  # noqa: N802 (name of the USB specification)
        """Which request it is."""


class UsbFunction:
    """The one interface of the printer with its two pipes."""

    def __init__(
        self, model: Model, serial: str, status: Callable[[], StatusWords], soft_reset: Callable[[], None]
    ) -> None:
        self._model = model
        self._serial = serial
        self._status = status
        self._soft_reset = soft_reset
        self.device = USBDevice(
            VENDOR, PRODUCT, manufacturer="Evolis", product=f"Evolis {model.name}", serial=serial
        )
        self.device.set_speed(SPEED_HIGH)
        group = self.device.add_group()
        group.add(self._interface(group.claim_interface()))
        self.bulk_out: Endpoint = group.add_endpoint(Out(OUT_ADDRESS, "bulk", PACKET))
        self.bulk_in: Endpoint = group.add_endpoint(In(IN_ADDRESS, "bulk", PACKET))
        self.device.on_control(0, self._control)
        self.device.on_control(None, self._control)  # SOFT_RESET may be addressed to "other"

    def port_status(self) -> int:
        """Return the port status byte of this moment."""
        words = self._status()
        status = SELECTED | NO_ERROR
        if words.warning & MEDIA_WARNINGS or words.error & MEDIA_ERRORS:
            status |= PAPER_EMPTY
        if words.error & ~MEDIA_ERRORS or words.warning & Warn.COVER_OPEN:
            status &= ~NO_ERROR
        return status

    def device_id(self) -> bytes:
        """Return the IEEE 1284 device id, its length in front (big endian, itself included)."""
        text = (
            f"MFG:Evolis;CMD:ESC;MDL:{self._model.name};CLS:PRINTER;"
            f"DES:Evolis {self._model.name};SN:{self._serial};"
        ).encode("ascii")  # assumed form
        return struct.pack(">H", len(text) + 2) + text

    def _interface(self, number: int) -> bytes:
        kind, subclass, protocol = PRINTER_CLASS
        packed: bytes = InterfaceDescriptor(number, 0, 2, kind, subclass, protocol).pack()
        return packed

    def _control(self, setup: SetupPacket, _: bytes = b"") -> bytes:
        if setup.bRequest == GET_DEVICE_ID:
            return self.device_id()
        if setup.bRequest == GET_PORT_STATUS:
            return bytes([self.port_status()])
        if setup.bRequest == SOFT_RESET:
            self._soft_reset()
            return b""
        raise Stall
