"""The pyusb backend: pyusb's calls, turned into transfers of one imported device."""

import errno
import struct
from array import array
from collections.abc import Iterator

import usb.backend  # type: ignore[import-untyped]  # pyusb ships neither stubs nor a py.typed marker

from drivers.transports import pyusb
from drivers.transports.usbip.connection import Completion, TransferTimeoutError, UsbIpConnection
from drivers.transports.usbip.descriptors import (
    CONFIGURATION,
    CONFIGURATION_SIZE,
    DEVICE,
    DEVICE_SIZE,
    ConfigurationDescriptor,
    DeviceDescriptor,
    EndpointDescriptor,
    InterfaceDescriptor,
    MalformedDescriptorError,
    parse_configuration,
    parse_device,
    total_length,
)
from drivers.transports.usbip.link import ImportRefusedError, Link, LinkLostError
from drivers.transports.usbip.messages import ExportedDevice

_SETUP = struct.Struct("<BBHHH")  # USB 2.0, 9.3
_IN = 0x80
_ENDPOINT_NUMBER = 0x0F
_TO_DEVICE, _FROM_DEVICE = 0x00, 0x80  # bmRequestType: standard, device
_TO_INTERFACE, _TO_ENDPOINT = 0x01, 0x02  # bmRequestType: standard, interface; standard, endpoint
_CLEAR_FEATURE, _GET_DESCRIPTOR = 1, 6  # USB 2.0, table 9-4
_GET_CONFIGURATION, _SET_CONFIGURATION, _SET_INTERFACE = 8, 9, 11
_ENDPOINT_HALT = 0  # USB 2.0, table 9-6
_LIBUSB_SPEEDS = {1: 1, 2: 2, 3: 3, 5: 4, 6: 5}
"""Linux usb_device_speed -> libusb_speed: low, full, high, super, super plus."""
_LOSSES = (errno.ENODEV, errno.ESHUTDOWN, errno.ENOENT, errno.ECONNRESET)


class _Device:
    """An exported device as pyusb passes it around: its identity, its link, its descriptors once read."""

    def __init__(self, listed: ExportedDevice) -> None:
        self.listed = listed
        self.connection: UsbIpConnection | None = None
        self.device_descriptor: DeviceDescriptor | None = None
        self.configurations: dict[int, ConfigurationDescriptor] = {}


