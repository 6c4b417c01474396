"""Every word that a card may carry is printed; every other word of a closed list is refused."""

import datetime
from dataclasses import replace

import numpy as np
import pytest

from templates.card import CardValues, ValueRefusedError
from templates.card.fonts import FontSet
from templates.card.front import render_front
from templates.card.layout import Layout
from templates.card.lint import lint
from templates.card.raster import Raster
from templates.card.texts import card_texts, field_texts
from templates.card.vocabulary import BLOOD_GROUPS, CLOSED, RELIGIONS

ALL_WORDS = [(field, word) for field, words in CLOSED.items() for word in words]
ALL_WORDS += [("religion", word) for word in RELIGIONS]


@pytest.mark.parametrize(("field", "word"), ALL_WORDS)
@pytest.mark.parametrize("nationality", ["WNI", "WNA"])
def test_every_word_is_printed(
    values: CardValues,
    layout: Layout,
    fonts: FontSet,
    primacy: Raster,
    field: str,
    word: str,
    nationality: str,
) -> None:
    person = replace(values, nationality=nationality, valid_until=datetime.date(2031, 5, 1))
    person = replace(person, **{field: word})  # type: ignore[arg-type]
    lint(person, layout, fonts)
    face = render_front(person, layout, primacy, fonts, specimen=True)
    empty = render_front(replace(person, religion="X"), layout, primacy, fonts, specimen=True)
    assert field != "religion" or not np.array_equal(face.black, empty.black)


def test_there_are_twelve_blood_groups_and_unknown() -> None:
    assert len(BLOOD_GROUPS) == 12
    assert len(CLOSED["blood_group"]) == 13


@pytest.mark.parametrize("field", sorted(CLOSED))
@pytest.mark.parametrize("word", ["", "laki-laki", "C", "NIKAH", "WNX"])
def test_a_word_outside_a_closed_list_is_refused(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster, field: str, word: str
) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        person = replace(values, **{field: word})  # type: ignore[arg-type]
        render_front(person, layout, primacy, fonts, specimen=True)
    assert caught.value.field == field


def test_an_unlisted_religion_is_printed_with_a_warning(
    values: CardValues, layout: Layout, fonts: FontSet, primacy: Raster
) -> None:
    person = replace(values, religion="KONGHUCU")
    assert [warning.code for warning in lint(person, layout, fonts)] == ["religion_unknown"]
    render_front(person, layout, primacy, fonts, specimen=True)


@pytest.mark.parametrize(
    "nik", ["", "990101520890001", "99010152089000011", "990101520890000A", "٩٩٠١٠١٥٢٠٨٩٠٠٠٠١"]
)
def test_a_nik_has_sixteen_digits(values: CardValues, layout: Layout, fonts: FontSet, nik: str) -> None:
    with pytest.raises(ValueRefusedError, match="nik"):
        lint(replace(values, nik=nik), layout, fonts)


@pytest.mark.parametrize("field", ["province", "regency", "name", "birthplace", "address", "place_issued"])
def test_an_empty_text_is_refused(values: CardValues, layout: Layout, fonts: FontSet, field: str) -> None:
    with pytest.raises(ValueRefusedError, match=field):
        lint(replace(values, **{field: "  "}), layout, fonts)  # type: ignore[arg-type]


def test_a_foreigners_card_has_an_end(values: CardValues, layout: Layout, fonts: FontSet) -> None:
    with pytest.raises(ValueRefusedError, match="valid_until"):
        lint(replace(values, nationality="WNA"), layout, fonts)


def test_texts_of_a_citizens_card(values: CardValues, layout: Layout) -> None:
    texts = card_texts(values, layout)
    assert texts["province"] == "PROVINSI JAWA REKAAN"
    assert texts["birth"] == "CONTOHARJO, 12-08-1990"
    assert texts["birth_label"] == "Tempat/Tgl Lahir"
    assert texts["valid_until"] == "SEUMUR HIDUP"
    assert texts["date_issued"] == "03-11-2026"


def test_texts_of_a_foreigners_card_are_english(values: CardValues, layout: Layout) -> None:
    person = replace(values, nationality="WNA", valid_until=datetime.date(2031, 5, 1))
    texts = card_texts(person, layout)
    assert texts["birth_label"] == "Place/Date of Birth"
    assert texts["sex"] == "FEMALE"
    assert texts["marital_status"] == "SINGLE"
    assert texts["valid_until"] == "01-05-2031"


def test_texts_are_printed_in_composed_capitals(values: CardValues, layout: Layout) -> None:
    decomposed = "Rene\u0301 Nur'aini"
    assert field_texts(replace(values, name=decomposed), layout)["name"] == "RENÉ NUR'AINI"


def test_every_field_of_the_layout_has_a_text(values: CardValues, layout: Layout) -> None:
    assert {text.name for text in layout.fields} == field_texts(values, layout).keys()
