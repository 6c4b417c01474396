"""What stops a letter from being made, found before its number is used."""

from collections.abc import Iterator
from typing import Final

from . import texts
from .errors import LetterValueError
from .fonts import LetterFonts
from .texts import Rows
from .values import LetterValues

NIK_DIGITS: Final = 16
NIP_DIGITS: Final = 18
LONGEST_STATUS: Final = 8


def check_values(values: LetterValues, rows: Rows, fonts: LetterFonts) -> None:
    """Refuse what no letter may carry. `rows` are the letter's particulars.

    Raises:
        LetterValueError: a text is empty, NIK or NIP are malformed, the dates are out of order.
        LetterGlyphError: a text holds a character that cannot be shown as it is written.
    """
    _check_digits("nik", values.holder.nik, NIK_DIGITS)
    _check_digits("nip", values.signer.nip, NIP_DIGITS)
    for field, text in _shown(values, rows):
        if not text.strip():
            raise LetterValueError(field, "the text is empty")
        fonts.check(field, text)
    if len(values.status_code) > LONGEST_STATUS:
        raise LetterValueError("status_code", f"more than {LONGEST_STATUS} characters")
    if values.valid_until < values.issued:
        raise LetterValueError("valid_until", "the letter would end before it begins")


def _check_digits(field: str, text: str, length: int) -> None:
    if len(text) != length or not (text.isascii() and text.isdigit()):
        raise LetterValueError(field, f"it has {length} digits")


def _shown(values: LetterValues, rows: Rows) -> Iterator[tuple[str, str]]:
    """Every text that comes from outside, by field, as it is drawn."""
    head, signer = values.letterhead, values.signer
    yield "number", values.number
    yield "status_code", values.status_code
    yield from (("letterhead", line) for line in texts.head_lines(values))
    yield "regency", head.regency
    yield "office", head.office
    yield "address", head.address
    yield "town", head.town
    yield from ((field, value) for field, _label, value in rows)
    yield "birthplace", values.holder.birthplace
    yield from (("position", line) for line in signer.position.splitlines() or [""])
    yield "signer", signer.name
    yield "rank", signer.rank
