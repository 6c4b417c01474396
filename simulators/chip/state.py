"""What a chip keeps without power: its files, its life cycle and its counters."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from random import Random
from typing import ClassVar

from pydantic import ConfigDict

MASTER_FILE = 0x3F00
APPLICATION = 0x7F0A
MEMORY = 8192  # bytes for what is created on a blank
FILE_OVERHEAD = 32  # bytes for each DF or EF ("Files", ours)
PAGE = 64  # bytes that one EEPROM write touches
AUTHENTICATION_LIMIT = 10  # wrong ones in a row before the chip blocks ("Secure channel", ours)


class LifeCycle(IntEnum):
    """The life-cycle byte of the application and its files ("Life cycle")."""

    CREATION = 0x01
    ACTIVATED = 0x05
    TERMINATED = 0x0C


class Condition(IntEnum):
    """A security condition in compact form (ISO 7816-4, 9.3.2: tag 8C)."""

    ALWAYS = 0x00
    CHANNEL = 0x40
    NEVER = 0xFF


@dataclass(frozen=True)
class ElementaryFile:
    """One transparent EF."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="hex", val_json_bytes="hex")

    content: bytes
    update: Condition
    read: Condition


@dataclass(frozen=True)
class ChipState:
    """Everything durable; a command gives a new one, so that old and new can be compared or torn apart."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="hex", val_json_bytes="hex")

    uid: bytes
    life_cycle: LifeCycle | None = None  # None: the card is a blank, without DF 7F0A
    files: dict[int, ElementaryFile] = field(default_factory=dict)
    sequence_counter: int = 0
    failed_authentications: int = 0
    tears: int = 0  # how often the power has torn a write; seeds the next tear

    @property
    def card_uid(self) -> bytes:
        """The 8-byte card UID: 80, then the 7 bytes of the type A card ("Transport")."""
        return b"\x80" + self.uid

    @property
    def blocked(self) -> bool:
        """Whether too many wrong authentications have closed the chip for ever."""
        return self.failed_authentications >= AUTHENTICATION_LIMIT

    @property
    def free(self) -> int:
        """Bytes of memory that are left."""
        directory = 0 if self.life_cycle is None else FILE_OVERHEAD
        return MEMORY - directory - sum(len(file.content) + FILE_OVERHEAD for file in self.files.values())

    def with_file(self, identifier: int, file: ElementaryFile) -> "ChipState":
        """Give the state in which this EF stands under this identifier."""
        return replace(self, files={**self.files, identifier: file})


def tear(old: ChipState, new: ChipState) -> ChipState:
    """Give the state that a write from `old` to `new` leaves when the power goes in its middle.

    The pages before the torn one are written, the torn one is any mixture of old and new bytes, those
    behind it are old. Life cycle, counters and the existence of a file are atomic ("Life cycle"; for
    the last two assumed). Which page is torn follows from the UID and the number of tears before.
    """
    random = Random(old.uid + old.tears.to_bytes(4, "big"))
    torn = new if random.random() < 0.5 else old
    for identifier, file in new.files.items():
        before = old.files.get(identifier)
        if before is not None and before.content != file.content:
            mixed = _mix(before.content, file.content, random)
            torn = torn.with_file(identifier, replace(file, content=mixed))
    return replace(torn, tears=old.tears + 1)


def _mix(old: bytes, new: bytes, random: Random) -> bytes:
    start = random.choice(list(_changed_pages(old, new)))
    page = slice(start, start + PAGE)
    mixture = bytes(random.choice(pair) for pair in zip(old[page], new[page], strict=True))
    return new[:start] + mixture + old[start + len(mixture) :]


def _changed_pages(old: bytes, new: bytes) -> Iterator[int]:
    for start in range(0, len(new), PAGE):
        if old[start : start + PAGE] != new[start : start + PAGE]:
            yield start
