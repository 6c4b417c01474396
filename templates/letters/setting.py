"""The shrink-and-wrap rule: at which size the text of a letter fits its sheet, and where its lines break.

1. The whole text has one size. `body.size` is tried first, then smaller in steps of `body.step` down to
   `body.smallest`; the first at which everything fits above the strip is taken.
2. A particular that is little too long for its line is made smaller by itself, down to `rows.squeeze`.
3. One that is longer is wrapped at its blanks, and inside a word where the word alone exceeds the line.
4. Otherwise `LetterOverflowError`. Nothing is clipped.
"""

from dataclasses import dataclass, field
from functools import partial

from reportlab.lib.units import mm

from . import texts
from .errors import LetterOverflowError
from .fonts import LetterFonts
from .layout import FontRole, LetterLayout, Sheet
from .lines import Measure, Paragraph, break_lines, set_paragraph
from .single import SingleLine, set_single
from .values import LetterValues


@dataclass(frozen=True)
class SetRow:
    """One particular: its label, its lines, and their size in points. A trace does not show the lines."""

    label: str
    lines: tuple[str, ...] = field(repr=False)
    size: float


@dataclass(frozen=True)
class SetText:
    """The text of a letter at the size that fits, in lines.

    `facts` are the two numbered facts. `position` is what stands above the seal, `signer` what stands below.
    """

    size: float
    leading: float
    opening: Paragraph
    rows: tuple[SetRow, ...]
    facts: tuple[Paragraph, ...]
    validity: Paragraph
    closing: Paragraph
    place_and_date: SingleLine
    position: tuple[str, ...]
    signer: tuple[SingleLine, ...]


@dataclass(frozen=True)
class Setter:
    """Sets the text of letters for one sheet. The sentences, which hold no person's data, are kept."""

    layout: LetterLayout
    fonts: LetterFonts
    sheet: Sheet
    _paragraphs: dict[tuple[str, float, float], Paragraph] = field(default_factory=dict, repr=False)

    def set_text(self, values: LetterValues, rows: texts.Rows, room: float) -> SetText:
        """Return the text at the largest size that needs no more than `room` points of height.

        Raises:
            LetterOverflowError: it does not fit at the smallest size.
        """
        body = self.layout.body
        steps = round((body.size - body.smallest) / body.step)
        for step in range(steps + 1):
            made = self._at(values, rows, body.size - step * body.step)
            if self.height(made) <= room:
                return made
        raise LetterOverflowError("text", "it does not fit at the smallest size")

    def _at(self, values: LetterValues, rows: texts.Rows, size: float) -> SetText:
        width, indent = self.sheet.text_width, self.layout.rows.indent * mm
        facts = (texts.RECORDED, texts.registered(values))
        wide = self.layout.signature.width * mm
        return SetText(
            size=size,
            leading=size * self.layout.body.leading,
            opening=self._paragraph(texts.opening(values), width, size),
            rows=tuple(self._row(label, value, size) for _field, label, value in rows),
            facts=tuple(self._paragraph(fact, width - 2 * indent, size) for fact in facts),
            validity=self._paragraph(texts.validity(values), width, size),
            closing=self._paragraph(texts.CLOSING, width, size),
            position=tuple(
                part
                for line in values.signer.position.splitlines()
                for part in break_lines(line, wide, self.measure(size))
            ),
            place_and_date=self._single("town", texts.place_and_date(values), "regular", size),
            signer=tuple(
                self._single("signer", line, role, size) for line, role in texts.signer_lines(values)
            ),
        )

    def _paragraph(self, text: str, width: float, size: float) -> Paragraph:
        key = (text, width, size)
        if key not in self._paragraphs:
            self._paragraphs[key] = set_paragraph(text, width, self.measure(size))
        return self._paragraphs[key]

    def _single(self, name: str, text: str, role: FontRole, size: float) -> SingleLine:
        return set_single(name, text, role, size, self.layout.signature.width * mm, self.fonts)

    def _row(self, label: str, value: str, size: float) -> SetRow:
        rows = self.layout.rows
        width = self.sheet.text_width - (rows.indent + rows.label + rows.colon) * mm
        full = self.fonts.width(value, "regular", size)
        if full <= width:
            return SetRow(label, (value,), size)
        if full * rows.squeeze <= width:
            return SetRow(label, (value,), size * width / full)
        return SetRow(label, break_lines(value, width, self.measure(size)), size)

    def measure(self, size: float, role: FontRole = "regular") -> Measure:
        """Return what measures a text at a size."""
        return partial(self.fonts.width, role=role, size=size)

    def height(self, text: SetText) -> float:
        """Return the height from the opening sentence to the last line of the signer, in points."""
        body, rows = self.layout.body, self.layout.rows
        paragraphs = (text.opening, *text.facts, text.validity, text.closing)
        lines = sum(map(len, paragraphs)) + 1 + sum(len(row.lines) for row in text.rows)
        gaps = body.between * 5 + rows.above * len(text.rows)  # see `LetterPage.draw`
        return lines * text.leading + gaps * mm + self.signature_height(text)

    def signature_height(self, text: SetText) -> float:
        """Return the height of the signer's block or of the photo beside it, whichever is more, in points."""
        signature, photo = self.layout.signature, self.layout.photo
        block = (1 + len(text.position) + len(text.signer)) * text.leading + signature.seal * mm
        return max(block, (photo.height + photo.beneath) * mm) + signature.above * mm
