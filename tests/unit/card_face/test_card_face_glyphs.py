"""A character that cannot be drawn stops the card: no black squares, no look-alikes, no wrong order."""

import string
from dataclasses import replace

import pytest

from templates.card import CardValues, GlyphMissingError
from templates.card.checks import unfit_reason
from templates.card.fonts import FontSet
from templates.card.front import render_front
from templates.card.layout import Layout
from templates.card.lint import lint
from templates.card.raster import Raster

UNFIT = {
    "not in the font": "ꞵ",
    "a Cyrillic A": "\u0410",
    "a Hebrew letter that the font has": "א",
    "a Javanese letter": "ꦲ",
    "a line feed": "\n",
    "a no-break space": "\u00a0",
    "a zero-width joiner": "\u200d",
    "a mark that nothing composes": "\u0332",
    "an emoji": "😀",
    "a replacement character": "\ufffd",
}


@pytest.mark.parametrize("character", UNFIT.values(), ids=UNFIT.keys())
@pytest.mark.parametrize("field", ["name", "address", "village"])
def test_an_unfit_character_is_an_error_that_names_field_and_character(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster, field: str, character: str
) -> None:
    person = replace(values, **{field: f"SITI {character}X"})  # type: ignore[arg-type]
    for check in (
        lambda: lint(person, layout, fonts),
        lambda: render_front(person, layout, primacy, fonts, specimen=True),
    ):
        with pytest.raises(GlyphMissingError) as caught:
            check()
        assert caught.value.field == field
        assert caught.value.character == character.upper()
        assert "SITI" not in str(caught.value)


def test_every_character_of_the_name_rule_and_of_old_names_has_a_glyph(fonts: FontSet) -> None:
    allowed = string.ascii_uppercase + string.digits + " .,'-/()" + "ÀÂÇÉÈÊËÎÏÑÔÖØÜŠŽÅ"
    assert {character: unfit_reason(character, fonts["regular"]) for character in allowed} == dict.fromkeys(
        allowed, ""
    )


def test_every_digit_has_a_glyph_in_the_font_of_the_nik(fonts: FontSet) -> None:
    assert not any(unfit_reason(digit, fonts["digits"]) for digit in string.digits)
