"""The fonts of a layout: checked files, their characters, and letters at a size."""

import hashlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]  # the package has no types
from PIL import ImageFont

from .errors import FontChangedError, FontUnreadableError
from .layout import Layout


def find_font_files(layout: Layout, folders: Iterable[Path]) -> dict[str, Path]:
    """Return, by role, the first file of the layout's name found in the folders or one level below.

    Raises:
        FontUnreadableError: a role's file is in none of the folders.
    """
    searched = [folder for top in folders for folder in (top, *_subfolders(top))]
    found: dict[str, Path] = {}
    for role, font in layout.fonts.items():
        for folder in searched:
            if (folder / font.file).is_file():
                found[role] = folder / font.file
                break
        else:
            raise FontUnreadableError(role, f"{font.file} is in none of the font folders")
    return found


def _subfolders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


class FontFace:
    """One TrueType file in memory: the characters it has, and Pillow fonts of it at any size."""

    def __init__(self, role: str, data: bytes) -> None:
        self.role = role
        self._data = data
        self._sizes: dict[float, ImageFont.FreeTypeFont] = {}
        try:
            with TTFont(BytesIO(data), lazy=True) as font:
                self.characters = frozenset(chr(int(code)) for code in font.getBestCmap() or ())
        except (TTLibError, KeyError, ValueError) as error:
            raise FontUnreadableError(role, f"not a TrueType font: {error}") from error
        if not self.characters:
            raise FontUnreadableError(role, "the font has no Unicode character table")

    def at(self, dots: float) -> ImageFont.FreeTypeFont:
        """Return the font with an em square of this many dots.

        The basic layout engine is asked for by name: the other one depends on a library of the system,
        and the same values must give the same dots everywhere.
        """
        if dots not in self._sizes:
            self._sizes[dots] = ImageFont.truetype(
                BytesIO(self._data), size=dots, layout_engine=ImageFont.Layout.BASIC
            )
        return self._sizes[dots]


class FontSet:
    """The fonts of one layout by role, each proven to be the file that the layout was made with."""

    def __init__(self, faces: Mapping[str, FontFace]) -> None:
        self._faces = dict(faces)

    def __getitem__(self, role: str) -> FontFace:
        return self._faces[role]

    @classmethod
    def load(cls, layout: Layout, paths: Mapping[str, Path]) -> "FontSet":
        """Read the font file of each role of a layout.

        Raises:
            FontUnreadableError: a path is missing, or its file is absent or no font.
            FontChangedError: a file's SHA-256 is not the layout's.
        """
        return cls({role: _load(role, font.sha256, paths) for role, font in layout.fonts.items()})


def _load(role: str, expected: str, paths: Mapping[str, Path]) -> FontFace:
    if role not in paths:
        raise FontUnreadableError(role, "no file is named for it in the settings")
    try:
        data = paths[role].read_bytes()
    except OSError as error:
        raise FontUnreadableError(role, f"{paths[role].name}: {error.strerror}") from error
    actual = hashlib.sha256(data).hexdigest()
    if actual != expected:
        raise FontChangedError(role, expected, actual)
    return FontFace(role, data)
