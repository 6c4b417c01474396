"""BER-TLV data objects, ISO/IEC 7816-4 clause 5.2.2 and ISO/IEC 8825-1."""

from collections.abc import Iterable
from dataclasses import dataclass


class TlvError(ValueError):
    """Bytes are no sequence of data objects."""


@dataclass(frozen=True)
class DataObject:
    """One data object.

    Attributes:
        tag: the tag field read as a big-endian number, for example 0x62 or 0x7F49.
        value: its value field.
    """

    tag: int
    value: bytes

    def encode(self) -> bytes:
        """Return tag, shortest length field, value."""
        tag = self.tag.to_bytes((self.tag.bit_length() + 7) // 8, "big")
        return tag + _encode_length(len(self.value)) + self.value


def encode(objects: Iterable[DataObject]) -> bytes:
    """Join data objects in the order given."""
    return b"".join(item.encode() for item in objects)


def decode(data: bytes) -> tuple[DataObject, ...]:
    """Split bytes into the data objects of one level; nothing may be left over.

    Raises:
        TlvError: a field is cut short, or a length field is of a form that ISO 7816-4 does not have.
    """
    objects = []
    offset = 0
    while offset < len(data):
        tag, offset = _decode_tag(data, offset)
        length, offset = _decode_length(data, offset)
        objects.append(DataObject(tag, _take(data, offset, length)))
        offset += length
    return tuple(objects)


def _take(data: bytes, offset: int, length: int) -> bytes:
    if offset + length > len(data):
        raise TlvError(f"{length} bytes are missing at offset {offset}")
    return data[offset : offset + length]


def _decode_tag(data: bytes, offset: int) -> tuple[int, int]:
    end = offset + 1
    if _take(data, offset, 1)[0] & 0x1F == 0x1F:  # more bytes follow, the last has bit 8 clear
        while _take(data, end, 1)[0] & 0x80:
            end += 1
        end += 1
    tag = int.from_bytes(data[offset:end], "big")
    if tag == 0:
        raise TlvError(f"tag 00 at offset {offset}")
    return tag, end


def _encode_length(length: int) -> bytes:
    if length < 0x80:
        return bytes((length,))
    size = (length.bit_length() + 7) // 8
    return bytes((0x80 | size,)) + length.to_bytes(size, "big")


def _decode_length(data: bytes, offset: int) -> tuple[int, int]:
    first = _take(data, offset, 1)[0]
    if first < 0x80:
        return first, offset + 1
    size = first & 0x7F
    if not 1 <= size <= 4:  # ISO 7816-4 table 8: 81 to 84
        raise TlvError(f"length field {first:02X} at offset {offset}")
    return int.from_bytes(_take(data, offset + 1, size), "big"), offset + 1 + size
