"""A PDF document that is written while it grows, so that ten thousand letters need no more memory than one.

ReportLab's document keeps every object until the end. This one writes an object as soon as it is complete and
forgets it. It also ends every stream as ISO 19005-2, 6.1.7.1 asks, which ReportLab does not do.
"""

import hashlib
from array import array
from collections.abc import Sequence
from typing import BinaryIO, Final

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFObject

HEADER: Final = b"%%PDF-1.%d\n%%\xe2\xe3\xcf\xd3\n"  # ISO 19005-2, 6.1.2: four bytes above 127 in a comment
STREAM_END: Final = b"endstream\n"
XREF_LINES: Final = 10_000  # written at a time


class LetterDocument(PDFDocument):
    """ReportLab's document over an open file. Objects have generation 0, as all of ReportLab's.

    Attributes:
        fonts: the dictionary of fonts that all pages share.
        pages_number: the object number of the page tree.
    """

    Pages: PDFObject  # the stub leaves it out

    def __init__(self, target: BinaryIO, minor_version: int) -> None:
        super().__init__(compression=1, invariant=1, pdfVersion=(1, minor_version))
        self._target = target
        self._offset = 0
        self._offsets = array("Q")
        self._digest = hashlib.blake2b(digest_size=16)
        self._pages = array("Q")
        self._put(HEADER % minor_version)
        self.idToObject["BasicFonts"] = self.fonts = PDFDictionary({})
        self.Reference(self.Pages, "Pages")  # type: ignore[no-untyped-call]
        self.pages_number = self.number_of("Pages")
        # The dictionary of fonts fills to the last page, the page tree is written by `finish`.
        self._held = {"Pages", "BasicFonts"}

    def number_of(self, name: str) -> int:
        """Return the number of an object that ReportLab knows by a name."""
        return int(self.idToObjectNumberAndVersion[name][0])

    def reserve(self) -> int:
        """Return the number of an object that will be written later."""
        self.objectcounter += 1
        return int(self.objectcounter)

    def write(self, number: int, body: bytes) -> None:
        """Write an object whose number was reserved."""
        if body.endswith(STREAM_END):
            body = body[: -len(STREAM_END)] + b"\nendstream"
        if (missing := number + 1 - len(self._offsets)) > 0:
            self._offsets.extend([0] * missing)
        self._offsets[number] = self._offset
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def add(self, body: bytes) -> int:
        """Write an object and return its number."""
        number = self.reserve()
        self.write(number, body)
        return number

    def add_small(self, bodies: Sequence[bytes]) -> range:
        """Write several objects that are no streams, and return their numbers."""
        numbers = range(self.objectcounter + 1, self.objectcounter + 1 + len(bodies))
        self.objectcounter += len(bodies)
        self._offsets.extend([0] * (numbers.stop - len(self._offsets)))
        written = [b"%d 0 obj\n%b\nendobj\n" % pair for pair in zip(numbers, bodies, strict=True)]
        offset = self._offset
        for number, text in zip(numbers, written, strict=True):
            self._offsets[number] = offset
            offset += len(text)
        self._put(b"".join(written))
        return numbers

    def flush(self) -> None:
        """Write every object that ReportLab has named and that is complete: forms and fonts."""
        # Writing an object may name others, as a font names its program.
        while waiting := [number for number, name in self.numberToId.items() if name not in self._held]:
            for number in waiting:
                known = self.idToObject[self.numberToId.pop(number)]
                self.write(number, known.format(self))  # type: ignore[attr-defined]  # the stub leaves it out

    def add_page(self, entries: bytes) -> int:
        """Write a page and return its object number. `entries` are its own beside its type and parent."""
        number = self.add(b"<</Type/Page/Parent %d 0 R%b>>" % (self.pages_number, entries))
        self._pages.append(number)
        return number

    def finish(self, entries: bytes, info: bytes) -> None:
        """Write fonts, page tree, catalog, cross-reference table and trailer.

        `entries` are the catalog's own beside its type and pages, `info` is the information dictionary.
        """
        for font in self.delayedFonts:
            font.addObjects(self)
        self._held.discard("BasicFonts")
        self.flush()
        kids = b" ".join(b"%d 0 R" % number for number in self._pages)
        self.write(self.pages_number, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self._pages), kids))
        root = self.add(b"<</Type/Catalog/Pages %d 0 R%b>>" % (self.pages_number, entries))
        self._put_end(root, self.add(info))

    def _put_end(self, root: int, info: int) -> None:
        start, size = self._offset, len(self._offsets)
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for first in range(1, size, XREF_LINES):
            self._put(
                b"".join(b"%010d 00000 n \n" % one for one in self._offsets[first : first + XREF_LINES])
            )
        # ISO 19005-2, 6.1.3: a file identifier; made from the content, so that the same letter has the same
        name = self._digest.hexdigest().encode("ascii")
        trailer = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\n" % (
            size,
            root,
            info,
            name,
            name,
        )
        self._put(trailer + b"startxref\n%d\n%%%%EOF\n" % start)

    def _put(self, data: bytes) -> None:
        self._target.write(data)
        self._digest.update(data)
        self._offset += len(data)
