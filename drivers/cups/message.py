"""An IPP message as bytes and back, byte for byte (RFC 8010 section 3).

The reader is strict: what it accepts it can write again exactly. A collection (section 3.1.6) stays a run of
values of its attribute, with its begin, member and end tags in place.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from drivers.cups.errors import MessageMalformed
from drivers.cups.tags import FIXED_LENGTHS, LAST_DELIMITER, GroupTag, ValueTag

LONGEST_VALUE = 0x7FFF  # SIGNED-SHORT, section 3.9
_HEAD = struct.Struct(">BBHi")  # version, operation or status, request-id: section 3.1.1
_LENGTH = struct.Struct(">h")


@dataclass(frozen=True)
class Value:
    """One value: its tag (section 3.5.2) and its bytes."""

    tag: int
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Attribute:
    """A name and its values; one at least."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """A delimiter tag (section 3.5.1) and the attributes behind it."""

    tag: int
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True)
class Message:
    """A request or an answer.

    Attributes:
        code: operation-id of a request, status-code of an answer.
        data: the document behind the end-of-attributes-tag.
    """

    version: tuple[int, int]
    code: int
    request: int
    groups: tuple[Group, ...]
    data: bytes = field(default=b"", repr=False)


def encode(message: Message) -> bytes:
    """Write a message.

    Raises:
        MessageMalformed: it has a part that cannot be written.
    """
    try:
        parts = [_HEAD.pack(*message.version, message.code, message.request)]
    except struct.error as error:
        raise MessageMalformed(f"the head cannot be written: {error}") from error
    for group in message.groups:
        if not _begins_group(group.tag):
            raise MessageMalformed(f"{group.tag:#x} begins no group")
        parts.append(bytes([group.tag]))
        for attribute in group.attributes:
            parts.extend(_encoded(attribute))
    return b"".join([*parts, bytes([GroupTag.END]), message.data])


def _encoded(attribute: Attribute) -> Iterator[bytes]:
    """Section 3.1.4 and 3.1.5: the name stands with the first value only."""
    name = attribute.name.encode("ascii", "replace")
    if not name or not attribute.name.isascii() or not attribute.values:
        raise MessageMalformed("an attribute has an ASCII name and a value")
    _require_balance(attribute)
    for value in attribute.values:
        _require_value(attribute.name, value)
        yield bytes([value.tag])
        for text in (name, value.content):
            if len(text) > LONGEST_VALUE:
                raise MessageMalformed(f"{attribute.name} is too long")
            yield _LENGTH.pack(len(text)) + text
        name = b""


def decode(content: bytes) -> Message:
    """Read a message.

    Raises:
        MessageMalformed: these bytes are none.
    """
    reader = _Reader(content)
    major, minor, code, request = reader.head()
    groups = list[Group]()
    while (tag := reader.byte()) != GroupTag.END:
        if not _begins_group(tag):
            raise MessageMalformed("an attribute stands before the first group")
        groups.append(Group(tag, tuple(_attributes(reader))))
    return Message((major, minor), code, request, tuple(groups), reader.rest())


def _attributes(reader: "_Reader") -> Iterator[Attribute]:
    while reader.peek() > LAST_DELIMITER:
        tag, name = reader.byte(), reader.text()
        if not name:
            raise MessageMalformed("a group begins with a value that has no name")
        values = [Value(tag, reader.field())]
        while reader.has_more_values():
            tag, _ = reader.byte(), reader.text()
            values.append(Value(tag, reader.field()))
        attribute = Attribute(name, tuple(values))
        for value in values:
            _require_value(name, value)
        _require_balance(attribute)
        yield attribute


def _begins_group(tag: int) -> bool:
    return tag <= LAST_DELIMITER and tag not in (GroupTag.RESERVED, GroupTag.END)


def _require_value(name: str, value: Value) -> None:
    """Refuse lengths that the type forbids (section 3.9)."""
    if not LAST_DELIMITER < value.tag <= 0xFF:
        raise MessageMalformed(f"{value.tag:#x} is the tag of no value")
    length = FIXED_LENGTHS.get(value.tag)
    if length is not None and len(value.content) != length:
        raise MessageMalformed(f"{name} has {len(value.content)} bytes where its type has {length}")


def _require_balance(attribute: Attribute) -> None:
    """Refuse a collection that does not end, or ends twice (section 3.1.6)."""
    depth = 0
    for value in attribute.values:
        depth += (value.tag == ValueTag.BEGIN_COLLECTION) - (value.tag == ValueTag.END_COLLECTION)
        if depth < 0 or (depth == 0 and value.tag == ValueTag.MEMBER_NAME):
            raise MessageMalformed(f"{attribute.name} ends a collection that was not begun")
    if depth:
        raise MessageMalformed(f"{attribute.name} has a collection without an end")


class _Reader:
    """Takes a message apart from its beginning."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def head(self) -> tuple[int, int, int, int]:
        """Version, code and request-id."""
        major, minor, code, request = _HEAD.unpack(self._take(_HEAD.size))
        return major, minor, code, request

    def byte(self) -> int:
        """The next tag."""
        return self._take(1)[0]

    def peek(self) -> int:
        """The next tag, which stays there."""
        if self._at >= len(self._content):
            raise MessageMalformed("the message ends without its end tag")
        return self._content[self._at]

    def has_more_values(self) -> bool:
        """Whether a value without a name follows (section 3.1.5)."""
        name = self._content[self._at + 1 : self._at + 3]
        return self.peek() > LAST_DELIMITER and name == b"\0\0"

    def field(self) -> bytes:
        """A length and as many bytes."""
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size))
        if length < 0:
            raise MessageMalformed("a length is negative")
        return self._take(length)

    def text(self) -> str:
        """A name."""
        try:
            return self.field().decode("ascii")
        except UnicodeDecodeError:
            raise MessageMalformed("a name is not ASCII") from None

    def rest(self) -> bytes:
        """What is left: the document."""
        return self._content[self._at :]

    def _take(self, length: int) -> bytes:
        part = self._content[self._at : self._at + length]
        if len(part) != length:
            raise MessageMalformed("the message is cut off")
        self._at += length
        return part
