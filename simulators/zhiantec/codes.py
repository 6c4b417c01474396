"""Numbers of the ZhianTec UART protocol (facts: scanners.md section 1)."""

from __future__ import annotations

from enum import IntEnum

BROADCAST = 0xFFFFFFFF  # the address that a module leaves the factory with


class Pid(IntEnum):
    """What a frame is."""

    COMMAND = 0x01
    DATA = 0x02
    ACKNOWLEDGE = 0x07
    LAST_DATA = 0x08


class Command(IntEnum):
    """The first byte of a command's payload."""

    GET_IMAGE = 0x01
    IMAGE_TO_TEMPLATE = 0x02
    MATCH = 0x03
    SEARCH = 0x04
    REGISTER_MODEL = 0x05
    STORE = 0x06
    LOAD = 0x07
    UPLOAD_TEMPLATE = 0x08
    DOWNLOAD_TEMPLATE = 0x09
    UPLOAD_IMAGE = 0x0A
    DOWNLOAD_IMAGE = 0x0B
    DELETE = 0x0C
    EMPTY = 0x0D
    SET_PARAMETER = 0x0E
    READ_PARAMETERS = 0x0F
    SET_PASSWORD = 0x12
    VERIFY_PASSWORD = 0x13
    RANDOM = 0x14
    SET_ADDRESS = 0x15
    FAST_SEARCH = 0x1B
    COUNT = 0x1D
    INDEX = 0x1F
    AURA = 0x35
    SOFT_RESET = 0x3D
    ECHO = 0x53


class Code(IntEnum):
    """The first byte of an acknowledgement's payload."""

    OK = 0x00
    PACKET = 0x01
    NO_FINGER = 0x02
    IMAGING = 0x03
    MESSY = 0x06
    FEW_POINTS = 0x07
    NO_MATCH = 0x08
    NOT_FOUND = 0x09
    NOT_ONE_FINGER = 0x0A
    PAGE = 0x0B
    LOAD = 0x0C
    NO_DATA_PACKETS = 0x0E
    DELETE = 0x10
    WRONG_PASSWORD = 0x13
    NO_IMAGE = 0x15
    REGISTER = 0x1A
    ADDRESS = 0x20
    PASSWORD_NEEDED = 0x21
    ECHO = 0x55


class Parameter(IntEnum):
    """What SetSysPara can set."""

    BAUD = 4
    SECURITY = 5
    PACKET_SIZE = 6
