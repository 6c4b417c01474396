"""The printer's status text and what it says (facts evolis.md, Status words)."""

import re
from dataclasses import dataclass
from enum import Enum

from drivers.evolis.errors import MalformedReplyError
from drivers.evolis.status_bits import (
    INFORMATION_ONLY,
    Config,
    Error,
    Extension1,
    Extension2,
    Info,
    Warn,
)

# Four words of 8 hex digits, up to four extensions, `:` and the decimal reservation. Blanks between the words
# are assumed; words that follow each other directly are accepted as well.
_TEXT = re.compile(rb"([0-9A-Fa-f]{8}(?: ?[0-9A-Fa-f]{8}){3,7}):([0-9]{1,10})")
_WORD_DIGITS = 8


class State(Enum):
    """The state of a printer, in the vendor library's terms."""

    OFF = "off"
    READY = "ready"
    WARNING = "warning"
    ERROR = "error"


class CardPosition(Enum):
    """Where the card in the machine is, by the INFO bits. The hopper holds blanks and is no position."""

    NONE = "none"
    FEEDER = "feeder"
    FLIP = "flip"
    CONTACTLESS = "contactless"
    CONTACT = "contact"
    PRINT = "print"
    EJECT = "eject"
    REAR = "rear"
    SEVERAL = "several"
    """More than one position is reported: where the card is cannot be told."""


_POSITIONS = (
    (Info.CARD_FEEDER, CardPosition.FEEDER),
    (Info.CARD_FLIP, CardPosition.FLIP),
    (Info.CARD_CONTACTLESS, CardPosition.CONTACTLESS),
    (Info.CARD_SMART, CardPosition.CONTACT),
    (Info.CARD_PRINT, CardPosition.PRINT),
    (Info.CARD_EJECT, CardPosition.EJECT),
)
_WORKING = Info.BUSY | Info.PRINTING | Info.ENCODING | Info.CLEANING_RUNS | Info.FIRMWARE_UPDATE


@dataclass(frozen=True)
class EvolisStatus:
    """One reading of the status words.

    Attributes:
        config: What the printer is and what is fitted.
        info: Card positions and activity.
        warning: What the operator can mend.
        error: What has cost the job.
        extension1: First extension word, 0 where absent.
        extension2: Second extension word, 0 where absent.
        reservation: Number of the client that has reserved the printer, 0 = free.
    """

    config: Config
    info: Info
    warning: Warn
    error: Error
    extension1: Extension1
    extension2: Extension2
    reservation: int

    @property
    def position(self) -> CardPosition:
        """Return where the card is."""
        found = [position for bit, position in _POSITIONS if bit in self.info]
        if Extension2.CARD_AT_REAR in self.extension2:
            found.append(CardPosition.REAR)
        if len(found) > 1:
            return CardPosition.SEVERAL
        return found[0] if found else CardPosition.NONE

    @property
    def busy(self) -> bool:
        """Return whether the printer is doing anything."""
        return bool(self.info & _WORKING)

    @property
    def state(self) -> State:
        """Return the state that the words amount to."""
        if self.error:
            return State.ERROR
        return State.WARNING if self.warning & ~INFORMATION_ONLY else State.READY

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the names of the ERROR and then of the WARNING bits that make the state, such as COVER_OPEN.

        A reserved bit is named by its mask.
        """
        return _names(self.error) + _names(self.warning & ~INFORMATION_ONLY)


def parse_status(text: bytes) -> EvolisStatus:
    """Return the reading in a status text without its NUL.

    Raises:
        MalformedReplyError: It is not one, or an extension word that it announces is missing.
    """
    match = _TEXT.fullmatch(text.strip(b"\r\n "))
    if match is None:
        raise MalformedReplyError("a status text", text)
    digits = match[1].replace(b" ", b"")
    words = [int(digits[i : i + _WORD_DIGITS], 16) for i in range(0, len(digits), _WORD_DIGITS)]
    config, info, warning, error = words[:4]
    extensions = [*words[4:], 0, 0]
    status = EvolisStatus(
        Config(config),
        Info(info),
        Warn(warning),
        Error(error),
        Extension1(extensions[0]),
        Extension2(extensions[1]),
        int(match[2]),
    )
    if len(words) - 4 < _announced(status):
        raise MalformedReplyError("a status text with the extension words that it announces", text)
    return status


def _announced(status: EvolisStatus) -> int:
    if Config.EXTENSION_1_FOLLOWS not in status.config:
        return 0
    if Extension1.EXTENSION_2_FOLLOWS not in status.extension1:
        return 1
    return 3 if Extension2.EXTENSION_3_FOLLOWS in status.extension2 else 2


def _names(word: Warn | Error) -> tuple[str, ...]:
    named = {member.value: member.name or "" for member in type(word)}
    bits = [1 << i for i in reversed(range(32)) if word.value & (1 << i)]
    return tuple(named.get(bit, f"RESERVED_{bit:08X}") for bit in bits)
