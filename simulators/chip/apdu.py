"""Command APDUs in their short form (ISO/IEC 7816-3, 12.1)."""

from dataclasses import dataclass

from simulators.chip.status import Status, StatusError

_HEADER = 4


@dataclass(frozen=True)
class Command:
    """A command as the card understood it; `expected` is Ne, the most bytes that the answer may have."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    expected: int | None

    @property
    def offset(self) -> int:
        """P1-P2 read as one number, as READ and UPDATE BINARY do."""
        return self.p1 << 8 | self.p2


def parse_command(apdu: bytes) -> Command:
    """Read the bytes of one command.

    Raises:
        StatusError: 6700 for anything that is no short APDU, an extended one included.
    """
    if len(apdu) < _HEADER:
        raise StatusError(Status.WRONG_LENGTH)
    data, expected = _parse_body(apdu[_HEADER:])
    return Command(apdu[0], apdu[1], apdu[2], apdu[3], data, expected)


def _parse_body(body: bytes) -> tuple[bytes, int | None]:
    if not body:  # case 1
        return b"", None
    if len(body) == 1:  # case 2, short: Le 00 means 256
        return b"", body[0] or 256
    length = body[0]  # 00 would open an extended length, which this card does not know
    if length and len(body) == 1 + length:  # case 3
        return body[1:], None
    if length and len(body) == 2 + length:  # case 4
        return body[1:-1], body[-1] or 256
    raise StatusError(Status.WRONG_LENGTH)


@dataclass(frozen=True)
class Answer:
    """What a command gives back, and the 64-byte EEPROM pages that it has written."""

    data: bytes = b""
    status: int = Status.OK
    pages: int = 0

    def encode(self) -> bytes:
        """Give the response APDU: the data, then SW1 and SW2."""
        return self.data + self.status.to_bytes(2, "big")


def fit(data: bytes, command: Command) -> bytes:
    """Give the data when the command has room for it.

    Raises:
        StatusError: 6Cxx, the length that Le should have had (ISO/IEC 7816-4, 5.6).
    """
    if command.expected is not None and len(data) > command.expected:
        raise StatusError(0x6C00 | len(data))
    return data
