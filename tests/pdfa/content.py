"""Rules about content streams: operators, resources, colours, what text is shown (ISO 19005-2, 6.2)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pikepdf

from .objects import PdfFile, Placed
from .rules import Finding

# ISO 32000-1, annex A, table A.1
OPERATORS: Final = {
    "b", "B", "b*", "B*", "BDC", "BI", "BMC", "BT", "BX", "c", "cm", "CS", "cs", "d", "d0", "d1", "Do",
    "DP", "EI", "EMC", "ET", "EX", "f", "F", "f*", "G", "g", "gs", "h", "i", "ID", "j", "J", "K", "k",
    "l", "m", "M", "MP", "n", "q", "Q", "re", "RG", "rg", "ri", "s", "S", "SC", "sc", "SCN", "scn", "sh",
    "T*", "Tc", "Td", "TD", "Tf", "Tj", "TJ", "TL", "Tm", "Tr", "Ts", "Tw", "Tz", "v", "w", "W", "W*",
    "y", "'", '"',
}  # fmt: skip
# operator to the kind of resource that its last operand names
NAMING: Final = {"Do": "/XObject", "Tf": "/Font", "gs": "/ExtGState", "sh": "/Shading"}
DEVICE: Final = {
    "rg": "/DeviceRGB",
    "RG": "/DeviceRGB",
    "g": "/DeviceGray",
    "G": "/DeviceGray",
    "k": "/DeviceCMYK",
    "K": "/DeviceCMYK",
}
SHORT_SPACES: Final = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK"}
INLINE_FILTERS: Final = {
    "/ASCIIHexDecode", "/ASCII85Decode", "/FlateDecode", "/RunLengthDecode", "/CCITTFaxDecode", "/DCTDecode",
    "/AHx", "/A85", "/Fl", "/RL", "/CCF", "/DCT",
}  # fmt: skip
INTENTS: Final = {"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"}
DEEPEST: Final = 28


@dataclass
class Shown:
    """What the streams of a file use.

    Attributes:
        codes: number of a font object to the bytes that are shown with it.
        fonts: the font objects by that number.
        spaces: device colour space to a place where it is used.
    """

    codes: dict[int, set[int]] = field(default_factory=dict)
    fonts: dict[int, pikepdf.Object] = field(default_factory=dict)
    spaces: dict[str, str] = field(default_factory=dict)


def check_content(file: PdfFile, shown: Shown) -> Iterator[Finding]:
    """Read every page and form, and note in `shown` what they use."""
    for placed in (*file.of_type("/Type", "/Page"), *file.of_type("/Subtype", "/Form")):
        yield from _Stream(placed, shown).check()


@dataclass
class _Stream:
    placed: Placed
    shown: Shown
    depth: int = 0
    font: pikepdf.Object | None = None

    def check(self) -> Iterator[Finding]:
        try:
            instructions = pikepdf.parse_content_stream(self.placed.value)
        except pikepdf.PdfError:
            yield Finding("house-filter", self.placed.where)
            return
        for instruction in instructions:
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                yield from self._inline(instruction.iimage.obj)
            else:
                yield from self._operator(str(instruction.operator), list(instruction.operands))

    def _operator(self, name: str, operands: list[pikepdf.Object]) -> Iterator[Finding]:
        where = self.placed.where
        if name not in OPERATORS:
            yield Finding("6.2.2-1", where)
        elif name in ("q", "Q"):
            self.depth += 1 if name == "q" else -1
            if self.depth > DEEPEST:
                yield Finding("6.1.13-8", where)
        elif name in DEVICE:
            self.shown.spaces.setdefault(DEVICE[name], where)
        elif name in ("cs", "CS"):
            yield from self._space(str(operands[0]))
        elif name == "ri" and str(operands[0]) not in INTENTS:
            yield Finding("6.2.6-1", where)
        elif name in NAMING:
            yield from self._resource(name, operands)
        elif name in ("Tj", "TJ", "'", '"'):
            self._text(operands[-1])
        # Black is the first colour of every page, and it is DeviceGray: ISO 32000-1, 8.4.1, table 52.
        self.shown.spaces.setdefault("/DeviceGray", where)

    def _space(self, name: str) -> Iterator[Finding]:
        if name in DEVICE.values():
            self.shown.spaces.setdefault(name, self.placed.where)
        elif name != "/Pattern" and not self._named("/ColorSpace", name):
            yield Finding("6.2.2-2", self.placed.where)

    def _resource(self, operator: str, operands: list[pikepdf.Object]) -> Iterator[Finding]:
        found = self._named(NAMING[operator], str(operands[0]))
        if found is None:
            yield Finding("6.2.2-2", self.placed.where)
        elif operator == "Tf":
            self.font = found

    def _named(self, kind: str, name: str) -> pikepdf.Object | None:
        """Look a resource up in the stream's own dictionary, not in an inherited one."""
        group = self.placed.value.get("/Resources", pikepdf.Dictionary()).get(kind, pikepdf.Dictionary())
        return group.get(name)

    def _text(self, operand: pikepdf.Object) -> None:
        if self.font is None:
            return
        number = self.font.objgen[0]
        self.shown.fonts[number] = self.font
        parts = operand if isinstance(operand, pikepdf.Array) else [operand]
        for part in parts:
            if isinstance(part, pikepdf.String):
                self.shown.codes.setdefault(number, set()).update(bytes(part))

    def _inline(self, image: pikepdf.Object) -> Iterator[Finding]:
        found = image.get("/F", image.get("/Filter", pikepdf.Array()))
        names = {str(one) for one in (found if isinstance(found, pikepdf.Array) else [found])}
        if not names <= INLINE_FILTERS:
            yield Finding("6.1.10-1", self.placed.where)
        if image.get("/I", image.get("/Interpolate", False)):
            yield Finding("6.2.8-3", self.placed.where)
        space = str(image.get("/CS", image.get("/ColorSpace", "/DeviceGray")))
        yield from self._space(SHORT_SPACES.get(space, space))
