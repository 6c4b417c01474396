"""The press: everything that letters have in common, loaded once, and the letters it makes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from . import texts
from .canvas import LetterCanvas
from .checks import check_values
from .errors import LetterValueError
from .fonts import LetterFonts, find_material
from .layout import LetterLayout, PaperName, load_layout
from .letterhead import SPECIMEN, draw_letterhead, draw_specimen, set_letterhead
from .metadata import ColourProfile, Conformance, catalog_entries, information
from .page import LetterPage, room_for_text, title_number
from .photo import read_photo
from .setting import Setter
from .single import SingleLine, set_single
from .strip import set_strip
from .values import LetterValues


@dataclass(frozen=True)
class Press:
    """The layout, the fonts and the colour profile of every letter.

    The same values give the same bytes, whatever was made before, as long as the layout, the files and the
    versions of ReportLab, zlib and zxing-cpp are the same.
    """

    layout: LetterLayout
    fonts: LetterFonts
    profile: ColourProfile

    @classmethod
    def load(cls, folders: Iterable[Path], layout: LetterLayout | None = None) -> "Press":
        """Find fonts and colour profile in folders or one level below, and compare their digests.

        Raises:
            LetterLayoutError: the layout is not usable.
            MaterialError: a file is absent or is not the one that the layout was made with.
        """
        places, layout = list(folders), layout or load_layout()
        profile = ColourProfile.pack(find_material(layout.profile, places), layout.profile.condition)
        return cls(layout, LetterFonts.load(layout, places), profile)

    def check(self, values: LetterValues, paper: PaperName = "a4") -> None:
        """See whether the letter can be made: call it before a number is used. The photo is decoded whole.

        Raises:
            LetterValueError, LetterGlyphError, LetterOverflowError, LetterPhotoError.
        """
        read_photo(values.holder.photo, decode=True)
        self._set(values, self._setter(paper))

    def one_letter(
        self,
        values: LetterValues,
        paper: PaperName = "a4",
        conformance: Conformance = Conformance.A_2B,
    ) -> bytes:
        """Make one letter as a file of its own.

        Raises:
            LetterValueError, LetterGlyphError, LetterOverflowError, LetterPhotoError.
        """
        target = BytesIO()
        self._print([values], target, paper, conformance, f"{texts.NAME} {values.number}")
        return target.getvalue()

    def many_letters(self, letters: Iterable[LetterValues], target: BinaryIO, paper: PaperName = "a4") -> int:
        """Write letters into one file, a page each, and return their number. Memory does not grow with it.

        Raises:
            LetterValueError: there is no letter.
            LetterValueError, LetterGlyphError, LetterOverflowError, LetterPhotoError: one of them cannot be
                made. What was written by then is no PDF.
        """
        return self._print(letters, target, paper, Conformance.A_2B, texts.NAME)

    def _print(
        self,
        letters: Iterable[LetterValues],
        target: BinaryIO,
        paper: PaperName,
        conformance: Conformance,
        title: str,
    ) -> int:
        run = _Run(LetterCanvas(target, self.fonts, conformance), self._setter(paper))
        count = 0
        for values in letters:
            run.draw(self._set(values, run.setter))
            count += 1
        if not count:
            raise LetterValueError("letters", "there is none")
        document = run.canvas.document
        entries = catalog_entries(document, title, conformance, self.profile) + run.canvas.structure.finish()
        document.finish(entries, information(document, title))
        return count

    def _setter(self, paper: PaperName) -> Setter:
        return Setter(self.layout, self.fonts, self.layout.sheet(paper))

    def _set(self, values: LetterValues, setter: Setter) -> LetterPage:
        rows = texts.rows(values)
        check_values(values, rows, self.fonts)
        sheet = setter.sheet
        head = set_letterhead(texts.head_lines(values), self.layout, self.fonts, sheet)
        strip = set_strip(values, setter)
        return LetterPage(
            values=values,
            setter=setter,
            head=head,
            number=set_single("number", *title_number(values, self.layout), sheet.text_width, self.fonts),
            text=setter.set_text(values, rows, room_for_text(setter, head, strip)),
            photo=read_photo(values.holder.photo),
            strip=strip,
        )


@dataclass
class _Run:
    """One file in the making: its canvas, and the forms that it has already."""

    canvas: LetterCanvas
    setter: Setter
    heads: dict[tuple[SingleLine, ...], str] = field(default_factory=dict)

    def draw(self, page: LetterPage) -> None:
        if page.head not in self.heads:
            self.heads[page.head] = f"letterhead{len(self.heads)}"
            draw_letterhead(
                self.canvas, self.heads[page.head], page.head, self.setter.layout, self.setter.sheet
            )
        if page.values.specimen and not self.canvas.hasForm(SPECIMEN):
            draw_specimen(self.canvas, self.setter.layout, self.setter.sheet)
        page.draw(self.canvas, self.heads[page.head])
