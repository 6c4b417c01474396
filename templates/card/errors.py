"""Why a face cannot be drawn. No message carries a person's data: it names fields, never values."""

from pathlib import Path


class CardFaceError(Exception):
    """A face cannot be drawn. Nothing was printed and no blank was used."""


class LayoutError(CardFaceError):
    """The layout file is missing, is not TOML, or breaks a rule of the layout format."""

    def __init__(self, layout: Path, reason: str) -> None:
        super().__init__(f"layout {layout.name}: {reason}")
        self.layout = layout
        self.reason = reason


class FontUnreadableError(CardFaceError):
    """The file of a font role is not given, is absent, or is not a font."""

    def __init__(self, role: str, reason: str) -> None:
        super().__init__(f"font '{role}': {reason}")
        self.role = role
        self.reason = reason


class FontChangedError(CardFaceError):
    """A font file is not the one that the layout was made with: its SHA-256 differs."""

    def __init__(self, role: str, expected: str, actual: str) -> None:
        super().__init__(f"font '{role}' has SHA-256 {actual}, the layout was made with {expected}")
        self.role = role
        self.expected = expected
        self.actual = actual


class GlyphMissingError(CardFaceError):
    """A field holds a character that the template cannot draw."""

    def __init__(self, field: str, character: str, reason: str) -> None:
        super().__init__(f"field '{field}': U+{ord(character):04X}: {reason}")
        self.field = field
        self.character = character
        self.reason = reason


class FaceOverflowError(CardFaceError):
    """A text does not fit its box even at the smallest size of the layout."""

    def __init__(self, field: str, length: int) -> None:
        super().__init__(f"field '{field}': {length} characters do not fit at the smallest size")
        self.field = field
        self.length = length


class ValueRefusedError(CardFaceError):
    """A value breaks a rule of the card: outside a closed vocabulary, or a malformed number."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"field '{field}': {reason}")
        self.field = field
        self.reason = reason


class PhotoError(CardFaceError):
    """The photo is not a colour JPEG of a usable size."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"photo: {reason}")
        self.reason = reason


class SignatureError(CardFaceError):
    """The signature is not a readable PNG of a usable size."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"signature: {reason}")
        self.reason = reason


class RasterError(CardFaceError):
    """A printer's raster cannot be that of this card: turned by a quarter, or of another resolution."""
