"""An A4 sheet with letterhead, footer and watermark, and the pieces that all reports are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer
from reportlab.platypus.doctemplate import LayoutError

from .errors import ReportError
from .fonts import BOLD, MONO, REGULAR

WIDTH, HEIGHT = A4
MARGIN = 20 * mm
FOOT = 18 * mm
CONTENT_WIDTH = WIDTH - 2 * MARGIN
OFFICE = "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"
SPECIMEN = "SPESIMEN"
PALE = Color(0.9, 0.9, 0.9)
GREY = Color(0.35, 0.35, 0.35)

TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=10, leading=14)
BODY = ParagraphStyle("body", parent=TEXT, alignment=TA_JUSTIFY, spaceAfter=6)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=8, leading=10.5)
NOTE = ParagraphStyle("note", parent=SMALL, textColor=GREY, spaceBefore=2, spaceAfter=2)
NUMBER = ParagraphStyle("number", parent=SMALL, alignment=TA_RIGHT)
SERIAL = ParagraphStyle("serial", parent=SMALL, fontName=MONO)
HEAD = ParagraphStyle("head", parent=SMALL, fontName=BOLD)
HEAD_RIGHT = ParagraphStyle("head right", parent=HEAD, alignment=TA_RIGHT)
STRONG = ParagraphStyle("strong", parent=SMALL, fontName=BOLD)
STRONG_NUMBER = ParagraphStyle("strong number", parent=NUMBER, fontName=BOLD)
SECTION = ParagraphStyle("section", parent=TEXT, fontName=BOLD, spaceBefore=10, spaceAfter=4, keepWithNext=1)
TITLE = ParagraphStyle("title", parent=TEXT, fontName=BOLD, fontSize=13, leading=17, alignment=TA_CENTER)
CENTRE = ParagraphStyle("centre", parent=TEXT, alignment=TA_CENTER)
PROVINCE = ParagraphStyle("province", parent=CENTRE, fontName=BOLD, fontSize=12, leading=15)
OFFICE_NAME = ParagraphStyle("office", parent=PROVINCE, fontSize=14, leading=18)


@dataclass(frozen=True)
class Letterhead:
    """Whose paper it is, in capitals: the regency with KABUPATEN or KOTA."""

    province: str
    regency: str


def paragraph(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph of plain text: nothing in it is markup."""
    return Paragraph(escape(text), style)


def gap(height: float = 3) -> Spacer:
    """Some room; millimetres."""
    return Spacer(1, height * mm)


class Rule(Flowable):
    """The double line under the letterhead."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Take the width that there is."""
        return available_width, 2.2 * mm

    def draw(self) -> None:
        """Draw a thick line over a thin one."""
        self.canv.setStrokeColor(black)
        self.canv.setLineWidth(1.8)
        self.canv.line(0, 1.6 * mm, CONTENT_WIDTH, 1.6 * mm)
        self.canv.setLineWidth(0.5)
        self.canv.line(0, 0.6 * mm, CONTENT_WIDTH, 0.6 * mm)


def letterhead(office: Letterhead) -> list[Flowable]:
    """The head of the first page. An office adds its address by a stamp: it is not in the settings."""
    return [
        paragraph(f"PEMERINTAH {office.regency}", PROVINCE),
        paragraph(OFFICE, OFFICE_NAME),
        paragraph(f"PROVINSI {office.province}", CENTRE),
        gap(1),
        Rule(),
        gap(4),
    ]


def title(text: str, number: str | None = None) -> list[Flowable]:
    """The title of a paper and its number."""
    under = [paragraph(f"NOMOR: {number}", CENTRE)] if number else []
    return [paragraph(text, TITLE), *under, gap(4)]


def make_document(
    story: Callable[[], Sequence[Flowable]], name: str, subject: str, *, specimen: bool
) -> bytes:
    """Set the pages twice: the second time it is known how many there are.

    Raises:
        ReportError: something is larger than a page.
    """
    _, pages = _build(story, name, subject, 0, specimen=specimen)
    return _build(story, name, subject, pages, specimen=specimen)[0]


def _build(
    story: Callable[[], Sequence[Flowable]], name: str, subject: str, pages: int, *, specimen: bool
) -> tuple[bytes, int]:
    target = BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=A4,
        title=name,
        subject=subject,
        author=OFFICE,
        creator="station",
        lang="id",
        initialFontName=REGULAR,  # else a font that is not embedded is named on every page
        invariant=1,
    )

    def decorate(canvas: Canvas, _document: BaseDocTemplate) -> None:
        if specimen:
            _watermark(canvas)
        _footer(canvas, f"{name} \u2013 {subject}", pages)

    frame = Frame(MARGIN, FOOT, CONTENT_WIDTH, HEIGHT - FOOT - 15 * mm, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate(frames=[frame], onPage=decorate)])
    try:
        document.build(list(story()))
    except LayoutError as error:
        raise ReportError("a part of it is larger than a page") from error
    return target.getvalue(), document.page


def _watermark(canvas: Canvas) -> None:
    """SPESIMEN across the page, under everything: no paper of ours passes for an office's."""
    canvas.saveState()
    canvas.setFillColor(PALE)
    canvas.setFont(BOLD, 96)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(52)
    canvas.drawCentredString(0, -34, SPECIMEN)
    canvas.restoreState()


def _footer(canvas: Canvas, text: str, pages: int) -> None:
    canvas.saveState()
    canvas.setStrokeColor(GREY)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, 14 * mm, WIDTH - MARGIN, 14 * mm)
    canvas.setFillColor(GREY)
    canvas.setFont(REGULAR, 7.5)
    canvas.drawString(MARGIN, 10.5 * mm, text)
    canvas.drawRightString(WIDTH - MARGIN, 10.5 * mm, f"Halaman {canvas.getPageNumber()} dari {pages}")
    canvas.restoreState()
