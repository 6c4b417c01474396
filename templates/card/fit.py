"""The shrink-and-wrap rule: how a text of any length is set into its box, whole or not at all.

1. One line, at `size`, then smaller in steps of 0.05 mm down to `one_line_minimum`.
2. Where the style has two lines: two lines, from `size` down to `minimum`, broken at the blank that
   leaves the lines most alike in width. The first size at which both lines fit is taken.
3. Two lines again, broken anywhere, for a text whose blanks stand badly (or that has none).
4. Otherwise `FaceOverflowError`. Nothing is ever clipped, and the smallest size is never undercut.

A text fits when all its ink lies inside the box; line pitch is the font's ascent plus descent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .errors import FaceOverflowError
from .fonts import FontFace
from .layout import TextStyle
from .pen import Lettering, letter
from .raster import DotBox, Raster

SIZE_STEP: Final = 0.05


@dataclass(frozen=True, eq=False)
class SetLine:
    """One line of letters and the dot where its ink begins. A trace does not show the text."""

    text: str = field(repr=False)
    lettering: Lettering
    left: int
    top: int


def set_text(
    name: str, text: str, box: DotBox, style: TextStyle, font: FontFace, raster: Raster
) -> tuple[SetLine, ...]:
    """Set the text of the field `name` into a box of dots by the rule of this module.

    Raises:
        FaceOverflowError: the text does not fit at the smallest size.
    """
    if not text:
        return ()
    setter = _Setter(box, style, font, raster)
    for lines, size in setter.attempts(text):
        if placed := setter.place(lines, size):
            return placed
    raise FaceOverflowError(name, len(text))


def _sizes(largest: float, smallest: float) -> Iterator[float]:
    steps = int((largest - smallest) / SIZE_STEP + 1e-9)
    for step in range(steps + 1):
        yield largest - step * SIZE_STEP
    if largest - steps * SIZE_STEP > smallest + 1e-9:
        yield smallest


@dataclass(frozen=True)
class _Setter:
    box: DotBox
    style: TextStyle
    font: FontFace
    raster: Raster

    def attempts(self, text: str) -> Iterator[tuple[tuple[str, ...], float]]:
        for size in _sizes(self.style.size, self.style.one_line_minimum):
            yield (text,), size
        if self.style.lines == 1:
            return
        for breaks in (self._at_blanks(text), self._anywhere(text)):
            if breaks:
                for size in _sizes(self.style.size, self.style.minimum):
                    yield breaks, size

    def _length(self, text: str) -> float:
        return self.font.at(100).getlength(text)

    def _at_blanks(self, text: str) -> tuple[str, ...]:
        places = [place for place, character in enumerate(text) if character == " "]
        if not places:
            return ()
        best = min(places, key=lambda place: max(self._length(text[:place]), self._length(text[place + 1 :])))
        return text[:best], text[best + 1 :]

    def _anywhere(self, text: str) -> tuple[str, ...]:
        if len(text) < 2:
            return ()
        best = min(
            range(1, len(text)), key=lambda place: max(self._length(text[:place]), self._length(text[place:]))
        )
        return text[:best].rstrip(), text[best:].lstrip()

    def place(self, lines: tuple[str, ...], size: float) -> tuple[SetLine, ...]:
        """Return the lines with their places, or nothing when some ink would leave the box."""
        ascent, descent = self.font.at(100).getmetrics()
        pitch = self.raster.down(size * (ascent + descent) / 100)
        # A shrunk line stands on the base line of the full size, beside its label.
        base = self.raster.down((self.style.size if len(lines) == 1 else size) * ascent / 100)
        placed = []
        for number, line in enumerate(lines):
            lettering = letter(line, self.font, size, self.raster)
            top = self.box.top + round(base + number * pitch) + lettering.top
            left = self._left(lettering)
            if not self._inside(lettering, left, top):
                return ()
            placed.append(SetLine(line, lettering, left, top))
        return tuple(placed)

    def _left(self, lettering: Lettering) -> int:
        air = self.box.width - lettering.width
        if self.style.align == "centre":
            return self.box.left + air // 2
        return self.box.left + (air if self.style.align == "right" else 0)

    def _inside(self, lettering: Lettering, left: int, top: int) -> bool:
        across = self.box.left <= left and left + lettering.width <= self.box.right
        return across and self.box.top <= top and top + lettering.height <= self.box.bottom
