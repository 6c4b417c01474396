"""The whole check."""

from .colour import check_colour
from .content import Shown, check_content
from .fonts import check_fonts
from .metadata import check_metadata
from .objects import PdfFile, UnreadableError
from .parts import check_parts
from .rules import Finding
from .syntax import check_syntax


def check(data: bytes) -> list[Finding]:
    """Return every broken rule of PDF/A-2b in a file, sorted; an empty list when there is none."""
    try:
        file = PdfFile.read(data)
    except UnreadableError as error:
        return [Finding("house-syntax", str(error))]
    shown = Shown()
    found = set(check_syntax(file))
    found.update(check_content(file, shown))
    found.update(check_colour(file, shown))
    found.update(check_fonts(file, shown))
    found.update(check_parts(file))
    found.update(check_metadata(file))
    return sorted(found)
