"""The USB printer class (7/1/x) of one device: its two bulk pipes and its three class requests."""

import errno
import math
from typing import Self

from drivers.transports.base import TransportUnreachableError
from drivers.transports.pyusb import (
    InterfaceDescriptor,
    UsbDevice,
    USBError,
    USBTimeoutError,
    dispose,
)

PRINTER_CLASS = 7  # USB printer class 1.1, 4.2: bInterfaceClass
_PRINTER_SUBCLASS = 1
_BIDIRECTIONAL = (0x02, 0x03)  # USB printer class 1.1, 4.2: bi-directional, IEEE 1284.4 compatible
_CLASS_IN = 0xA1  # bmRequestType: device to host, class, interface
_CLASS_OUT = 0x21  # bmRequestType: host to device, class, interface
_GET_DEVICE_ID = 0  # USB printer class 1.1, 4.2.1
_GET_PORT_STATUS = 1  # 4.2.2
_SOFT_RESET = 2  # 4.2.3
_TRANSFER_KIND = 0x03
_BULK = 0x02
_IN = 0x80
_DEVICE_ID_SIZE = 1024
_CONTROL_TIMEOUT = 2.0

PORT_NOT_ERROR = 0x08  # USB printer class 1.1, table 3: 1 = no error
PORT_PAPER_EMPTY = 0x20  # 1 = paper empty


class UsbTimeoutError(Exception):
    """A transfer did not finish in time; for a write, none of its bytes is known to have been taken."""


class UsbStallError(Exception):
    """The device halted the pipe; the halt has been cleared."""


class UsbGoneError(Exception):
    """The device has left the bus or its link is unusable."""


class UsbPort:
    """The opened printer interface of a USB device. Time-outs are in seconds."""

    def __init__(self, device: UsbDevice, interface: InterfaceDescriptor, out: int, into: int) -> None:
        self._device = device
        self._interface = interface.bInterfaceNumber
        self._alternate = interface.bAlternateSetting
        self._out = out
        self._in = into

    @classmethod
    def open(cls, device: UsbDevice) -> Self:
        """Configure a device if nobody has, take its printer interface from the kernel, and return the port.

        Raises:
            TransportUnreachableError: The device has no such interface, is in use, or may not be opened.
        """
        try:
            interface, out, into = _printer_interface(device)
            if device.is_kernel_driver_active(interface.bInterfaceNumber):
                device.detach_kernel_driver(interface.bInterfaceNumber)
            if interface.bAlternateSetting:
                device.set_interface_altsetting(interface.bInterfaceNumber, interface.bAlternateSetting)
        except USBError as error:
            dispose(device)
            raise TransportUnreachableError(f"the USB printer cannot be opened: {error.strerror}") from error
        except TransportUnreachableError:
            dispose(device)
            raise
        return cls(device, interface, out, into)

    def write(self, data: bytes, timeout: float) -> int:
        """Write to the bulk OUT pipe and return how many bytes the device took.

        Raises:
            UsbTimeoutError: None is known to have been taken.
            UsbStallError: The pipe was halted.
            UsbGoneError: The device is gone.
        """
        try:
            return self._device.write(self._out, data, _milliseconds(timeout))
        except USBError as error:
            raise self._failure(error, self._out) from error

    def read(self, size: int, timeout: float) -> bytes:
        """Return what one transfer on the bulk IN pipe brings.

        Raises:
            UsbTimeoutError: Nothing came.
            UsbStallError: The pipe was halted.
            UsbGoneError: The device is gone.
        """
        try:
            return self._device.read(self._in, size, _milliseconds(timeout)).tobytes()
        except USBError as error:
            raise self._failure(error, self._in) from error

    def device_id(self) -> bytes:
        """Return the IEEE 1284 device id without its two length bytes."""
        answer = self._ask(_GET_DEVICE_ID, 0, (self._interface << 8) | self._alternate, _DEVICE_ID_SIZE)
        return answer[2 : int.from_bytes(answer[:2], "big")]

    def port_status(self) -> int:
        """Return the port status byte (bit 3 no error, bit 4 selected, bit 5 paper empty).

        Raises:
            UsbTimeoutError: No answer.
            UsbStallError: The device refuses the request.
            UsbGoneError: The device is gone.
        """
        answer = self._ask(_GET_PORT_STATUS, 0, self._interface, 1)
        if len(answer) != 1:
            raise UsbGoneError(f"a port status of {len(answer)} bytes")
        return answer[0]

    def soft_reset(self) -> None:
        """Flush the printer's buffers and put both pipes in their first state.

        Raises:
            UsbTimeoutError: No answer.
            UsbStallError: The device refuses the request.
            UsbGoneError: The device is gone.
        """
        try:
            self._device.ctrl_transfer(
                _CLASS_OUT, _SOFT_RESET, 0, self._interface, 0, _milliseconds(_CONTROL_TIMEOUT)
            )
        except USBError as error:
            raise self._failure(error, None) from error

    def close(self) -> None:
        """Give the interface back and close the device."""
        dispose(self._device)

    def _ask(self, request: int, value: int, index: int, size: int) -> bytes:
        try:
            answer = self._device.ctrl_transfer(
                _CLASS_IN, request, value, index, size, _milliseconds(_CONTROL_TIMEOUT)
            )
        except USBError as error:
            raise self._failure(error, None) from error
        return answer.tobytes()

    def _failure(self, error: OSError, halted: int | None) -> Exception:
        if isinstance(error, USBTimeoutError):
            return UsbTimeoutError(str(error.strerror))
        if error.errno != errno.EPIPE:
            return UsbGoneError(str(error.strerror or error))
        try:
            if halted is not None:
                self._device.clear_halt(halted)
        except USBError as second:
            return UsbGoneError(f"the halt cannot be cleared: {second.strerror}")
        return UsbStallError(str(error.strerror))


def _printer_interface(device: UsbDevice) -> tuple[InterfaceDescriptor, int, int]:
    try:
        configuration = device.get_active_configuration()
    except USBError:
        device.set_configuration()  # nobody configured the device yet
        configuration = device.get_active_configuration()
    for interface in configuration:
        if (interface.bInterfaceClass, interface.bInterfaceSubClass) != (PRINTER_CLASS, _PRINTER_SUBCLASS):
            continue
        if interface.bInterfaceProtocol not in _BIDIRECTIONAL:
            continue
        pipes = [e.bEndpointAddress for e in interface if e.bmAttributes & _TRANSFER_KIND == _BULK]
        out = [address for address in pipes if not address & _IN]
        into = [address for address in pipes if address & _IN]
        if out and into:
            return interface, out[0], into[0]
    raise TransportUnreachableError("the USB device has no bidirectional printer interface")


def _milliseconds(timeout: float) -> int:
    return max(1, math.ceil(timeout * 1000))  # 0 would mean: wait for ever
