"""Lines that stay one line: made smaller until they fit."""

from dataclasses import dataclass, field
from typing import Final

from .errors import LetterOverflowError
from .fonts import LetterFonts
from .layout import FontRole

NARROWEST: Final = 0.55  # of the full size


@dataclass(frozen=True)
class SingleLine:
    """A line with its font and its size in points. A trace does not show the text."""

    text: str = field(repr=False)
    role: FontRole
    size: float


def set_single(
    name: str, text: str, role: FontRole, size: float, width: float, fonts: LetterFonts
) -> SingleLine:
    """Return the line `name` at its size, or smaller where it would be longer than `width`.

    Raises:
        LetterOverflowError: it would be smaller than can be read.
    """
    share = min(1.0, width / fonts.width(text, role, size))
    if share < NARROWEST:
        raise LetterOverflowError(name, "it is too long for one line")
    return SingleLine(text, role, size * share)
