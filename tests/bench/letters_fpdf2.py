"""The same letter in fpdf2."""

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from templates.letters import texts
from templates.letters.codes import Modules
from templates.letters.values import LetterValues

FONTS: Final = Path("/usr/share/fonts/truetype/liberation")
FONT: Final = "Liberation"
LINE: Final = 5.0  # millimetres

DARK_RUN: Final = re.compile(rb"\x00+")
Codes = tuple[Modules, Modules]


def print_letters(letters: Sequence[LetterValues], codes: Sequence[Codes]) -> bytes:
    """Make a file with a page for each letter."""
    document = FPDF(format="A4")
    document.add_font(FONT, "", FONTS / "LiberationSans-Regular.ttf")
    document.add_font(FONT, "B", FONTS / "LiberationSans-Bold.ttf")
    document.set_margins(25, 13, 20)
    document.set_auto_page_break(False)
    document.set_title(texts.NAME)
    document.set_lang("id")
    for letter, pair in zip(letters, codes, strict=True):
        document.add_page()
        _head(document, letter)
        _body(document, letter)
        _signature(document, letter)
        _strip(document, letter, pair)
    return bytes(document.output())


def _centred(document: FPDF, text: str, size: float, style: str = "", height: float = LINE) -> None:
    document.set_font(FONT, style, size)
    document.cell(0, height, text, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _head(document: FPDF, letter: LetterValues) -> None:
    government, office, *rest = texts.head_lines(letter)
    _centred(document, government, 12.5, "B")
    _centred(document, office, 14.5, "B", 6)
    for line in rest:
        _centred(document, line, 9, "", 4)
    for width, y in ((0.7, 36.0), (0.2, 36.8)):
        document.set_line_width(width)
        document.line(25, y, 190, y)
    document.set_y(44)
    _centred(document, texts.TITLE, 13, "BU", 6)
    _centred(document, f"Nomor: {letter.number}", 11, "", 6)
    document.ln(4)


def _body(document: FPDF, letter: LetterValues) -> None:
    document.set_font(FONT, "", 11)
    document.multi_cell(0, LINE, texts.opening(letter), align="J", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    document.ln(2)
    for _field, label, value in texts.rows(letter):
        document.set_x(31)
        document.cell(46, LINE, label)
        document.cell(4, LINE, ":")
        document.multi_cell(0, LINE, value, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    document.ln(2)
    document.cell(0, LINE, texts.INTRODUCTION, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    for number, fact in enumerate((texts.RECORDED, texts.registered(letter)), 1):
        document.set_x(31)
        document.cell(6, LINE, f"{number}.")
        document.multi_cell(0, LINE, fact, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    for sentence in (texts.validity(letter), texts.CLOSING):
        document.ln(2)
        document.multi_cell(0, LINE, sentence, align="J", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _signature(document: FPDF, letter: LetterValues) -> None:
    document.ln(6)
    top = document.get_y()
    document.image(BytesIO(letter.holder.photo), 47, top, 30, 40)
    document.rect(47, top, 30, 40)
    above = (texts.place_and_date(letter), *letter.signer.position.splitlines())
    for line in above:
        document.set_x(108)
        document.cell(82, LINE, line, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    document.ln(20)
    for text, role in texts.signer_lines(letter):
        document.set_font(FONT, "BU" if role == "bold" else "", 11)
        document.set_x(108)
        document.cell(82, LINE, text, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _strip(document: FPDF, letter: LetterValues, codes: Codes) -> None:
    qr, barcode = codes
    module = 35 / qr.width
    for row, dots in enumerate(qr.rows):
        for start, end in map(re.Match.span, DARK_RUN.finditer(dots)):
            document.rect(25 + start * module, 252 + row * module, (end - start) * module, module, style="F")
    document.set_font(FONT, "", 7.75)
    document.set_xy(66, 252)
    document.multi_cell(0, 3.4, texts.NOTE)
    for start, end in map(re.Match.span, DARK_RUN.finditer(barcode.rows[0])):
        document.rect(66 + start * 0.33, 274, (end - start) * 0.33, 9, style="F")
    document.set_font(FONT, "", 9)
    document.set_xy(66, 283)
    document.cell(40, 4, letter.holder.nik)
    document.set_xy(160, 279)
    document.set_font(FONT, "", 7)
    document.cell(30, 3, texts.STATUS, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    document.set_xy(160, 282)
    document.set_font(FONT, "B", 15)
    document.cell(30, 5, letter.status_code, align="R")
