"""A pyusb backend that reaches one exported device over USB/IP."""

from drivers.transports.usbip.backend import UsbIpBackend

__all__ = ["UsbIpBackend"]
