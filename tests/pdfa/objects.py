"""A file as bytes and as objects: every object, direct ones too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

import pikepdf

ENTRY: Final = re.compile(rb"(\d{10}) (\d{5}) ([nf])")
Composite = pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array


class UnreadableError(Exception):
    """The file cannot be taken apart; the text says why."""


@dataclass(frozen=True)
class Placed:
    """An object and where it is: the number of the indirect object and the keys below it."""

    where: str
    value: pikepdf.Object


@dataclass
class PdfFile:
    """A PDF, as bytes and as objects.

    Attributes:
        offsets: object number to the place of its last version in `data`.
    """

    data: bytes
    pdf: pikepdf.Pdf
    offsets: dict[int, int] = field(default_factory=dict)
    objects: list[Placed] = field(default_factory=list)

    @classmethod
    def read(cls, data: bytes) -> "PdfFile":
        """Take a file apart.

        Raises:
            UnreadableError: it has no classic cross-reference table, or is damaged.
        """
        try:
            file = cls(data, pikepdf.Pdf.open(BytesIO(data), suppress_warnings=True))
        except (pikepdf.PdfError, pikepdf.PasswordError) as error:
            raise UnreadableError(str(error)) from error
        file.offsets = _offsets(data)
        file.objects = list(_everything(file.pdf))
        return file

    def dictionaries(self) -> Iterator[Placed]:
        """Every dictionary, those of streams too."""
        for placed in self.objects:
            if isinstance(placed.value, pikepdf.Dictionary | pikepdf.Stream):
                yield placed

    def streams(self) -> Iterator[Placed]:
        """Every stream."""
        return (placed for placed in self.objects if isinstance(placed.value, pikepdf.Stream))

    def of_type(self, key: str, *names: str) -> Iterator[Placed]:
        """Every dictionary that has one of the names under the key."""
        return (placed for placed in self.dictionaries() if str(placed.value.get(key, "")) in names)


def _everything(pdf: pikepdf.Pdf) -> Iterator[Placed]:
    yield from _below(Placed("trailer", pdf.trailer))
    for number, value in enumerate(pdf.objects, 1):
        if isinstance(value, pikepdf.Object):
            yield from _below(Placed(str(number), value))


def _below(placed: Placed) -> Iterator[Placed]:
    """The object and its direct parts; indirect ones come by themselves."""
    waiting = [placed]
    while waiting:
        one = waiting.pop()
        yield one
        for name, part in _parts(one.value):
            where = f"{one.where} {name}"
            if isinstance(part, Composite) and not part.is_indirect:
                waiting.append(Placed(where, part))


def _parts(value: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        yield from ((str(name), part) for name, part in value.items())
    elif isinstance(value, pikepdf.Array):
        yield from ((f"[{index}]", part) for index, part in enumerate(iter(value)))


def scalars(file: PdfFile) -> Iterator[tuple[str, object]]:
    """Every number, string and name, with its place."""
    for placed in file.objects:
        for name, part in _parts(placed.value):
            if not isinstance(part, Composite):
                yield f"{placed.where} {name}", part


def name_bytes(name: pikepdf.Object) -> bytes:
    """Return a name without its slash, with its escapes resolved (ISO 32000-1, 7.3.5)."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code.group(1), 16)]), name.unparse()[1:])


def _offsets(data: bytes) -> dict[int, int]:
    """Follow the cross-reference sections from the last to the first; a later version of an object counts."""
    offsets: dict[int, int] = {}
    start = data.rfind(b"startxref")
    place: int | None = int(data[start + 9 :].split()[0]) if start >= 0 else None
    while place is not None:
        if data[place : place + 4] != b"xref":
            raise UnreadableError("no classic cross-reference table")
        for number, offset in _section(data, place):
            offsets.setdefault(number, offset)
        trailer = data[data.index(b"trailer", place) : data.index(b"startxref", place)]
        previous = re.search(rb"/Prev\s+(\d+)", trailer)
        place = int(previous.group(1)) if previous else None
    return offsets


def _section(data: bytes, place: int) -> Iterator[tuple[int, int]]:
    text = data[place + 4 : data.index(b"trailer", place)]
    head = re.compile(rb"\s*(\d+) (\d+)\s+")
    at = 0
    while found := head.match(text, at):
        first, count = int(found.group(1)), int(found.group(2))
        for number in range(first, first + count):
            start = found.end() + (number - first) * 20  # ISO 32000-1, 7.5.4: entries of 20 bytes
            entry = ENTRY.match(text, start)
            if entry is None:
                raise UnreadableError("a broken cross-reference entry")
            if entry.group(3) == b"n":
                yield number, int(entry.group(1))
        at = found.end() + count * 20