class UsbIpBackend(usb.backend.IBackend):  # type: ignore[misc]  # IBackend is untyped
    """Reaches the one device that a server exports under a bus id. Isochronous transfers are left out."""

    def __init__(self, host: str, port: int, busid: str, timeout: float) -> None:
        self._host = host
        self._port = port
        self._busid = busid
        self._timeout = timeout

    # What is there

    def enumerate_devices(self) -> Iterator[_Device]:
        """Yield the device if the server lists it."""
        try:
            link = self._link()
            try:
                listed = link.list_devices(self._timeout)
            finally:
                link.close()
        except LinkLostError as error:
            raise _io_error(str(error)) from error
        yield from (_Device(entry) for entry in listed if entry.busid == self._busid)

    def get_parent(self, dev: _Device) -> None:
        """Return nothing: the hub of an exported device stays hidden."""
        del dev

    def get_device_descriptor(self, dev: _Device) -> DeviceDescriptor:
        """Import the device if that is not done and read its device descriptor from it."""
        if dev.device_descriptor is None:
            raw = self._descriptor(dev, DEVICE, 0, DEVICE_SIZE)
            bus_ports = tuple(int(part) for part in self._busid.partition("-")[2].split("."))
            speed = _LIBUSB_SPEEDS.get(dev.listed.speed, 0)
            try:
                dev.device_descriptor = parse_device(
                    raw, dev.listed.bus, dev.listed.address, bus_ports, speed
                )
            except MalformedDescriptorError as error:
                raise _io_error(str(error)) from error
        return dev.device_descriptor

    def get_configuration_descriptor(self, dev: _Device, config: int) -> ConfigurationDescriptor:
        """Return a configuration by its place in the device's list."""
        if config >= self.get_device_descriptor(dev).bNumConfigurations:
            raise IndexError(f"no configuration {config}")
        if config not in dev.configurations:
            try:
                size = total_length(self._descriptor(dev, CONFIGURATION, config, CONFIGURATION_SIZE))
                raw = self._descriptor(dev, CONFIGURATION, config, size)
                dev.configurations[config] = parse_configuration(raw)
            except MalformedDescriptorError as error:
                raise _io_error(str(error)) from error
        return dev.configurations[config]

    def get_interface_descriptor(self, dev: _Device, intf: int, alt: int, config: int) -> InterfaceDescriptor:
        """Return an alternate setting; IndexError where there is none, on which pyusb's iteration ends."""
        return self.get_configuration_descriptor(dev, config).alternate(intf, alt)

    def get_endpoint_descriptor(
        self, dev: _Device, ep: int, intf: int, alt: int, config: int
    ) -> EndpointDescriptor:
        """Return an endpoint by its place in the alternate setting's list."""
        return self.get_interface_descriptor(dev, intf, alt, config).endpoints[ep]

    # Opening and configuring

    def open_device(self, dev: _Device) -> _Device:
        """Import the device if that is not done; the handle is the device itself."""
        self._connected(dev)
        return dev

    def close_device(self, dev_handle: _Device) -> None:
        """Close the connection, which gives the device back to the server."""
        if dev_handle.connection is not None:
            dev_handle.connection.close()
            dev_handle.connection = None

    def set_configuration(self, dev_handle: _Device, config_value: int) -> None:
        """Send SET_CONFIGURATION."""
        self._control_out(dev_handle, _TO_DEVICE, _SET_CONFIGURATION, config_value, 0)

    def get_configuration(self, dev_handle: _Device) -> int:
        """Return the configuration value that the device answers."""
        answer = array("B", bytes(1))
        size = self.ctrl_transfer(
            dev_handle, _FROM_DEVICE, _GET_CONFIGURATION, 0, 0, answer, self._milliseconds()
        )
        if size != 1:
            raise _io_error(f"a configuration value of {size} bytes")
        return answer[0]

    def set_interface_altsetting(self, dev_handle: _Device, intf: int, altsetting: int) -> None:
        """Send SET_INTERFACE."""
        self._control_out(dev_handle, _TO_INTERFACE, _SET_INTERFACE, altsetting, intf)

    def claim_interface(self, dev_handle: _Device, intf: int) -> None:
        """Do nothing: an import is exclusive."""
        del dev_handle, intf

    def release_interface(self, dev_handle: _Device, intf: int) -> None:
        """Do nothing: an import is exclusive."""
        del dev_handle, intf

    def is_kernel_driver_active(self, dev_handle: _Device, intf: int) -> bool:
        """Return False: the local kernel never sees the device."""
        del dev_handle, intf
        return False

    def clear_halt(self, dev_handle: _Device, ep: int) -> None:
        """Send CLEAR_FEATURE(ENDPOINT_HALT)."""
        self._control_out(dev_handle, _TO_ENDPOINT, _CLEAR_FEATURE, _ENDPOINT_HALT, ep)
        self._connected(dev_handle).forget_late(ep & _ENDPOINT_NUMBER)

    def reset_device(self, dev_handle: _Device) -> None:
        """Refuse: the protocol has no port reset."""
        del dev_handle
        raise pyusb.usb_error("no port reset over USB/IP", pyusb.LIBUSB_ERROR_NOT_SUPPORTED, errno.ENOSYS)

    # Transfers

    def bulk_write(self, dev_handle: _Device, ep: int, intf: int, data: "array[int]", timeout: int) -> int:
        """Write to a bulk endpoint and return the number of bytes taken."""
        del intf
        with_time = _seconds(timeout)
        try:
            done = self._connected(dev_handle).transfer_out(ep & _ENDPOINT_NUMBER, data.tobytes(), with_time)
        except (TransferTimeoutError, LinkLostError) as error:
            raise self._translated(dev_handle, error) from error
        _check(done)
        return done.actual_length

    def bulk_read(self, dev_handle: _Device, ep: int, intf: int, buff: "array[int]", timeout: int) -> int:
        """Read from a bulk endpoint into the buffer and return the number of bytes."""
        del intf
        size = len(buff) * buff.itemsize
        try:
            done = self._connected(dev_handle).transfer_in(ep & _ENDPOINT_NUMBER, size, _seconds(timeout))
        except (TransferTimeoutError, LinkLostError) as error:
            raise self._translated(dev_handle, error) from error
        _check(done)
        buff[: len(done.data)] = array("B", done.data)
        return len(done.data)

    def intr_write(self, dev_handle: _Device, ep: int, intf: int, data: "array[int]", timeout: int) -> int:
        """Write to an interrupt endpoint: the same message on the wire."""
        return self.bulk_write(dev_handle, ep, intf, data, timeout)

    def intr_read(self, dev_handle: _Device, ep: int, intf: int, size: "array[int]", timeout: int) -> int:
        """Read from an interrupt endpoint: the same message on the wire. `size` is pyusb's buffer."""
        return self.bulk_read(dev_handle, ep, intf, size, timeout)

    def ctrl_transfer(
        self,
        dev_handle: _Device,
        bmRequestType: int,  # noqa: N803  # names of pyusb's interface
        bRequest: int,  # noqa: N803
        wValue: int,  # noqa: N803
        wIndex: int,  # noqa: N803
        data: "array[int]",
        timeout: int,
    ) -> int:
        """Run a control transfer and return the number of bytes moved in its data stage."""
        size = len(data) * data.itemsize
        setup = _SETUP.pack(bmRequestType, bRequest, wValue, wIndex, size)
        connection = self._connected(dev_handle)
        try:
            if bmRequestType & _IN:
                done = connection.transfer_in(0, size, _seconds(timeout), setup)
            else:
                done = connection.transfer_out(0, data.tobytes(), _seconds(timeout), setup)
        except (TransferTimeoutError, LinkLostError) as error:
            raise self._translated(dev_handle, error) from error
        _check(done)
        if bmRequestType & _IN:
            data[: len(done.data)] = array("B", done.data)
            return len(done.data)
        return done.actual_length

    def _control_out(self, dev: _Device, request_type: int, request: int, value: int, index: int) -> None:
        self.ctrl_transfer(dev, request_type, request, value, index, array("B"), self._milliseconds())

    def _descriptor(self, dev: _Device, kind: int, index: int, size: int) -> bytes:
        answer = array("B", bytes(size))
        got = self.ctrl_transfer(
            dev, _FROM_DEVICE, _GET_DESCRIPTOR, kind << 8 | index, 0, answer, self._milliseconds()
        )
        return answer[:got].tobytes()

    def _link(self) -> Link:
        return Link(self._host, self._port, self._timeout)

    def _connected(self, dev: _Device) -> UsbIpConnection:
        if dev.connection is None:
            try:
                link = self._link()
                imported = link.import_device(self._busid, self._timeout)
            except LinkLostError as error:
                raise _io_error(str(error)) from error
            except ImportRefusedError as error:
                raise pyusb.usb_error(str(error), pyusb.LIBUSB_ERROR_NO_DEVICE, errno.ENODEV) from error
            dev.connection = UsbIpConnection(link, imported)
        return dev.connection

    def _translated(self, dev: _Device, error: TransferTimeoutError | LinkLostError) -> OSError:
        if isinstance(error, TransferTimeoutError):
            return pyusb.usb_error("Operation timed out", pyusb.LIBUSB_ERROR_TIMEOUT, errno.ETIMEDOUT)
        self.close_device(dev)
        return pyusb.usb_error(str(error), pyusb.LIBUSB_ERROR_NO_DEVICE, errno.ENODEV)

    def _milliseconds(self) -> int:
        return int(self._timeout * 1000)


def _seconds(timeout: int) -> float | None:
    return timeout / 1000 if timeout else None  # libusb: 0 waits for ever


def _check(done: Completion) -> None:
    number = -done.status
    if number == 0:
        return
    if number == errno.EPIPE:
        raise pyusb.usb_error("Pipe error", pyusb.LIBUSB_ERROR_PIPE, errno.EPIPE)
    if number == errno.EOVERFLOW:
        raise pyusb.usb_error("Overflow", pyusb.LIBUSB_ERROR_OVERFLOW, errno.EOVERFLOW)
    if number in _LOSSES:
        raise pyusb.usb_error(
            "No such device (it may have been disconnected)", pyusb.LIBUSB_ERROR_NO_DEVICE, errno.ENODEV
        )
    raise _io_error(f"transfer status {done.status}")


def _io_error(text: str) -> OSError:
    return pyusb.usb_error(text, pyusb.LIBUSB_ERROR_IO, errno.EIO)
