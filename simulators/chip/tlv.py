"""BER-TLV (ISO/IEC 8825-1, with the limits of ISO/IEC 7816-4, 5.2)."""

from collections.abc import Iterator

_LONG_TAG = 0x1F


class TlvError(ValueError):
    """The bytes are no sequence of BER-TLV data objects."""


def parse(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give tag and value of each data object in turn.

    Raises:
        TlvError: an object does not end where the data ends, or has an indefinite or overlong length.
    """
    position = 0
    while position < len(data):
        tag, position = _parse_tag(data, position)
        length, position = _parse_length(data, position)
        end = position + length
        if end > len(data):
            raise TlvError("value runs over the end")
        yield tag, data[position:end]
        position = end


def _byte(data: bytes, position: int) -> int:
    if position >= len(data):
        raise TlvError("cut off")
    return data[position]


def _parse_tag(data: bytes, position: int) -> tuple[int, int]:
    tag = _byte(data, position)
    position += 1
    if tag & _LONG_TAG == _LONG_TAG:  # more tag bytes follow while their bit 8 is set
        more = True
        while more:
            part = _byte(data, position)
            position += 1
            tag = tag << 8 | part
            more = bool(part & 0x80)
    return tag, position


def _parse_length(data: bytes, position: int) -> tuple[int, int]:
    first = _byte(data, position)
    position += 1
    if first < 0x80:
        return first, position
    count = first & 0x7F
    if count not in (1, 2):  # 80 is indefinite; a short APDU never needs three length bytes
        raise TlvError("length form not supported")
    _byte(data, position + count - 1)
    return int.from_bytes(data[position : position + count], "big"), position + count


def encode(tag: int, value: bytes) -> bytes:
    """Give one data object with a one-byte tag and a value of at most 255 bytes."""
    length = bytes([len(value)]) if len(value) < 0x80 else bytes([0x81, len(value)])
    return bytes([tag]) + length + value
