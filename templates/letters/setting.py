"""The shrink-and-wrap rule: at which size the text of a letter fits its sheet, and where its lines break.

1. The whole text has one size. `body.size` is tried first, then smaller in steps of `body.step` down to
   `body.smallest`; the first at which everything fits above the strip is taken.
2. A particular that is little too long for its line is made smaller by itself, down to `rows.squeeze`.
3. One that is longer is wrapped at its blanks, and inside a word where the word alone exceeds the line.
4. Otherwise `LetterOverflowError`. Nothing is clipped.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

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


class Words(NamedTuple):
    """The sentences of a letter that are not the same in every one."""

    opening: str
    facts: tuple[str, str]
    validity: str

    @classmethod
    def of(cls, values: LetterValues) -> "Words":
        """Those of a letter."""
        return cls(texts.opening(values), (texts.RECORDED, texts.registered(values)), texts.validity(values))


@dataclass(frozen=True)
class Sentences:
    """What a letter says in whole sentences, in lines. `facts` are the two numbered facts."""

    opening: Paragraph
    facts: tuple[Paragraph, ...]
    validity: Paragraph
    closing: Paragraph

    @property
    def lines(self) -> int:
        """How many lines they are together."""
        return sum(map(len, (self.opening, *self.facts, self.validity, self.closing)))


@dataclass(frozen=True)
class SetText:
    """The text of a letter at the size that fits, in lines.

    `position` is what stands above the seal, `signer` what stands below.
    """

    size: float
    leading: float
    sentences: Sentences
    rows: tuple[SetRow, ...]
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
    _lines: dict[tuple[str, float, float], tuple[str, ...]] = field(default_factory=dict, repr=False)

    def set_text(self, values: LetterValues, rows: texts.Rows, room: float) -> SetText:
        """Return the text at the largest size that needs no more than `room` points of height.

        Raises:
            LetterOverflowError: it does not fit at the smallest size.
        """
        body, words = self.layout.body, Words.of(values)
        steps = round((body.size - body.smallest) / body.step)
        for step in range(steps + 1):
            size = body.size - step * body.step
            sentences = self._sentences(words, size)
            if self._least_height(values, rows, sentences, size) > room:
                continue  # most of the work is saved where no letter of the office fits
            made = self._at(values, rows, sentences, size)
            if self.height(made) <= room:
                return made
        raise LetterOverflowError("text", "it does not fit at the smallest size")

    def _sentences(self, words: Words, size: float) -> Sentences:
        width, indent = self.sheet.text_width, self.layout.rows.indent * mm
        return Sentences(
            opening=self._paragraph(words.opening, width, size),
            facts=tuple([self._paragraph(fact, width - 2 * indent, size) for fact in words.facts]),
            validity=self._paragraph(words.validity, width, size),
            closing=self._paragraph(texts.CLOSING, width, size),
        )

    def _at(self, values: LetterValues, rows: texts.Rows, sentences: Sentences, size: float) -> SetText:
        wide = self.layout.signature.width * mm
        return SetText(
            size=size,
            leading=size * self.layout.body.leading,
            sentences=sentences,
            rows=tuple(self._row(label, value, size) for _field, label, value in rows),
            position=tuple(
                part for line in values.signer.position.splitlines() for part in self.lines(line, wide, size)
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

    def lines(self, text: str, width: float, size: float) -> tuple[str, ...]:
        """Break a text that is of no holder into lines."""
        key = (text, width, size)
        if key not in self._lines:
            self._lines[key] = break_lines(text, width, self.measure(size))
        return self._lines[key]

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
        lines = text.sentences.lines + sum(len(row.lines) for row in text.rows)
        signers = 1 + len(text.position) + len(text.signer)
        return self._height(lines, len(text.rows), signers, text.leading)

    def _least_height(
        self, values: LetterValues, rows: texts.Rows, sentences: Sentences, size: float
    ) -> float:
        """The height that the text has at a size if no particular and no line of the signer is broken."""
        lines = sentences.lines + len(rows)
        signers = 1 + len(values.signer.position.splitlines()) + len(texts.signer_lines(values))
        return self._height(lines, len(rows), signers, size * self.layout.body.leading)

    def _height(self, lines: int, rows: int, signers: int, leading: float) -> float:
        gaps = self.layout.body.between * 5 + self.layout.rows.above * rows  # see `LetterPage.draw`
        return (lines + 1) * leading + gaps * mm + self._signature_height(signers, leading)

    def _signature_height(self, lines: int, leading: float) -> float:
        """The height of the signer's block or of the photo beside it, whichever is more, in points."""
        signature, photo = self.layout.signature, self.layout.photo
        block = lines * leading + signature.seal * mm
        return max(block, (photo.height + photo.beneath) * mm) + signature.above * mm
