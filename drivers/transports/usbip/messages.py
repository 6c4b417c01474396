"""USB/IP 1.1.1 messages, bytes to values and back (Linux Documentation/usb/usbip_protocol.rst).

All header fields are big-endian; the 8 set-up bytes and the payloads are USB's own.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

VERSION = 0x0111
OP_REQ_DEVLIST, OP_REP_DEVLIST = 0x8005, 0x0005
OP_REQ_IMPORT, OP_REP_IMPORT = 0x8003, 0x0003

_OPERATION = struct.Struct(">HHI")  # version, code, status
_DEVICE = struct.Struct(">256s32sIIIHHHBBBBBB")  # usbip_usb_device
_COUNT = struct.Struct(">I")
_SUBMIT = struct.Struct(">IIIIIIiiii8s")  # CMD_SUBMIT
_UNLINK = struct.Struct(">IIIIII24x")  # CMD_UNLINK
_REPLY = struct.Struct(">IIIIIii20x")  # RET_SUBMIT and RET_UNLINK up to actual_length

OPERATION_SIZE = _OPERATION.size
DEVICE_SIZE = _DEVICE.size
COUNT_SIZE = _COUNT.size
REPLY_SIZE = _REPLY.size
INTERFACE_SIZE = 4

NOT_ISOCHRONOUS = -1  # number_of_packets: 0xffffffff for other than isochronous transfers


class Command(IntEnum):
    """Message kinds after the import."""

    CMD_SUBMIT = 1
    CMD_UNLINK = 2
    RET_SUBMIT = 3
    RET_UNLINK = 4


class Direction(IntEnum):
    """Transfer directions on the wire."""

    OUT = 0
    IN = 1


class ProtocolViolationError(Exception):
    """The server sent bytes that the protocol does not allow here."""


@dataclass(frozen=True)
class ExportedDevice:
    """A device as a server lists it."""

    busid: str
    bus: int
    address: int
    speed: int  # enum usb_device_speed of Linux
    vendor: int
    product: int
    interfaces: int

    @property
    def device_id(self) -> int:
        """The number that names the device in every later message."""
        return (self.bus << 16) | self.address


@dataclass(frozen=True)
class Reply:
    """The header of a RET_SUBMIT or RET_UNLINK.

    Attributes:
        command: Which of the two.
        seqnum: The transfer or the unlink request that is answered.
        status: 0 or a negative Linux errno.
        actual_length: Bytes moved; for IN transfers as many follow.
    """

    command: Command
    seqnum: int
    status: int
    actual_length: int


def request_list() -> bytes:
    """Return OP_REQ_DEVLIST."""
    return _OPERATION.pack(VERSION, OP_REQ_DEVLIST, 0)


def request_import(busid: str) -> bytes:
    """Return OP_REQ_IMPORT for a bus id of at most 31 bytes."""
    return _OPERATION.pack(VERSION, OP_REQ_IMPORT, 0) + busid.encode("ascii").ljust(32, b"\x00")


def check_operation(header: bytes, expected: int) -> int:
    """Return the status of an operation's reply.

    Raises:
        ProtocolViolationError: It is not the reply to that request.
    """
    version, code, status = _OPERATION.unpack(header)
    if (version, code) != (VERSION, expected):
        raise ProtocolViolationError(
            f"operation {code:#06x} of version {version:#06x} instead of {expected:#06x}"
        )
    return int(status)


def parse_count(raw: bytes) -> int:
    """Return the number of devices in a list.

    Raises:
        ProtocolViolationError: No server exports that many.
    """
    count = int(_COUNT.unpack(raw)[0])
    if count > 1024:
        raise ProtocolViolationError(f"a list of {count} devices")
    return count


def parse_device(raw: bytes) -> ExportedDevice:
    """Return the usbip_usb_device in the reply to a list or an import."""
    _path, busid, bus, address, speed, vendor, product, *rest = _DEVICE.unpack(raw)
    name = bytes(busid).partition(b"\x00")[0].decode("ascii", "replace")
    return ExportedDevice(name, bus, address, speed, vendor, product, int(rest[-1]))


def submit(
    device_id: int, seqnum: int, direction: Direction, endpoint: int, length: int, setup: bytes
) -> bytes:
    """Return the header of a CMD_SUBMIT; an OUT transfer's bytes follow it."""
    return _SUBMIT.pack(
        Command.CMD_SUBMIT, seqnum, device_id, direction, endpoint, 0, length, 0, NOT_ISOCHRONOUS, 0, setup
    )


def unlink(device_id: int, seqnum: int, parked: int) -> bytes:
    """Return the CMD_UNLINK that withdraws a parked transfer."""
    return _UNLINK.pack(Command.CMD_UNLINK, seqnum, device_id, 0, 0, parked)


def parse_reply(raw: bytes) -> Reply:
    """Return the header of a server's message.

    Raises:
        ProtocolViolationError: It is no RET_SUBMIT or RET_UNLINK, or its length is impossible.
    """
    command, seqnum, _device, _direction, _endpoint, status, actual_length = _REPLY.unpack(raw)
    if command not in (Command.RET_SUBMIT, Command.RET_UNLINK):
        raise ProtocolViolationError(f"message {command:#010x}")
    if actual_length < 0:
        raise ProtocolViolationError(f"a transfer of {actual_length} bytes")
    return Reply(Command(command), seqnum, status, actual_length)
