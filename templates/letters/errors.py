"""Why a letter cannot be made. No message carries a person's data: it names fields, never values."""

from pathlib import Path


class LetterError(Exception):
    """A letter cannot be made. Nothing was written, and no number needs to be used."""


class LetterLayoutError(LetterError):
    """The layout file is missing, is not TOML, or breaks a rule of the layout format."""

    def __init__(self, layout: Path, reason: str) -> None:
        super().__init__(f"layout {layout.name}: {reason}")
        self.layout = layout
        self.reason = reason


class MaterialError(LetterError):
    """A file that every letter carries, a font or the colour profile, is absent or is not the right one."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


class LetterGlyphError(LetterError):
    """A field holds a character that the letter cannot show."""

    def __init__(self, field: str, character: str, reason: str) -> None:
        super().__init__(f"field '{field}': U+{ord(character):04X}: {reason}")
        self.field = field
        self.character = character
        self.reason = reason


class LetterValueError(LetterError):
    """A value breaks a rule of the letter: empty, malformed, or out of order."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"field '{field}': {reason}")
        self.field = field
        self.reason = reason


class LetterOverflowError(LetterError):
    """The text does not fit its place even in the smallest letters of the layout."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"field '{field}': {reason}")
        self.field = field
        self.reason = reason


class LetterPhotoError(LetterError):
    """The photo is missing or is not an upright colour JPEG of a usable size."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"photo: {reason}")
        self.reason = reason
