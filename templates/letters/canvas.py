"""ReportLab's canvas with what it lacks: marked content, codes as paths, pages that leave memory at once."""

from collections.abc import Callable, Iterable
from typing import BinaryIO, Final

import numpy as np
from reportlab.pdfgen.canvas import Canvas

from .codes import Modules
from .document import LetterDocument
from .fonts import NAMES, LetterFonts, packed_stream
from .layout import FontRole, Sheet
from .metadata import Conformance
from .photo import Photo
from .tags import Structure, Tag

PHOTO: Final = "Photo"  # the name of a page's only picture
QUICK: Final = 1  # zlib: half the time of its usual level, for half a kilobyte more
ESCAPES: Final = (("\\", "\\\\"), ("(", "\\("), (")", "\\)"), ("\r", "\\r"), ("\n", "\\n"))


class LetterCanvas(Canvas):
    """Draws letters, one to a page. Lengths in points from the lower left corner."""

    def __init__(self, target: BinaryIO, fonts: LetterFonts, conformance: Conformance) -> None:
        # Another first font would be named on every page without being embedded.
        super().__init__(target, pageCompression=1, invariant=1, initialFontName=NAMES["regular"])  # type: ignore[arg-type]  # the stub asks for a number
        self.fonts = fonts
        self._doc = self.document = LetterDocument(target, conformance.minor_version)
        self.structure = Structure(self.document)
        # The first cut-out of a font holds ASCII under its own codes, from the beginning of a document on.
        self._ascii_fonts: dict[FontRole, str] = {role: fonts[role].begin(self.document) for role in NAMES}
        self._tags: list[Tag] = []
        self._objects: dict[str, int] = {}
        self._marked = _Marked(self._put)

    def _put(self, text: str) -> None:
        """Put operators into the page as they are; ReportLab's own way asks first how."""
        self._code.append(text)  # type: ignore[attr-defined]  # ReportLab's stub leaves it out

    def tagged(self, kind: str, *, alternative: str = "", actual_text: str = "") -> "_Marked":
        """Make what is drawn inside one element of the structure, in reading order."""
        # ISO 32000-1, 14.7.4.2: marked content with an identifier that is unique on its page
        self._put(f"/{kind} <</MCID {len(self._tags)}>> BDC")
        self._tags.append(Tag(kind, alternative, actual_text))
        return self._marked

    def artifact(self) -> "_Marked":
        """Make what is drawn inside decoration, which a screen reader leaves out (ISO 32000-1, 14.8.2.2)."""
        self._put("/Artifact BMC")
        return self._marked

    def write_line(
        self, text: str, x: float, y: float, role: FontRole, size: float, word_space: float = 0
    ) -> None:
        """Write one line from a point on its base line, its blanks wider by `word_space`."""
        shown = self._shown(text, role, size)
        if word_space:
            shown = f"{word_space:.3f} Tw {shown} 0 Tw"
        self._put(f"BT {x:.2f} {y:.2f} Td {shown} ET")

    def write_pieces(self, pieces: Iterable[tuple[str, float, float]], y: float, role: FontRole) -> None:
        """Write texts of one line, each with its place from the left and its size."""
        shown, before = "", 0.0
        for text, x, size in pieces:
            # ISO 32000-1, 9.4.2: Td moves from where the last piece began
            shown += f"{x - before:.2f} {0 if shown else y:.2f} Td {self._shown(text, role, size)} "
            before = x
        self._put(f"BT {shown}ET")

    def _shown(self, text: str, role: FontRole, size: float) -> str:
        if text.isascii():
            return f"{self._ascii_fonts[role]} {size:.3f} Tf ({_escaped(text)}) Tj"
        return self._beyond_ascii(text, role, size)

    def _beyond_ascii(self, text: str, role: FontRole, size: float) -> str:
        font = self.fonts[role]
        return " ".join(
            f"{font.getSubsetInternalName(subset, self.document)} {size:.3f} Tf "
            f"({_escaped(codes.decode('latin-1'))}) Tj"
            for subset, codes in font.splitString(text, self.document)
        )

    def write_centred(self, text: str, x: float, y: float, role: FontRole, size: float) -> None:
        """Write one line around the middle of its base line."""
        self.write_line(text, x - self.fonts.width(text.rstrip(), role, size) / 2, y, role, size)

    def write_right(self, text: str, x: float, y: float, role: FontRole, size: float) -> None:
        """Write one line that ends at a point."""
        self.write_line(text, x - self.fonts.width(text.rstrip(), role, size), y, role, size)

    def rule(self, left: float, right: float, y: float, width: float) -> None:
        """Draw a level black line."""
        self._put(f"{width:.2f} w {left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S")

    def stamp_modules(self, code: Modules, x: float, y: float, width: float, height: float) -> None:
        """Stamp the dark modules of a code into a rectangle whose lower left corner is given.

        A mask of one bit a module: a device gives each dot to the module at its centre, while the edges of a
        filled path may grow by a dot (ISO 32000-1, 10.6.5), which a narrow bar does not forgive.
        """
        # a bit of 0 is what a mask paints (ISO 32000-1, 8.9.6.2), and each row begins with a byte of its own
        dots = np.frombuffer(b"".join(code.rows), np.uint8).reshape(code.height, code.width)
        bits = np.packbits(dots, axis=1).tobytes().hex()
        self._put(
            f"q {width:.3f} 0 0 {height:.3f} {x:.3f} {y:.3f} cm\n"
            f"BI /IM true /BPC 1 /W {code.width} /H {code.height} /F /AHx ID {bits}> EI Q"
        )

    def place_photo(self, photo: Photo, x: float, y: float, width: float, height: float) -> None:
        """Fill a frame with a photo. What does not fit is cut off at both sides, or mostly at the foot."""
        scale = max(width / photo.width, height / photo.height)
        wide, high = photo.width * scale, photo.height * scale
        left, bottom = x - (wide - width) / 2, y - (high - height) * 3 / 4  # heads stand high in a portrait
        self._objects[PHOTO] = self.document.add(
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8"
            b"/Filter/DCTDecode/Length %d>>\nstream\n%bendstream\n"
            % (photo.width, photo.height, len(photo.jpeg), photo.jpeg)
        )
        self._put(
            f"q {x:.3f} {y:.3f} {width:.3f} {height:.3f} re W n "
            f"{wide:.3f} 0 0 {high:.3f} {left:.3f} {bottom:.3f} cm /{PHOTO} Do Q"
        )

    def doForm(self, name: str) -> None:  # noqa: N802  # ReportLab's name
        """Paint a form that was written out."""
        super().doForm(name)
        known = self.document.getXObjectName(name)
        self._objects[known] = self.document.number_of(known)

    def endForm(self, **entries: object) -> None:  # noqa: N802  # ReportLab's name
        """Write the form out."""
        super().endForm(**entries)
        self.document.flush()

    def finish_letter(self, sheet: Sheet) -> None:
        """Write the page out, with its structure."""
        document = self.document
        content = document.add(packed_stream(self.getCurrentPageContent().encode("latin-1"), level=QUICK))
        objects = "".join(f"/{name} {number} 0 R" for name, number in self._objects.items())
        fonts = document.number_of("BasicFonts")
        entries = (
            f"/MediaBox[0 0 {sheet.width:.3f} {sheet.height:.3f}]/Contents {content} 0 R"
            f"/Resources<</Font {fonts} 0 R/XObject<<{objects}>>>>"
            f"/StructParents {self.structure.next_page()}/Tabs/S"
        )
        self.structure.add_letter(document.add_page(entries.encode("ascii")), self._tags)
        self._tags, self._objects = [], {}
        self._startPage()  # type: ignore[attr-defined]  # ReportLab's stub leaves it out


class _Marked:
    """Marked content that was begun: ends with the block. One serves a document: none lies in another."""

    def __init__(self, put: Callable[[str], None]) -> None:
        self._put = put

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_error: object) -> None:
        self._put("EMC")


def _escaped(text: str) -> str:
    """Escape what a literal string cannot hold as it is: ISO 32000-1, 7.3.4.2."""
    if "(" not in text and ")" not in text and "\\" not in text and "\r" not in text and "\n" not in text:
        return text
    for character, escape in ESCAPES:
        text = text.replace(character, escape)
    return text
