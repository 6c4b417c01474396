"""What stops a face from being drawn: values outside the card's rules, characters without a glyph."""

from collections.abc import Mapping
from typing import Final

from templates.characters import unwritable_reason

from .errors import GlyphMissingError, ValueRefusedError
from .fonts import FontFace, FontSet
from .layout import Layout
from .values import CardValues
from .vocabulary import CLOSED

_NEVER_EMPTY: Final = ("province", "regency", "name", "birthplace", "address", "place_issued")


def check_values(values: CardValues) -> None:
    """Refuse what no card may carry.

    Raises:
        ValueRefusedError: a value outside a closed vocabulary, a NIK that is not 16 digits, an empty text,
            or a foreigner's card without an end date.
    """
    if len(values.nik) != 16 or not (values.nik.isascii() and values.nik.isdigit()):
        raise ValueRefusedError("nik", "a NIK has 16 digits")
    closed = {
        "sex": values.sex,
        "blood_group": values.blood_group,
        "marital_status": values.marital_status,
        "nationality": values.nationality,
    }
    for field, value in closed.items():
        if value not in CLOSED[field]:
            raise ValueRefusedError(field, f"not one of {', '.join(CLOSED[field])}")
    _check_filled(values)
    if values.nationality == "WNA" and values.valid_until is None:
        raise ValueRefusedError(
            "valid_until", "a foreigner's card ends with the stay permit and needs a date"
        )


def _check_filled(values: CardValues) -> None:
    texts = (
        values.province,
        values.regency,
        values.name,
        values.birthplace,
        values.address,
        values.place_issued,
    )
    for field, text in zip(_NEVER_EMPTY, texts, strict=True):
        if not text.strip():
            raise ValueRefusedError(field, "the text is empty")


def check_glyphs(texts: Mapping[str, str], layout: Layout, fonts: FontSet) -> None:
    """Refuse a text with a character that its font cannot draw as written.

    Raises:
        GlyphMissingError: names the text and the first such character.
    """
    for place in layout.texts:
        for character in texts[place.name]:
            if reason := unfit_reason(character, fonts[layout.styles[place.style].font]):
                raise GlyphMissingError(place.name, character, reason)


def unfit_reason(character: str, font: FontFace) -> str:
    """Return why a character cannot be drawn, or an empty text when it can."""
    if reason := unwritable_reason(character):
        return reason
    if character not in font.characters:
        return f"the font '{font.role}' has no glyph for it"
    return ""
