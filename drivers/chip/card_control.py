"""6FF0: card control (docs/reference/ktp-el-open.md, Content)."""

import struct
from dataclasses import dataclass
from typing import Final

from drivers.chip.errors import ContentError

CODING: Final = "card-control"
MAGIC: Final = b"KEO1"
VERSION: Final = b"\x00\x01"
_LAYOUT: Final = struct.Struct(">4s2sB8sH32s2s")


@dataclass(frozen=True)
class CardControl:
    """What ties the data to one chip.

    Attributes:
        key_version: KVN of the keys on the chip.
        card_uid: 8 bytes.
        issue: issue number, 16 bits.
        manifest_hash: SHA-256 of the manifest, 32 bytes.
    """

    key_version: int
    card_uid: bytes
    issue: int
    manifest_hash: bytes

    def encode(self) -> bytes:
        """Return the 51 bytes.

        Raises:
            ContentError: a field does not fit.
        """
        if len(self.card_uid) != 8 or len(self.manifest_hash) != 32 or not 0 <= self.issue <= 0xFFFF:
            raise ContentError(CODING, "a field has the wrong length")
        return _LAYOUT.pack(
            MAGIC, VERSION, self.key_version, self.card_uid, self.issue, self.manifest_hash, b"\x00\x00"
        )

    @classmethod
    def decode(cls, content: bytes) -> "CardControl":
        """Take the content of 6FF0 apart.

        Raises:
            ContentError: not 51 bytes, another magic or version, or the end is not 0000.
        """
        if len(content) != _LAYOUT.size:
            raise ContentError(CODING, f"{len(content)} bytes, not {_LAYOUT.size}")
        magic, version, key_version, uid, issue, manifest_hash, end = _LAYOUT.unpack(content)
        if (magic, version, end) != (MAGIC, VERSION, b"\x00\x00"):
            raise ContentError(CODING, "magic, version or end is wrong")
        return cls(key_version, uid, issue, manifest_hash)
