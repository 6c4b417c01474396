"""The fonts of the reports: Liberation, embedded, checked for every character before a page is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from .errors import ReportError

REGULAR, BOLD, MONO = "Report", "Report-Bold", "Report-Mono"
# Debian package fonts-liberation
FILES = {
    REGULAR: "LiberationSans-Regular.ttf",
    BOLD: "LiberationSans-Bold.ttf",
    MONO: "LiberationMono-Regular.ttf",
}


@dataclass(frozen=True)
class ReportFonts:
    """The fonts by their names in the document, and the characters that all of them have."""

    characters: frozenset[str]

    @classmethod
    def load(cls, folder: Path) -> "ReportFonts":
        """Read the fonts from a folder or one level below, and tell ReportLab, which keeps them by name.

        Raises:
            ReportError: a font is missing or is none.
        """
        common: frozenset[str] | None = None
        for name, file in FILES.items():
            font = _read(name, file, folder)
            pdfmetrics.registerFont(font)
            characters = frozenset(chr(code) for code in font.face.charToGlyph)
            common = characters if common is None else common & characters
        return cls(common or frozenset())

    def check(self, texts: Iterable[str]) -> None:
        """See whether every character can be drawn: a missing one would come out as a black square.

        Raises:
            ReportError: a character is in none of the fonts.
        """
        for text in texts:
            for character in text:
                if character not in self.characters:
                    raise ReportError(f"U+{ord(character):04X} is in none of the report's fonts")


def _read(name: str, file: str, folder: Path) -> TTFont:
    for path in (folder / file, *sorted(folder.glob(f"*/{file}"))):
        if path.is_file():
            try:
                return TTFont(name, str(path))
            except (TTFError, OSError) as error:
                raise ReportError(f"font {file}: {error}") from error
    raise ReportError(f"font {file} is not in the font folder")
