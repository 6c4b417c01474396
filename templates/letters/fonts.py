"""The fonts of the letter: checked files, cut once to what letters use, embedded by ReportLab's rules."""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import FF_NONSYMBOLIC, FF_SYMBOLIC, SUBSETN, TTFError, TTFont

from templates.characters import unwritable_reason

from .document import LetterDocument
from .errors import LetterGlyphError, MaterialError
from .layout import FontRole, LetterLayout, Material

NAMES: Final[dict[FontRole, str]] = {"regular": "Letter-Regular", "bold": "Letter-Bold"}
UNITS: Final = 1000  # ISO 32000-1, 9.2.4: glyph space of a TrueType font in PDF
MOST_LINES: Final = 100  # of one block of a character map (Adobe technical note 5014, CMap and CIDFont files)


def find_material(material: Material, folders: Iterable[Path]) -> bytes:
    """Read a file of the layout from the first folder, or a folder one level below, that has it.

    Raises:
        MaterialError: it is nowhere, cannot be read, or is not the one that the layout was made with.
    """
    for top in folders:
        for path in (top / material.file, *sorted(top.glob(f"*/{material.file}"))):
            if path.is_file():
                return _checked(material, path)
    raise MaterialError(material.file, "it is in none of the folders")


def _checked(material: Material, path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MaterialError(material.file, str(error.strerror)) from error
    actual = hashlib.sha256(data).hexdigest()
    if actual != material.sha256:
        raise MaterialError(material.file, f"SHA-256 {actual}, the layout was made with {material.sha256}")
    return data


class LetterFont(TTFont):
    """A TrueType font whose cut-out is made once for all documents.

    ReportLab puts the characters of ASCII into the first cut-out of every document and others as they come,
    so nearly all documents share one: it is kept, compressed.
    """

    def __init__(self, plain: TTFont) -> None:
        """Take over what ReportLab has read, for reading a font takes as long as the rest of a letter."""
        vars(self).update(vars(plain))
        self.face = copy(plain.face)  # it has a place in the file, which is moved while a cut-out is made
        self.state = WeakKeyDictionary()  # of each document
        self.characters = frozenset(chr(code) for code in self.face.charToGlyph)
        self._lengths = {character: self._thousandths(ord(character)) for character in self.characters}
        self._files: dict[tuple[int, ...], bytes] = {}
        self._maps: dict[tuple[int, ...], bytes] = {}

    def _thousandths(self, code: int) -> float:
        """Return the width of a character in thousandths of an em."""
        return float(self.face.getCharWidth(code))  # type: ignore[no-untyped-call]

    def length(self, text: str) -> float:
        """Return the length of a text of this font's characters, in em."""
        return sum(map(self._lengths.__getitem__, text)) / UNITS

    def begin(self, doc: LetterDocument) -> str:
        """Make the font known to a document and return the name of its first cut-out there."""
        self.splitString(" ", doc)
        return str(self.getSubsetInternalName(0, doc))

    def addObjects(self, doc: LetterDocument) -> None:  # noqa: N802  # ReportLab's name
        """Put the document's cut-outs into it: font, descriptor, program and character map."""
        state = self.state[doc]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            name = self.getSubsetInternalName(number, doc)[1:]
            doc.fonts[name] = f"{self._add_font(doc, number, tuple(subset))} 0 R"
        del self.state[doc]

    def _add_font(self, doc: LetterDocument, number: int, subset: tuple[int, ...]) -> int:
        # ISO 32000-1, 9.6.4: six capitals and a plus sign before the name of a cut-out
        base = (SUBSETN(number) + b"+" + self.face.name).decode("ascii")
        widths = b" ".join(b"%d" % round(self._thousandths(code)) for code in subset)
        descriptor = doc.add(self._descriptor(base, doc.add(self._program(subset))))
        characters = doc.add(self._character_map(base, subset))
        # Symbolic, no Encoding, one (1,0) cmap: ISO 19005-2, 6.2.11.6
        head = f"<</Type/Font/Subtype/TrueType/BaseFont/{base}/FirstChar 0/LastChar {len(subset) - 1}"
        links = b"/Widths[%b]/FontDescriptor %d 0 R/ToUnicode %d 0 R>>" % (widths, descriptor, characters)
        return doc.add(head.encode("ascii") + links)

    def _descriptor(self, base: str, program: int) -> bytes:
        face = self.face
        flags = face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC
        box = " ".join(f"{side:g}" for side in face.bbox)
        entries = {
            "Ascent": face.ascent,
            "Descent": face.descent,
            "CapHeight": face.capHeight,
            "ItalicAngle": face.italicAngle,
            "StemV": face.stemV,
            "MissingWidth": face.defaultWidth,
        }
        numbers = "".join(f"/{key} {value:g}" for key, value in entries.items())
        head = f"<</Type/FontDescriptor/FontName/{base}/Flags {flags}/FontBBox[{box}]{numbers}"
        return f"{head}/FontFile2 {program} 0 R>>".encode("ascii")

    def _program(self, subset: tuple[int, ...]) -> bytes:
        if subset not in self._files:
            file = self.face.makeSubset(list(subset))
            self._files[subset] = packed_stream(file, f"/Length1 {len(file)}")
        return self._files[subset]

    def _character_map(self, base: str, subset: tuple[int, ...]) -> bytes:
        if subset not in self._maps:
            self._maps[subset] = packed_stream(self._listed(base, subset).encode("ascii"))
        return self._maps[subset]

    def _listed(self, base: str, subset: Sequence[int]) -> str:
        known = [
            f"<{code:02X}> <{character:04X}>"
            for code, character in enumerate(subset)
            if character in self.face.charToGlyph
        ]
        blocks = [known[start : start + MOST_LINES] for start in range(0, len(known), MOST_LINES)]
        lines = [line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")]
        return _CHARACTER_MAP.format(base=base, lines="\n".join(lines))


# ISO 32000-1, 9.10.3, example 2
_CHARACTER_MAP: Final = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /{base} def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
{lines}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def packed_stream(content: bytes, entries: str = "", level: int = -1) -> bytes:
    """Return a compressed stream object. The document sets the line end before `endstream`."""
    packed = zlib.compress(content, level)
    head = f"<</Length {len(packed)}{entries}/Filter/FlateDecode>>\nstream\n".encode("ascii")
    return head + packed + b"endstream\n"


class LetterFonts:
    """The fonts by role, each proven to be the file that the layout was made with.

    Attributes:
        characters: what may be written and has a glyph in every font.
    """

    def __init__(self, fonts: dict[FontRole, LetterFont]) -> None:
        self._fonts = fonts
        common = frozenset.intersection(*(font.characters for font in fonts.values()))
        self.characters = frozenset(character for character in common if not unwritable_reason(character))

    @classmethod
    def load(cls, layout: LetterLayout, folders: Iterable[Path]) -> "LetterFonts":
        """Read the fonts and tell ReportLab, which keeps them by name.

        Raises:
            MaterialError: a font is absent, is another file, or is none.
        """
        places = list(folders)
        fonts: dict[FontRole, LetterFont] = {}
        for role, material in layout.fonts.items():
            content = find_material(material, places)
            try:
                plain = TTFont(NAMES[role], BytesIO(content), asciiReadable=1)
            except TTFError as error:
                raise MaterialError(material.file, str(error)) from error
            fonts[role] = LetterFont(plain)
            # ReportLab gives the first font of a typeface to every later name of it: reports of this process
            # get this one, and a letter's own font can be written into nothing but a letter.
            pdfmetrics.registerFont(plain)
        return cls(fonts)

    def __getitem__(self, role: FontRole) -> LetterFont:
        return self._fonts[role]

    def width(self, text: str, role: FontRole, size: float) -> float:
        """Return how long a text is, in points. There is no kerning: widths add up."""
        return self._fonts[role].length(text) * size

    def check(self, field: str, text: str) -> None:
        """See whether every character may be written and has a glyph in every font.

        Raises:
            LetterGlyphError: names the field and the first character that cannot be shown.
        """
        if not self.characters.issuperset(text):
            character = next(one for one in text if one not in self.characters)
            reason = unwritable_reason(character) or "a font of the letter has no glyph for it"
            raise LetterGlyphError(field, character, reason)
