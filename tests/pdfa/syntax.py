"""Rules about bytes: header, trailer, objects, streams, limits (ISO 19005-2, 6.1)."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import pikepdf

from .objects import PdfFile, Placed, name_bytes, scalars
from .rules import Finding

HEADER: Final = re.compile(rb"%PDF-1\.[0-7](\r\n|\n|\r)(%)?(.{4})?", re.DOTALL)
OBJECT: Final = re.compile(rb"\d+[ \t\r\n\f\0]\d+[ \t\r\n\f\0]obj[\r\n]")
HEXADECIMAL: Final = re.compile(rb"(?<!<)<(?!<)([^>]*)>")
LITERAL: Final = re.compile(rb"\((?:\\.|[^\\()])*\)", re.DOTALL)
FILTERS: Final = {
    "/ASCIIHexDecode",
    "/ASCII85Decode",
    "/FlateDecode",
    "/RunLengthDecode",
    "/CCITTFaxDecode",
    "/JBIG2Decode",
    "/DCTDecode",
    "/JPXDecode",
}
LARGEST: Final = 2**31


def check_syntax(file: PdfFile) -> Iterator[Finding]:
    """Everything of clause 6.1 that is seen outside content streams."""
    yield from _ends(file)
    for number, offset in sorted(file.offsets.items()):
        yield from _object(file, number, offset)
    for placed in file.streams():
        yield from _stream(placed)
    yield from _limits(file)


def _ends(file: PdfFile) -> Iterator[Finding]:
    header = HEADER.match(file.data)
    if header is None:
        yield Finding("6.1.2-1", "header")
    elif header.group(2) is None or not header.group(3) or min(header.group(3)) <= 127:
        yield Finding("6.1.2-2", "header")
    if "/ID" not in file.pdf.trailer:
        yield Finding("6.1.3-1", "trailer")
    if "/Encrypt" in file.pdf.trailer:
        yield Finding("6.1.3-2", "trailer")
    if not re.search(rb"%%EOF(\r\n|\n|\r)?\Z", file.data):
        yield Finding("6.1.3-3", "end of file")
    for trailer in re.finditer(rb"[\r\n]trailer(.*?)startxref", file.data, re.DOTALL):
        yield from _hexadecimal(trailer.group(1), "trailer")
    for xref in re.finditer(rb"[\r\n]xref", file.data):
        if not re.match(rb"(\r\n|\n|\r)\d+ \d+\s", file.data[xref.end() : xref.end() + 40]):
            yield Finding("6.1.4-2", f"byte {xref.start()}")


def _object(file: PdfFile, number: int, offset: int) -> Iterator[Finding]:
    data = file.data
    end = data.find(b"endobj", offset)
    before = data[offset - 1 : offset]
    spaced = OBJECT.match(data, offset) and before in (b"\n", b"\r")
    closed = data[end - 1 : end] in (b"\n", b"\r") and data[end + 6 : end + 7] in (b"\n", b"\r")
    if not (spaced and closed):
        yield Finding("6.1.9-1", str(number))
    stream = re.compile(rb"stream(\r\n|\n|\r|)").search(data, offset, max(end, offset))
    yield from _hexadecimal(data[offset : stream.start() if stream else end], number)
    value = file.pdf.get_object(number, 0)
    if isinstance(value, pikepdf.Stream) and stream:
        length = int(value.stream_dict.get("/Length", -1))
        rest = data[stream.end() + length :][:12]
        if not re.match(rb"(\r\n|\n|\r)?endstream", rest):
            yield Finding("6.1.7-1", str(number))
        elif rest.startswith(b"endstream") or stream.group(1) not in (b"\r\n", b"\n"):
            yield Finding("6.1.7-2", str(number))


def _hexadecimal(text: bytes, where: object) -> Iterator[Finding]:
    for string in HEXADECIMAL.finditer(LITERAL.sub(b"()", text)):
        digits = b"".join(string.group(1).split())
        if re.search(rb"[^0-9A-Fa-f]", digits):
            yield Finding("6.1.6-2", str(where))
        elif len(digits) % 2:
            yield Finding("6.1.6-1", str(where))


def filters(value: pikepdf.Object) -> list[str]:
    """Return the names of a stream's filters."""
    found = value.get("/Filter", pikepdf.Array())
    return [str(one) for one in (found if isinstance(found, pikepdf.Array) else [found])]


def _stream(placed: Placed) -> Iterator[Finding]:
    if any(key in placed.value for key in ("/F", "/FFilter", "/FDecodeParms")):
        yield Finding("6.1.7-3", placed.where)
    names = filters(placed.value)
    if not FILTERS.issuperset(names):
        yield Finding("6.1.7-4", placed.where)
    elif "/DCTDecode" not in names:
        try:
            placed.value.read_bytes()
        except pikepdf.PdfError:
            yield Finding("house-filter", placed.where)


def _limits(file: PdfFile) -> Iterator[Finding]:
    for where, value in scalars(file):
        if isinstance(value, pikepdf.String) and len(bytes(value)) > 32767:
            yield Finding("6.1.13-3", where)
        elif isinstance(value, pikepdf.Name) and len(name_bytes(value)) > 127:
            yield Finding("6.1.13-4", where)
        elif isinstance(value, int) and not -LARGEST <= value < LARGEST:
            yield Finding("6.1.13-1", where)
        elif isinstance(value, Decimal) and abs(value) > Decimal("3.403e38"):
            yield Finding("6.1.13-2", where)
    for placed in file.of_type("/Type", "/Page"):
        for key in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
            if key in placed.value:
                left, bottom, right, top = (float(side) for side in placed.value[key])
                if not all(3 <= abs(length) <= 14400 for length in (right - left, top - bottom)):
                    yield Finding("6.1.13-11", placed.where)
