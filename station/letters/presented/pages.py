"""The pages of a PDF: as a picture, and as text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from station.errors import InputFault

DOTS_PER_INCH: Final = (200, 300)  # the second only where the first shows no code of a letter
POINTS_PER_INCH: Final = 72
# Scanners put a picture on the page, some of them within a form.
SCANNED: Final = {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM}
FORMS_WITHIN_FORMS: Final = 4
LONGEST_SIDE: Final = 4_000  # points; a sheet of A0 has 3,370


@dataclass(frozen=True)
class PdfPage:
    """One page.

    Attributes:
        text: without blanks and line ends.
        only_pictures: there is nothing else on it, as on a scan.
    """

    text: str = field(repr=False)
    only_pictures: bool
    _page: pypdfium2.PdfPage = field(repr=False)

    def pictures(self) -> Iterator[Image.Image]:
        """Render it, in grey, finer each time.

        Raises:
            InputFault: LETTER_PDF_UNREADABLE.
        """
        for dots in DOTS_PER_INCH:
            try:
                bitmap = self._page.render(scale=dots / POINTS_PER_INCH, grayscale=True, may_draw_forms=False)
                picture: Image.Image = bitmap.to_pil()
            except pypdfium2.PdfiumError as error:
                raise InputFault("LETTER_PDF_UNREADABLE") from error
            yield picture


def read_pages(pdf: bytes) -> Iterator[PdfPage]:
    """Read a PDF page by page.

    Raises:
        InputFault: LETTER_PDF_UNREADABLE.
    """
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for number in range(len(document)):
                page = document[number]
                yield _read(page)
                page.close()
        finally:
            document.close()
    except (pypdfium2.PdfiumError, ValueError, UnicodeError) as error:
        raise InputFault("LETTER_PDF_UNREADABLE") from error


def _read(page: pypdfium2.PdfPage) -> PdfPage:
    if max(page.get_size()) > LONGEST_SIDE:
        raise InputFault("LETTER_PDF_UNREADABLE")
    text: str = page.get_textpage().get_text_bounded()
    kinds = {found.type for found in page.get_objects(max_depth=FORMS_WITHIN_FORMS)}
    only_pictures = raw.FPDF_PAGEOBJ_IMAGE in kinds and kinds <= SCANNED
    return PdfPage("".join(text.split()), only_pictures, page)
