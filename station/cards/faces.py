"""Rendering the faces of a lane's cards with the office's layout and fonts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.cards.content import card_values
from station.errors import InputFault
from station.ports import PrinterIdentity
from station.records.record import Record
from templates.card.errors import (
    CardFaceError,
    FaceOverflowError,
    FontChangedError,
    FontUnreadableError,
    GlyphMissingError,
    PhotoError,
    SignatureError,
    ValueRefusedError,
)
from templates.card.face import CardFace
from templates.card.fonts import FontSet, find_font_files
from templates.card.front import render_front
from templates.card.layout import load_layout
from templates.card.lint import FaceWarning, lint
from templates.card.raster import Raster


class FacePainter:
    """Draws card faces. Fonts are read and checked once."""

    def __init__(self, font_folder: Path) -> None:
        with _template_errors():
            self._layout = load_layout()
            self._fonts = FontSet.load(self._layout, find_font_files(self._layout, [font_folder]))

    def describe(self) -> str:
        """Name the layout and the font files, which were read and compared when this object was made."""
        files = ", ".join(sorted({font.file for font in self._layout.fonts.values()}))
        return f"{self._layout.name} {self._layout.version}: {files}"

    def paint(self, record: Record, printer: PrinterIdentity) -> CardFace:
        """Draw the front of a record's card in the raster of a printer.

        SPESIMEN is on it unless the record's signature chains to a production trust root.

        Raises:
            InputFault: FACE_…, PHOTO_UNREADABLE, SIGNATURE_UNREADABLE.
        """
        raster = Raster(
            printer.raster_width, printer.raster_height, printer.dots_per_inch_x, printer.dots_per_inch_y
        )
        with _template_errors():
            return render_front(
                card_values(record), self._layout, raster, self._fonts, specimen=not record.from_production
            )

    def warnings(self, record: Record) -> tuple[FaceWarning, ...]:
        """Say what looks wrong with a face without standing in its way: background, religion, name rules."""
        with _template_errors():
            return lint(card_values(record), self._layout, self._fonts)


@contextmanager
def _template_errors() -> Iterator[None]:
    """Turn the templates' exceptions into the station's errors."""
    try:
        yield
    except GlyphMissingError as error:
        raise InputFault(
            "FACE_GLYPH_MISSING", field=error.field, character=f"U+{ord(error.character):04X}"
        ) from error
    except FaceOverflowError as error:
        raise InputFault("FACE_OVERFLOW", field=error.field) from error
    except ValueRefusedError as error:
        raise InputFault("FACE_VALUE_UNKNOWN", field=error.field, details=error.reason) from error
    except PhotoError as error:
        raise InputFault("PHOTO_UNREADABLE", problem=error.reason) from error
    except SignatureError as error:
        raise InputFault("SIGNATURE_UNREADABLE", problem=error.reason) from error
    except (FontChangedError, FontUnreadableError) as error:
        raise InputFault("FONT_UNUSABLE", font=error.role, details=str(error)) from error
    except CardFaceError as error:
        raise InputFault("FONT_UNUSABLE", font="layout", details=str(error)) from error
