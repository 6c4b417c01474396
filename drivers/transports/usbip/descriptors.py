"""USB descriptors, bytes to the objects that pyusb reads (USB 2.0, 9.6)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

DEVICE, CONFIGURATION, INTERFACE, ENDPOINT = 1, 2, 4, 5  # USB 2.0, table 9-5: bDescriptorType
DEVICE_SIZE = 18
CONFIGURATION_SIZE = 9
_INTERFACE_SIZE = 9
_ENDPOINT_SIZE = 7
_AUDIO_ENDPOINT_SIZE = 9  # the two fields bRefresh and bSynchAddress are there only in audio endpoints

_DEVICE_FIELDS = struct.Struct("<BBHBBBBHHHBBBB")
_CONFIGURATION_FIELDS = struct.Struct("<BBHBBBBB")
_INTERFACE_FIELDS = struct.Struct("<BBBBBBBBB")
_ENDPOINT_FIELDS = struct.Struct("<BBBBHB")

# The attribute names below are the USB specification's, which pyusb reads by name.
# ruff: noqa: N815


class MalformedDescriptorError(Exception):
    """A device's descriptors do not add up."""


@dataclass
class DeviceDescriptor:
    """A device descriptor with the place of the device on its bus."""

    bLength: int
    bDescriptorType: int
    bcdUSB: int
    bDeviceClass: int
    bDeviceSubClass: int
    bDeviceProtocol: int
    bMaxPacketSize0: int
    idVendor: int
    idProduct: int
    bcdDevice: int
    iManufacturer: int
    iProduct: int
    iSerialNumber: int
    bNumConfigurations: int
    bus: int = 0
    address: int = 0
    port_number: int = 0
    port_numbers: tuple[int, ...] = ()
    speed: int = 0


@dataclass
class EndpointDescriptor:
    """An endpoint descriptor."""

    bLength: int
    bDescriptorType: int
    bEndpointAddress: int
    bmAttributes: int
    wMaxPacketSize: int
    bInterval: int
    bRefresh: int = 0
    bSynchAddress: int = 0
    extra_descriptors: list[int] = field(default_factory=list)


@dataclass
class InterfaceDescriptor:
    """One alternate setting of an interface, with its endpoints."""

    bLength: int
    bDescriptorType: int
    bInterfaceNumber: int
    bAlternateSetting: int
    bNumEndpoints: int
    bInterfaceClass: int
    bInterfaceSubClass: int
    bInterfaceProtocol: int
    iInterface: int
    extra_descriptors: list[int] = field(default_factory=list)
    endpoints: list[EndpointDescriptor] = field(default_factory=list)


@dataclass
class ConfigurationDescriptor:
    """A configuration descriptor, with its interfaces."""

    bLength: int
    bDescriptorType: int
    wTotalLength: int
    bNumInterfaces: int
    bConfigurationValue: int
    iConfiguration: int
    bmAttributes: int
    bMaxPower: int
    extra_descriptors: list[int] = field(default_factory=list)
    interfaces: list[InterfaceDescriptor] = field(default_factory=list)

    def alternate(self, interface: int, alternate: int) -> InterfaceDescriptor:
        """Return an alternate setting of an interface, both by their place in the list.

        Raises:
            IndexError: There is none (pyusb ends its iteration on that).
        """
        numbers = list(dict.fromkeys(entry.bInterfaceNumber for entry in self.interfaces))
        number = numbers[interface]
        return [entry for entry in self.interfaces if entry.bInterfaceNumber == number][alternate]


def parse_device(
    raw: bytes, bus: int, address: int, port_numbers: tuple[int, ...], speed: int
) -> DeviceDescriptor:
    """Return the device descriptor.

    Raises:
        MalformedDescriptorError: It is not one.
    """
    if len(raw) != DEVICE_SIZE or raw[0] != DEVICE_SIZE or raw[1] != DEVICE:
        raise MalformedDescriptorError(f"a device descriptor of {len(raw)} bytes")
    descriptor = DeviceDescriptor(*_DEVICE_FIELDS.unpack(raw))
    descriptor.bus, descriptor.address, descriptor.speed = bus, address, speed
    descriptor.port_number, descriptor.port_numbers = port_numbers[-1], port_numbers
    return descriptor


def total_length(raw: bytes) -> int:
    """Return the wTotalLength of a configuration's first nine bytes.

    Raises:
        MalformedDescriptorError: They are no configuration descriptor.
    """
    if len(raw) < CONFIGURATION_SIZE or raw[1] != CONFIGURATION:
        raise MalformedDescriptorError(f"a configuration descriptor of {len(raw)} bytes")
    return int.from_bytes(raw[2:4], "little")


def parse_configuration(raw: bytes) -> ConfigurationDescriptor:
    """Return a configuration with its interfaces and endpoints; other descriptors go to `extra_descriptors`.

    Raises:
        MalformedDescriptorError: The descriptors do not add up.
    """
    if total_length(raw) != len(raw):
        raise MalformedDescriptorError(f"{len(raw)} bytes of configuration instead of {total_length(raw)}")
    configuration = ConfigurationDescriptor(*_CONFIGURATION_FIELDS.unpack(raw[: _CONFIGURATION_FIELDS.size]))
    for entry in _walk(raw[raw[0] :]):
        _add(configuration, entry)
    return configuration


def _walk(raw: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(raw):
        length = raw[start]
        if length < 2 or start + length > len(raw):
            raise MalformedDescriptorError(f"a descriptor of length {length} at byte {start}")
        yield raw[start : start + length]
        start += length


def _add(configuration: ConfigurationDescriptor, entry: bytes) -> None:
    kind = entry[1]
    if kind == INTERFACE and len(entry) >= _INTERFACE_SIZE:
        fields = _INTERFACE_FIELDS.unpack(entry[:_INTERFACE_SIZE])
        configuration.interfaces.append(InterfaceDescriptor(*fields))
    elif kind == ENDPOINT and len(entry) >= _ENDPOINT_SIZE:
        if not configuration.interfaces:
            raise MalformedDescriptorError("an endpoint before any interface")
        endpoint = EndpointDescriptor(*_ENDPOINT_FIELDS.unpack(entry[:_ENDPOINT_SIZE]))
        if len(entry) >= _AUDIO_ENDPOINT_SIZE:
            endpoint.bRefresh, endpoint.bSynchAddress = entry[7], entry[8]
        configuration.interfaces[-1].endpoints.append(endpoint)
    else:
        _extra_of_last(configuration).extend(entry)


def _extra_of_last(configuration: ConfigurationDescriptor) -> list[int]:
    if not configuration.interfaces:
        return configuration.extra_descriptors
    interface = configuration.interfaces[-1]
    return interface.endpoints[-1].extra_descriptors if interface.endpoints else interface.extra_descriptors
