"""Numbers of the protocol (facts scanners.md, section 1; R30x and R503 manuals, pyfingerprint)."""

from enum import IntEnum


class PacketKind(IntEnum):
    """The byte that says what a frame is (PID)."""

    COMMAND = 0x01
    DATA = 0x02
    ACKNOWLEDGEMENT = 0x07
    LAST_DATA = 0x08


class Instruction(IntEnum):
    """The commands that this driver sends. The sensor's own templates and library are not used."""

    GET_IMAGE = 0x01
    UPLOAD_IMAGE = 0x0A
    SET_PARAMETER = 0x0E
    READ_PARAMETERS = 0x0F
    VERIFY_PASSWORD = 0x13
    AURA = 0x35


class Confirmation(IntEnum):
    """The codes of an acknowledgement that this driver tells apart."""

    OK = 0x00
    PACKET_ERROR = 0x01
    NO_FINGER = 0x02
    IMAGING_FAILED = 0x03
    WRONG_PASSWORD = 0x13
    PASSWORD_NEEDED = 0x21


BAUD_PARAMETER = 4
"""Number of the baud rate for SET_PARAMETER; its value counts steps of 9600."""


class Light(IntEnum):
    """What the ring of light does (R503 only)."""

    BREATHE = 1
    FLASH = 2
    ON = 3
    OFF = 4
    FADE_ON = 5
    FADE_OFF = 6


class Colour(IntEnum):
    """Colours of the ring (R503 only)."""

    RED = 1
    BLUE = 2
    PURPLE = 3
