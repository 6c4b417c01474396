"""Values of attributes, made and read by type (RFC 8010 section 3.9)."""

import struct
from collections.abc import Iterable, Mapping

from drivers.cups.errors import MessageMalformed
from drivers.cups.message import Attribute, Group, Value
from drivers.cups.tags import ValueTag

_INTEGER = struct.Struct(">i")
_TEXTS = frozenset(
    {
        ValueTag.TEXT,
        ValueTag.NAME,
        ValueTag.KEYWORD,
        ValueTag.URI,
        ValueTag.CHARSET,
        ValueTag.LANGUAGE,
        ValueTag.MEDIA_TYPE,
    }
)


def text(name: str, tag: ValueTag, *values: str) -> Attribute:
    """An attribute of texts, in UTF-8: every request of ours says so."""
    return Attribute(name, tuple(Value(tag, value.encode()) for value in values))


def integer(name: str, value: int) -> Attribute:
    """An attribute of one integer."""
    return Attribute(name, (Value(ValueTag.INTEGER, _INTEGER.pack(value)),))


def boolean(name: str, *, value: bool) -> Attribute:
    """An attribute of one boolean."""
    return Attribute(name, (Value(ValueTag.BOOLEAN, bytes([value])),))


class Attributes:
    """The attributes of one group, read by name and type.

    A value of another type is as good as none where the standard allows that (out-of-band values such as
    no-value, section 3.8), and malformed where it was asked for as a must.
    """

    def __init__(self, group: Group) -> None:
        """Take a group.

        Raises:
            MessageMalformed: it has an attribute twice (RFC 8010 section 3.1.3).
        """
        self._by_name: Mapping[str, Attribute] = {one.name: one for one in group.attributes}
        if len(self._by_name) != len(group.attributes):
            raise MessageMalformed("an attribute stands there twice")

    def texts(self, name: str) -> tuple[str, ...]:
        """All texts of an attribute; none where it is missing or has no value.

        Raises:
            MessageMalformed: a text is not UTF-8.
        """
        try:
            return tuple(value.content.decode() for value in self._values(name) if value.tag in _TEXTS)
        except UnicodeDecodeError:
            raise MessageMalformed(f"{name} is not UTF-8") from None

    def text(self, name: str) -> str:
        """The first text, or an empty one."""
        return next(iter(self.texts(name)), "")

    def numbers(self, name: str) -> tuple[int, ...]:
        """All integers and enums of an attribute; none where it is missing or has no value."""
        found = (value for value in self._values(name) if value.tag in (ValueTag.INTEGER, ValueTag.ENUM))
        return tuple(int(_INTEGER.unpack(value.content)[0]) for value in found)

    def number(self, name: str) -> int | None:
        """The first integer or enum; None where there is none."""
        return next(iter(self.numbers(name)), None)

    def required_number(self, name: str) -> int:
        """The first integer or enum.

        Raises:
            MessageMalformed: there is none.
        """
        found = self.number(name)
        if found is None:
            raise MessageMalformed(f"{name} is missing")
        return found

    def truth(self, name: str, *, default: bool) -> bool:
        """The first boolean."""
        for value in self._values(name):
            if value.tag == ValueTag.BOOLEAN:
                return value.content != b"\0"
        return default

    def _values(self, name: str) -> Iterable[Value]:
        attribute = self._by_name.get(name)
        return attribute.values if attribute else ()
