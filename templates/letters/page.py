"""One page: the letter in reading order."""

from dataclasses import dataclass, field

from reportlab.lib.colors import black
from reportlab.lib.units import mm

from . import texts
from .canvas import LetterCanvas
from .layout import FontRole, LetterLayout
from .letterhead import SPECIMEN, letterhead_height
from .lines import Paragraph
from .photo import Photo
from .setting import SetRow, Setter, SetText
from .single import SingleLine
from .strip import Strip, draw_strip, strip_height
from .values import LetterValues


@dataclass(frozen=True)
class LetterPage:
    """A letter whose every line and size is settled; drawing it cannot fail."""

    values: LetterValues
    setter: Setter
    head: tuple[SingleLine, ...]
    number: SingleLine
    text: SetText
    photo: Photo = field(repr=False)
    strip: Strip = field(repr=False)

    def draw(self, canvas: LetterCanvas, letterhead: str) -> None:
        """Draw the page over the form of its letterhead, everything in the order in which it is read."""
        pen, sentences = _Pen(canvas, self.setter, self.text), self.text.sentences
        if self.values.specimen:
            with canvas.artifact():
                canvas.doForm(SPECIMEN)
        # ISO 32000-1, 14.7.4.2: a form counts as content of the marked content that paints it
        with canvas.tagged("P", actual_text=", ".join(line.text for line in self.head)):
            canvas.doForm(letterhead)
        pen.y = self.setter.sheet.top - letterhead_height(self.head, self.setter.layout)
        pen.title(texts.TITLE, self.number)
        pen.paragraph(sentences.opening)
        pen.gap(self.setter.layout.body.between)
        for row in self.text.rows:
            pen.row(row)
        pen.gap(self.setter.layout.body.between)
        pen.paragraph(((texts.INTRODUCTION, 0.0),))
        for number, fact in enumerate(sentences.facts, 1):
            pen.numbered(f"{number}.", fact)
        pen.gap(self.setter.layout.body.between)
        pen.paragraph(sentences.validity)
        pen.gap(self.setter.layout.body.between)
        pen.paragraph(sentences.closing)
        pen.gap(self.setter.layout.body.between + self.setter.layout.signature.above)
        pen.photo(self.photo)
        pen.signer(self.text.place_and_date, self.text.signer)
        draw_strip(canvas, self.strip, self.setter.layout, self.setter.sheet)
        canvas.finish_letter(self.setter.sheet)


def title_number(values: LetterValues, layout: LetterLayout) -> tuple[str, FontRole, float]:
    """Return the line below the title, its font and its size."""
    return f"Nomor: {values.number}", "regular", layout.title.number


def room_for_text(setter: Setter, head: tuple[SingleLine, ...], strip: Strip) -> float:
    """Return the height between title and strip, in points."""
    sheet, layout = setter.sheet, setter.layout
    taken = letterhead_height(head, layout) + title_height(setter) + strip_height(strip, layout)
    return sheet.top - sheet.bottom - taken


def title_height(setter: Setter) -> float:
    """Return the height of title and number with the room around them, in points."""
    title = setter.layout.title
    return (title.above + title.below) * mm + (title.size + title.number) * setter.layout.body.leading


@dataclass
class _Pen:
    """Draws down the sheet from `y`, the upper edge of what comes next."""

    canvas: LetterCanvas
    setter: Setter
    set_text: SetText
    y: float = 0

    def gap(self, height: float) -> None:
        self.y -= height * mm

    def next_line(self) -> float:
        """Go down by a line and return where its base line is."""
        self.y -= self.set_text.leading
        return self.y + (self.set_text.leading - self.set_text.size) * 0.9

    def title(self, title: str, number: SingleLine) -> None:
        layout, sheet = self.setter.layout, self.setter.sheet
        middle = (sheet.left + sheet.right) / 2
        self.gap(layout.title.above)
        self.y -= layout.title.size * layout.body.leading
        width = self.setter.fonts.width(title, "bold", layout.title.size)
        with self.canvas.tagged("H1"):
            self.canvas.write_line(title, middle - width / 2, self.y, "bold", layout.title.size)
        with self.canvas.artifact():
            self.canvas.rule(middle - width / 2, middle + width / 2, self.y - 2.4, 0.8)
        self.y -= layout.title.number * layout.body.leading
        with self.canvas.tagged("P"):
            self.single(number, middle, self.y - 1.5)
        self.gap(layout.title.below)

    def single(self, line: SingleLine, middle: float, y: float) -> None:
        """Write a line around its middle, with a blank that keeps it apart from what is read next."""
        self.canvas.write_centred(f"{line.text} ", middle, y, line.role, line.size)

    def paragraph(self, lines: Paragraph) -> None:
        with self.canvas.tagged("P"):
            self._justify(lines, self.setter.sheet.left)

    def numbered(self, number: str, lines: Paragraph) -> None:
        left, indent = self.setter.sheet.left, self.setter.layout.rows.indent * mm
        base = self.y
        with self.canvas.tagged("P"):
            self.canvas.write_line(
                f"{number} ", left + indent, self.next_line(), "regular", self.set_text.size
            )
            self.y = base
            self._justify(lines, left + 2 * indent)

    def _justify(self, lines: Paragraph, left: float) -> None:
        for line, word_space in lines:
            self.canvas.write_line(line, left, self.next_line(), "regular", self.set_text.size, word_space)

    def row(self, row: SetRow) -> None:
        rows, left = self.setter.layout.rows, self.setter.sheet.left
        label = left + rows.indent * mm
        colon = label + rows.label * mm
        value = colon + rows.colon * mm
        self.gap(rows.above)
        base = self.next_line()
        with self.canvas.tagged("P"):
            size = self.set_text.size
            first = ((f"{row.label} ", label, size), (": ", colon, size), (row.lines[0], value, row.size))
            self.canvas.write_pieces(first, base, "regular")
            for line in row.lines[1:]:
                self.canvas.write_line(line, value, self.next_line(), "regular", row.size)

    def photo(self, photo: Photo) -> None:
        style = self.setter.layout.photo
        x, width, height = self.setter.sheet.left + style.left * mm, style.width * mm, style.height * mm
        with self.canvas.tagged("Figure", alternative=texts.PHOTO):
            self.canvas.place_photo(photo, x, self.y - height, width, height)
        with self.canvas.artifact():
            self.canvas.setLineWidth(style.frame)
            self.canvas.setStrokeColor(black)
            self.canvas.rect(x, self.y - height, width, height)

    def signer(self, place_and_date: SingleLine, lines: tuple[SingleLine, ...]) -> None:
        style = self.setter.layout.signature
        middle = self.setter.sheet.right - style.width * mm / 2
        with self.canvas.tagged("P"):
            self.single(place_and_date, middle, self.next_line())
        with self.canvas.tagged("P"):
            for part in self.set_text.position:
                self.canvas.write_centred(f"{part} ", middle, self.next_line(), "regular", self.set_text.size)
        self.gap(style.seal)
        name, *rest = lines
        with self.canvas.tagged("P"):
            self.single(name, middle, base := self.next_line())
            for line in rest:
                self.single(line, middle, self.next_line())
        width = self.setter.fonts.width(name.text, name.role, name.size)
        with self.canvas.artifact():
            self.canvas.rule(middle - width / 2, middle + width / 2, base - 1.6, 0.6)
