"""The structure of a document: what a screen reader reads, in its order (ISO 32000-1, 14.7 and 14.8)."""

from collections.abc import Iterable
from typing import NamedTuple

from reportlab.pdfbase.pdfdoc import PDFString

from .document import LetterDocument


class Tag(NamedTuple):
    """One piece of a page: its standard structure type, and a text for what is no text itself."""

    kind: str
    alternative: str = ""
    actual_text: str = ""


class Structure:
    """The structure tree, written page by page. Each letter is a `Sect` below the one `Document`."""

    def __init__(self, document: LetterDocument) -> None:
        self._document = document
        self._root = document.reserve()
        self._top = document.reserve()
        self._letters: list[int] = []
        self._parents: list[int] = []
        self._entries: dict[Tag, bytes] = {}

    def next_page(self) -> int:
        """Return the key of the next page in the parent tree (`StructParents`)."""
        return len(self._parents)

    def add_letter(self, page: int, tags: list[Tag]) -> None:
        """Write the elements of a page whose marked content is numbered in the order of `tags`."""
        document = self._document
        letter = document.reserve()
        link = b"%d 0 R/Pg %d 0 R" % (letter, page)
        numbers = document.add_small(
            [
                b"<</Type/StructElem/P %b/K %d%b>>" % (link, order, self._entries_of(tag))
                for order, tag in enumerate(tags)
            ]
        )
        kids = _references(numbers)
        document.write(letter, b"<</Type/StructElem/S/Sect/P %d 0 R/K[%b]>>" % (self._top, kids))
        self._letters.append(letter)
        self._parents.append(document.add(b"[%b]" % kids))

    def finish(self) -> bytes:
        """Write the root and return the catalog's entries."""
        document = self._document
        document.write(
            self._top,
            b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (self._root, _references(self._letters)),
        )
        pairs = b" ".join(b"%d %d 0 R" % pair for pair in enumerate(self._parents))
        document.write(
            self._root,
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree<</Nums[%b]>>/ParentTreeNextKey %d>>"
            % (self._top, pairs, len(self._parents)),
        )
        return b"/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>" % self._root

    def _entries_of(self, tag: Tag) -> bytes:
        """What a tag says of itself. It is kept: nearly all letters have the same, and no holder's words."""
        known = self._entries.get(tag)
        if known is None:
            known = self._entries[tag] = b"/S/%b" % tag.kind.encode() + self._words(tag)
        return known

    def _words(self, tag: Tag) -> bytes:
        words = b""
        if tag.alternative:
            words += b"/Alt" + PDFString(tag.alternative).format(self._document)
        if tag.actual_text:
            words += b"/ActualText" + PDFString(tag.actual_text).format(self._document)
        return words


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
