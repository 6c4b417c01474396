"""The foot of the letter: QR code with its explanation, the NIK as barcode, the status code in the corner."""

from dataclasses import dataclass, field

from reportlab.lib.units import mm

from . import texts
from .canvas import LetterCanvas
from .codes import Modules, barcode_modules, qr_modules
from .layout import LetterLayout, Sheet
from .setting import Setter
from .values import LetterValues

LEADING = 1.25


@dataclass(frozen=True)
class Strip:
    """What stands at the foot, encoded and broken into lines."""

    qr: Modules = field(repr=False)
    barcode: Modules = field(repr=False)
    nik: str = field(repr=False)
    note: tuple[str, ...]
    status_code: str
    specimen: bool


def set_strip(values: LetterValues, setter: Setter) -> Strip:
    """Encode both codes and break the explanation into lines.

    Raises:
        LetterValueError: the QR payload is empty or too long.
    """
    qr = qr_modules(values.qr_payload)
    width = setter.sheet.text_width - _qr_box(qr, setter.layout)
    return Strip(
        qr=qr,
        barcode=barcode_modules(values.holder.nik),
        nik=values.holder.nik,
        note=setter.lines(texts.NOTE, width, setter.layout.strip.note),
        status_code=values.status_code,
        specimen=values.specimen,
    )


def strip_height(strip: Strip, layout: LetterLayout) -> float:
    """Return the height of the strip from its line to the lower margin, in points."""
    style = layout.strip
    return (style.above + style.qr * (1 + style.quiet / strip.qr.width)) * mm


def _qr_box(qr: Modules, layout: LetterLayout) -> float:
    """How far right of the margin the explanation begins: code and right quiet zone, in points."""
    return layout.strip.qr * mm * (1 + (layout.strip.quiet + 2) / qr.width)


def draw_strip(canvas: LetterCanvas, strip: Strip, layout: LetterLayout, sheet: Sheet) -> None:
    """Draw the strip at the lower margin. Two sides of the QR code's quiet zone are the sheet's margins."""
    style = layout.strip
    side = style.qr * mm
    top = sheet.bottom + side
    with canvas.artifact():
        canvas.rule(sheet.left, sheet.right, sheet.bottom + strip_height(strip, layout), 0.5)
    with canvas.tagged("Figure", alternative=texts.QR):
        canvas.stamp_modules(strip.qr, sheet.left, sheet.bottom, side, side)
    left = sheet.left + _qr_box(strip.qr, layout)
    y = top - style.note
    with canvas.tagged("P"):
        if strip.specimen:
            canvas.write_line(f"{texts.SPECIMEN_NOTE} ", left, y, "bold", style.note)
            y -= style.note * LEADING
        for line in strip.note:
            canvas.write_line(line, left, y, "regular", style.note)
            y -= style.note * LEADING
    _draw_barcode(canvas, strip, layout, sheet, left)
    _draw_status(canvas, strip, layout, sheet)


def _draw_barcode(
    canvas: LetterCanvas, strip: Strip, layout: LetterLayout, sheet: Sheet, left: float
) -> None:
    style = layout.strip
    width = strip.barcode.width * style.barcode_module * mm
    below = style.barcode_text * LEADING
    with canvas.tagged("Figure", alternative=texts.BARCODE):
        canvas.stamp_modules(strip.barcode, left, sheet.bottom + below, width, style.barcode_height * mm)
    with canvas.tagged("P"):
        canvas.write_line(strip.nik, left, sheet.bottom + 1, "regular", style.barcode_text)


def _draw_status(canvas: LetterCanvas, strip: Strip, layout: LetterLayout, sheet: Sheet) -> None:
    style = layout.strip
    above = sheet.bottom + style.status * LEADING
    with canvas.tagged("P"):
        canvas.write_right(f"{texts.STATUS} ", sheet.right, above, "regular", style.status_note)
        canvas.write_right(strip.status_code, sheet.right, sheet.bottom + 1, "bold", style.status)
