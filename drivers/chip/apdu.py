"""Short command APDUs, ISO/IEC 7816-4 clause 5.1."""

from dataclasses import dataclass, field, replace
from typing import Final

MAXIMUM_DATA: Final = 255  # a short Lc is one byte
MAXIMUM_LE: Final = 256  # a short Le of 00 stands for 256
SECURE_MESSAGING: Final = 0x04  # the bit of CLA that GPC 2.2 Amendment D clause 6.2.4 sets


@dataclass(frozen=True)
class Command:
    """One short command.

    Attributes:
        name: for errors, for example `UPDATE BINARY`.
        cla, ins, p1, p2: the header.
        data: command data field, at most 255 bytes.
        le: bytes expected, 1 to 256; `None` when none are.
    """

    name: str
    cla: int
    ins: int
    p1: int = 0
    p2: int = 0
    data: bytes = field(default=b"", repr=False)
    le: int | None = None

    def __post_init__(self) -> None:
        if any(not 0 <= part <= 0xFF for part in (self.cla, self.ins, self.p1, self.p2)):
            raise ValueError(f"{self.name}: the header is not four bytes")
        if len(self.data) > MAXIMUM_DATA:
            raise ValueError(f"{self.name}: {len(self.data)} bytes do not fit a short APDU")
        if self.le is not None and not 1 <= self.le <= MAXIMUM_LE:
            raise ValueError(f"{self.name}: Le {self.le} does not fit a short APDU")

    @property
    def header(self) -> bytes:
        """CLA INS P1 P2."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    def to_bytes(self) -> bytes:
        """Return the command as it is on the wire."""
        body = bytes((len(self.data),)) + self.data if self.data else b""
        tail = b"" if self.le is None else bytes((self.le % MAXIMUM_LE,))
        return self.header + body + tail

    def protected(self, data: bytes) -> "Command":
        """Return the command with the secure messaging bit, channel 0, and protected data."""
        # GPC 2.2 Amendment D clause 6.2.4: the logical channel is cleared, 80 and 00 become 84.
        return replace(self, cla=0x80 | SECURE_MESSAGING, data=data)
