"""File control parameters: what CREATE FILE is told and SELECT answers (ISO 7816-4 clause 7.4.3, 7816-9)."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from drivers.chip import tlv
from drivers.chip.errors import LayoutMismatch

FCP_TEMPLATE: Final = 0x62
_SIZE, _DESCRIPTOR, _FID, _LIFE_CYCLE, _ACCESS = 0x80, 0x82, 0x83, 0x8A, 0x8C
_UPDATE_AND_READ: Final = 0x03  # access mode byte for EFs, ISO 7816-4 table 17: bit 2 UPDATE, bit 1 READ


class FileKind(IntEnum):
    """File descriptor byte, ISO 7816-4 table 14."""

    TRANSPARENT = 0x01
    DIRECTORY = 0x38


class Condition(Enum):
    """Security condition byte in compact form, ISO 7816-4 table 20."""

    ALWAYS = "always"
    CHANNEL = "channel"
    NEVER = "never"

    def encode(self) -> int:
        """Return the byte; 40 is secure messaging."""
        return {Condition.ALWAYS: 0x00, Condition.CHANNEL: 0x40, Condition.NEVER: 0xFF}[self]


class LifeCycle(IntEnum):
    """Life cycle status byte, ISO 7816-4 table 15, as far as `ktp-el-open` uses it."""

    CREATION = 0x01
    ACTIVATED = 0x05
    TERMINATED = 0x0C


@dataclass(frozen=True)
class FileControl:
    """Properties of one file.

    Attributes:
        fid: file identifier.
        kind: directory or transparent EF.
        size: bytes with the length prefix, 0 for a directory.
        access: security condition bytes of UPDATE and READ, empty for a directory.
        life_cycle: status byte, `None` when the card does not tell.
    """

    fid: int
    kind: int
    size: int = 0
    access: bytes = b""
    life_cycle: int | None = LifeCycle.CREATION

    def encode(self) -> bytes:
        """Return the FCP template; the order is 80, 82, 83, 8A, 8C."""
        objects = [
            tlv.DataObject(_DESCRIPTOR, bytes((self.kind,))),
            tlv.DataObject(_FID, self.fid.to_bytes(2, "big")),
        ]
        if self.life_cycle is not None:
            objects.append(tlv.DataObject(_LIFE_CYCLE, bytes((self.life_cycle,))))
        if self.kind != FileKind.DIRECTORY:
            objects.insert(0, tlv.DataObject(_SIZE, self.size.to_bytes(2, "big")))
            objects.append(tlv.DataObject(_ACCESS, bytes((_UPDATE_AND_READ,)) + self.access))
        return tlv.DataObject(FCP_TEMPLATE, tlv.encode(objects)).encode()

    @classmethod
    def decode(cls, data: bytes) -> "FileControl":
        """Read an FCP template.

        Raises:
            ValueError: it is none, or lacks descriptor or identifier.
        """
        outer = tlv.decode(data)
        if len(outer) != 1 or outer[0].tag != FCP_TEMPLATE:
            raise ValueError("not one FCP template")
        fields = {item.tag: item.value for item in tlv.decode(outer[0].value)}
        if not fields.get(_DESCRIPTOR) or len(fields.get(_FID, b"")) != 2:
            raise ValueError("descriptor or file identifier is missing")
        life_cycle = fields.get(_LIFE_CYCLE, b"")
        return cls(
            fid=int.from_bytes(fields[_FID], "big"),
            kind=fields[_DESCRIPTOR][0],
            size=int.from_bytes(fields.get(_SIZE, b""), "big"),
            access=fields.get(_ACCESS, b"")[1:],
            life_cycle=life_cycle[0] if len(life_cycle) == 1 else None,
        )

    def check_same_layout(self, found: "FileControl") -> None:
        """Make sure that a file on a card is this one, whatever its life cycle.

        Raises:
            LayoutMismatch: kind, size or access differ.
        """
        for name, wanted, actual in (
            ("kind", self.kind, found.kind),
            ("identifier", self.fid, found.fid),
            ("size", self.size, found.size),
            ("access", self.access, found.access),
        ):
            if wanted != actual:
                raise LayoutMismatch(self.fid, f"{name} is {actual!r}, the profile says {wanted!r}")
