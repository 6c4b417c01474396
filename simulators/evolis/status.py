"""The status words: CONFIG, INFO, WARNING, ERROR and the extension words.

Every bit is the fact sheet's, found there by setting each bit (mark S). Bits not listed are reserved.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag


class Config(IntFlag):
    """What the printer is made of."""

    X01 = 0x80000000
    X02 = 0x40000000
    R02 = 0x20000000
    X04 = 0x10000000
    EXTENSION = 0x08000000
    S01 = 0x04000000
    X20 = 0x02000000
    KC200 = 0x01000000
    WIFI = 0x00800000
    ETHERNET = 0x00400000
    USB_OVER_IP = 0x00200000
    FLIP = 0x00100000
    CONTACTLESS = 0x00080000
    SMART = 0x00040000
    MAGNETIC = 0x00020000
    REWRITE = 0x00010000
    FEED_MANUAL = 0x00008000
    FEED_ON_COMMAND = 0x00004000
    FEED_FEEDER = 0x00002000
    EJECT_REVERSE = 0x00001000
    FEED_REAR = 0x00000800


class Info(IntFlag):
    """Where the card is and what the printer does."""

    CARD_HOPPER = 0x40000000
    CARD_FEEDER = 0x20000000
    CARD_FLIP = 0x10000000
    CARD_CONTACTLESS = 0x08000000
    CARD_SMART = 0x04000000
    CARD_PRINT = 0x02000000
    CARD_EJECT = 0x01000000
    PRINTER_HANDLES_ERRORS = 0x00800000
    RIBBON_UNKNOWN = 0x00100000
    RIBBON_LOW = 0x00080000
    CLEANING_MANDATORY = 0x00040000
    CLEANING_RECOMMENDED = 0x00020000
    JUST_REBOOTED = 0x00010000
    RIBBON_CHANGED = 0x00000200
    CLEANING_REQUIRED = 0x00000100
    PRINTING = 0x00000080
    CLEANING_RUNS = 0x00000020
    BUSY = 0x00000001


class Warn(IntFlag):
    """The WARNING word: what an operator can mend."""

    RECEPTACLE_OPEN = 0x10000000
    REJECT_BOX_FULL = 0x08000000
    CARD_ON_EJECT = 0x04000000
    WAIT_CARD = 0x02000000
    FEEDER_EMPTY = 0x01000000
    HEAD_COOLING = 0x00200000
    HOPPER_FULL = 0x00100000
    RIBBON_ENDED = 0x00080000
    COVER_OPEN = 0x00020000
    NO_RIBBON = 0x00010000
    RIBBON_UNSUPPORTED = 0x00008000


class Error(IntFlag):
    """The ERROR word: a job was lost."""

    HEAD_TEMPERATURE = 0x20000000
    NO_OPTION = 0x10000000
    FEEDER = 0x08000000
    RIBBON = 0x04000000
    COVER_OPEN = 0x02000000
    MECHANICAL = 0x01000000
    REJECT_BOX_FULL = 0x00800000
    BAD_RIBBON = 0x00400000
    RIBBON_ENDED = 0x00200000
    HOPPER_FULL = 0x00100000
    CARD_ON_EJECT = 0x00000200
    NO_CARD_PRESENTED = 0x00000100
    INTERNAL = 0x00000040


class Extension1(IntFlag):
    """The useful part of the first extension word."""

    FEEDER_NEAR_EMPTY = 0x00000100
    BEZEL = 0x00000200


@dataclass(frozen=True)
class StatusWords:
    """One reading of the status words."""

    config: Config
    info: Info
    warning: Warn
    error: Error
    extension: Extension1

    def text(self) -> str:
        """Return the status text (S): words of 8 hex digits, a colon, the reservation number (0 = free).

        Single spaces between the words, and upper-case digits, are assumed.
        """
        words = [int(self.config), int(self.info), int(self.warning), int(self.error)]
        if Config.EXTENSION in self.config:
            words.append(int(self.extension))
        return " ".join(f"{word:08X}" for word in words) + ":0"
