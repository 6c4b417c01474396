"""What letters share: the office's head and the word SPESIMEN, each drawn once into a form of its own."""

from reportlab.lib.colors import Color
from reportlab.lib.units import mm

from .canvas import LetterCanvas
from .fonts import LetterFonts
from .layout import FontRole, LetterLayout, Sheet
from .single import SingleLine, set_single

SPECIMEN: str = "specimen"
LEADING = 1.22


def set_letterhead(
    lines: tuple[str, ...], layout: LetterLayout, fonts: LetterFonts, sheet: Sheet
) -> tuple[SingleLine, ...]:
    """Give each line of the head its size: the layout's, or smaller where it would leave the sheet.

    Raises:
        LetterOverflowError: a line is too long even so.
    """
    style = layout.letterhead
    shapes: list[tuple[FontRole, float]] = [("bold", style.government), ("bold", style.office)]
    shapes += [("regular", style.address)] * (len(lines) - len(shapes))
    return tuple(
        set_single("letterhead", text, role, size, sheet.text_width, fonts)
        for text, (role, size) in zip(lines, shapes, strict=True)
    )


def letterhead_height(lines: tuple[SingleLine, ...], layout: LetterLayout) -> float:
    """Return the height of the head with its double line, in points."""
    return sum(line.size for line in lines) * LEADING + (layout.letterhead.gap + 1.5) * mm


def draw_letterhead(
    canvas: LetterCanvas, name: str, lines: tuple[SingleLine, ...], layout: LetterLayout, sheet: Sheet
) -> None:
    """Draw the head into a form: centred lines over a thick and a thin line."""
    canvas.beginForm(name, 0, 0, sheet.width, sheet.height)
    y = sheet.top
    for line in lines:
        y -= line.size * LEADING
        base = y + line.size * (LEADING - 1)
        canvas.write_centred(line.text, (sheet.left + sheet.right) / 2, base, line.role, line.size)
    y -= layout.letterhead.gap * mm
    for width, below in ((layout.letterhead.thick, 0.0), (layout.letterhead.thin, 0.8 * mm)):
        canvas.setLineWidth(width)
        canvas.line(sheet.left, y - below, sheet.right, y - below)
    canvas.endForm()


def draw_specimen(canvas: LetterCanvas, layout: LetterLayout, sheet: Sheet) -> None:
    """Draw the word across the sheet into a form."""
    style = layout.specimen
    canvas.beginForm(SPECIMEN, 0, 0, sheet.width, sheet.height)
    canvas.setFillColor(Color(*style.colour))
    canvas.translate(sheet.width / 2, sheet.height / 2)
    canvas.rotate(style.turn)
    canvas.write_centred(style.word, 0, -style.size / 3, "bold", style.size)
    canvas.endForm()
