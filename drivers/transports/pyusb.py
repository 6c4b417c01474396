"""The one place where pyusb, which has no types, is touched: typed views of its devices and of its errors."""

from array import array
from collections.abc import Iterator
from typing import Protocol, cast

import usb.core  # type: ignore[import-untyped]  # pyusb ships neither stubs nor a py.typed marker
import usb.util  # type: ignore[import-untyped]  # as above

LIBUSB_ERROR_IO = -1
LIBUSB_ERROR_NO_DEVICE = -4
LIBUSB_ERROR_TIMEOUT = -7
LIBUSB_ERROR_OVERFLOW = -8
LIBUSB_ERROR_PIPE = -9
LIBUSB_ERROR_NOT_SUPPORTED = -12


class EndpointDescriptor(Protocol):
    """An endpoint as pyusb shows it."""

    bEndpointAddress: int  # noqa: N815  # the name in the USB specification
    bmAttributes: int  # noqa: N815


class InterfaceDescriptor(Protocol):
    """One alternate setting of an interface as pyusb shows it."""

    bInterfaceNumber: int  # noqa: N815
    bAlternateSetting: int  # noqa: N815
    bInterfaceClass: int  # noqa: N815
    bInterfaceSubClass: int  # noqa: N815
    bInterfaceProtocol: int  # noqa: N815

    def __iter__(self) -> Iterator[EndpointDescriptor]:
        """Iterate over what it contains."""


class ConfigurationDescriptor(Protocol):
    """A configuration as pyusb shows it."""

    def __iter__(self) -> Iterator[InterfaceDescriptor]:
        """Iterate over what it contains."""


class UsbDevice(Protocol):
    """A USB device as pyusb shows it. Time-outs are in milliseconds."""

    idVendor: int  # noqa: N815
    idProduct: int  # noqa: N815
    serial_number: str | None

    def set_configuration(self) -> None:
        """Choose the first configuration."""

    def get_active_configuration(self) -> ConfigurationDescriptor:
        """Return the chosen configuration."""

    def set_interface_altsetting(self, interface: int, alternate_setting: int) -> None:
        """Choose an alternate setting."""

    def is_kernel_driver_active(self, interface: int) -> bool:
        """Return whether the kernel's driver holds the interface."""

    def detach_kernel_driver(self, interface: int) -> None:
        """Take the interface from the kernel's driver."""

    def clear_halt(self, ep: int) -> None:
        """Clear an endpoint's halt."""

    def write(self, endpoint: int, data: bytes, timeout: int) -> int:
        """Write to an endpoint and return the number of bytes taken."""

    def read(self, endpoint: int, size_or_buffer: int, timeout: int) -> "array[int]":
        """Return what one transfer on an endpoint brings."""

    def ctrl_transfer(
        self,
        bmRequestType: int,  # noqa: N803
        bRequest: int,  # noqa: N803
        wValue: int,  # noqa: N803
        wIndex: int,  # noqa: N803
        data_or_wLength: int,  # noqa: N803
        timeout: int,
    ) -> "array[int]":
        """Run a control transfer that reads, and return its bytes."""


USBError = cast(type[OSError], usb.core.USBError)
USBTimeoutError = cast(type[OSError], usb.core.USBTimeoutError)


def usb_error(text: str, backend_code: int, errno: int) -> OSError:
    """Return the exception by which a pyusb backend reports a failed transfer."""
    kind = USBTimeoutError if backend_code == LIBUSB_ERROR_TIMEOUT else USBError
    return kind(text, backend_code, errno)


def find_devices(backend: object | None, vendor: int | None, product: int | None) -> list[UsbDevice]:
    """Return the devices that a backend sees, libusb's where no backend is given.

    Raises:
        OSError: The backend cannot list devices (pyusb's USBError).
        ValueError: No backend is installed.
    """
    wanted = {
        key: value for key, value in (("idVendor", vendor), ("idProduct", product)) if value is not None
    }
    return cast(list[UsbDevice], list(usb.core.find(find_all=True, backend=backend, **wanted)))


def dispose(device: UsbDevice) -> None:
    """Release a device's interfaces and close it."""
    usb.util.dispose_resources(device)
