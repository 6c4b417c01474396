"""Rules about fonts, read with fontTools (ISO 19005-2, 6.2.11)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pikepdf
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]  # the package has no types

from .content import Shown
from .objects import PdfFile, Placed, name_bytes
from .rules import Finding

KINDS: Final = {"/Type1", "/MMType1", "/TrueType", "/Type3", "/Type0", "/CIDFontType0", "/CIDFontType2"}
SYMBOLIC: Final = 4  # ISO 32000-1, table 123: bit 3
MACINTOSH: Final = (1, 0)
SYMBOL: Final = (3, 0)
SYMBOL_PAGE: Final = 0xF000


def check_fonts(file: PdfFile, shown: Shown) -> Iterator[Finding]:
    """Every font of the file, and every character that is shown with it."""
    fonts = {placed.where: placed for placed in file.dictionaries() if _is_font(placed.value)}
    for placed in fonts.values():
        yield from _dictionary(placed)
    for number, font in shown.fonts.items():
        if str(number) not in fonts:
            yield from _dictionary(Placed(str(number), font))
        yield from _characters(str(number), font, shown.codes[number])


def _is_font(value: pikepdf.Object) -> bool:
    kinds = KINDS - {"/Type3"} if "/Type" not in value else KINDS
    return str(value.get("/Type", "")) == "/Font" or (
        "/BaseFont" in value and str(value.get("/Subtype")) in kinds
    )


def _dictionary(placed: Placed) -> Iterator[Finding]:
    font, where = placed.value, placed.where
    kind = str(font.get("/Subtype", ""))
    if str(font.get("/Type", "")) != "/Font":
        yield Finding("6.2.11.2-1", where)
    if kind not in KINDS:
        yield Finding("6.2.11.2-2", where)
    elif kind != "/TrueType":
        yield Finding("house-font", where)
        if not _is_embedded(font):
            yield Finding("6.2.11.4-1", where)
        return
    if "/BaseFont" not in font:
        yield Finding("6.2.11.2-3", where)
    elif not _is_utf8(font):
        yield Finding("6.1.8-1", where)
    yield from _widths(font, where)
    if not _is_embedded(font):
        yield Finding("6.2.11.4-1", where)
    descriptor = font.get("/FontDescriptor", pikepdf.Dictionary())
    if int(descriptor.get("/Flags", 0)) & SYMBOLIC:
        if "/Encoding" in font:
            yield Finding("6.2.11.6-3", where)
    elif str(font.get("/Encoding", "")) not in ("/MacRomanEncoding", "/WinAnsiEncoding"):
        yield Finding("6.2.11.6-2", where)
    else:
        yield Finding("house-font", where)


def _is_embedded(font: pikepdf.Object) -> bool:
    descriptor = font.get("/FontDescriptor", pikepdf.Dictionary())
    return any(
        isinstance(descriptor.get(key), pikepdf.Stream) for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )


def _is_utf8(font: pikepdf.Object) -> bool:
    try:
        name_bytes(font.BaseFont).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _widths(font: pikepdf.Object, where: str) -> Iterator[Finding]:
    if "/FirstChar" not in font:
        yield Finding("6.2.11.2-4", where)
    if "/LastChar" not in font:
        yield Finding("6.2.11.2-5", where)
    count = int(font.get("/LastChar", 0)) - int(font.get("/FirstChar", 0)) + 1
    if len(font.get("/Widths", pikepdf.Array())) != count:
        yield Finding("6.2.11.2-6", where)


@dataclass(frozen=True)
class _Program:
    """An embedded TrueType font: code to glyph name, glyph name to width in thousandths."""

    glyphs: dict[int, str]
    widths: dict[str, float]
    missing: str


def _characters(where: str, font: pikepdf.Object, codes: set[int]) -> Iterator[Finding]:
    stream = font.get("/FontDescriptor", pikepdf.Dictionary()).get("/FontFile2")
    if not isinstance(stream, pikepdf.Stream):
        return
    try:
        with TTFont(BytesIO(stream.read_bytes())) as program:
            tables = {
                (table.platformID, table.platEncID): dict(table.cmap) for table in program["cmap"].tables
            }
            if len(tables) != 1 and SYMBOL not in tables:
                yield Finding("6.2.11.6-4", where)
            read = _read(program, tables)
    except (TTLibError, KeyError, AssertionError) as error:
        yield Finding("house-font", f"{where} {type(error).__name__}")
        return
    for code in sorted(codes):
        yield from _character(f"{where} code {code}", font, code, read)
    yield from _unicode(where, font, codes)


def _read(program: TTFont, tables: dict[tuple[int, int], dict[int, str]]) -> _Program:
    # ISO 32000-1, 9.6.6.4: a symbolic font is read through (3,0) with its page, or through (1,0)
    chosen = tables.get(SYMBOL) or tables.get(MACINTOSH) or {}
    units = program["head"].unitsPerEm
    widths = {name: width * 1000 / units for name, (width, _side) in program["hmtx"].metrics.items()}
    glyphs = {code & 0xFF if code >= SYMBOL_PAGE else code: name for code, name in chosen.items()}
    return _Program(glyphs, widths, program.getGlyphOrder()[0])


def _character(where: str, font: pikepdf.Object, code: int, program: _Program) -> Iterator[Finding]:
    if code not in program.glyphs:
        yield Finding("6.2.11.4-2", where)
    glyph = program.glyphs.get(code, program.missing)  # what a reader draws then: ISO 32000-1, 9.6.6.4
    if glyph == program.missing:
        yield Finding("6.2.11.8-1", where)
    widths = list(font.get("/Widths", pikepdf.Array()))
    place = code - int(font.get("/FirstChar", 0))
    width = float(widths[place]) if 0 <= place < len(widths) else -1
    if abs(width - program.widths[glyph]) > 1:  # rounded to a thousandth
        yield Finding("6.2.11.5-1", where)


def _unicode(where: str, font: pikepdf.Object, codes: set[int]) -> Iterator[Finding]:
    """Text that cannot be read out is no fault of PDF/A-2b; in a letter it is."""
    stream = font.get("/ToUnicode")
    text = stream.read_bytes() if isinstance(stream, pikepdf.Stream) else b""
    known = {
        int(pair.group(1), 16)
        for pair in re.finditer(rb"^<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]{4})>$", text, re.MULTILINE)
        if int(pair.group(2), 16)
    }
    yield from (Finding("house-unicode", f"{where} code {code}") for code in sorted(codes - known))
