"""Status words of the card (ISO/IEC 7816-4, 5.6; the profile's own choices stand beside them)."""

from enum import IntEnum


class Status(IntEnum):
    """The last two bytes of every answer, SW1 and SW2."""

    OK = 0x9000
    END_OF_FILE = 0x6282  # fewer bytes than asked
    TERMINATED = 0x6285  # the selected file is in the termination state
    AUTHENTICATION_FAILED = 0x6300
    EEPROM_FAILURE = 0x6581
    WRONG_LENGTH = 0x6700
    CONDITION_NOT_MET = 0x6982
    CHIP_BLOCKED = 0x6983
    NOT_NOW = 0x6985
    NO_FILE_SELECTED = 0x6986
    WRONG_MAC = 0x6988
    FAULTY_TEMPLATE = 0x6A80
    FILE_NOT_FOUND = 0x6A82
    NO_ROOM = 0x6A84
    WRONG_P1_P2 = 0x6A86
    UNKNOWN_KEY = 0x6A88
    FILE_EXISTS = 0x6A89
    WRONG_OFFSET = 0x6B00
    UNKNOWN_INS = 0x6D00
    UNKNOWN_CLA = 0x6E00


class StatusError(Exception):
    """A command that ends with a status word and no data."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status word {status:04X}")
        self.status = status


def is_protected(status: int) -> bool:
    """Tell whether an answer with this status word carries R-MAC and R-ENC under the channel."""
    # GPC 2.2 Amendment D, 6.2.5: 9000 and the warnings 62xx and 63xx; errors come bare
    return status == Status.OK or status >> 8 in (0x62, 0x63)
