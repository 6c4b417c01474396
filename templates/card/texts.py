"""From values to the words that stand on the card, in the card's language."""

import datetime
import unicodedata
from typing import Final

from .layout import Language, Layout, LayoutText
from .values import CardValues

VALID_FOR_LIFE: Final = "SEUMUR HIDUP"


def language(values: CardValues) -> Language:
    """Return the card's language: a foreigner's card (WNA) is in English."""
    return "en" if values.nationality == "WNA" else "id"


def printed(text: str) -> str:
    """Return a text as the card prints it: composed characters, capitals."""
    return unicodedata.normalize("NFC", text).upper()


def card_texts(values: CardValues, layout: Layout) -> dict[str, str]:
    """Return every text of a card by the name of its place in the layout."""
    spoken = language(values)
    fields = field_texts(values, layout)
    return {text.name: _label(text, spoken) or fields[text.name] for text in layout.texts}


def _label(text: LayoutText, spoken: Language) -> str:
    if text.words is None:
        return ""
    return text.words.en if spoken == "en" else text.words.id


def field_texts(values: CardValues, layout: Layout) -> dict[str, str]:
    """Return what is printed of a person, by field name."""
    texts = {
        "province": f"PROVINSI {values.province}",
        "regency": values.regency,
        "nik": values.nik,
        "name": values.name,
        "birth": f"{values.birthplace}, {_date(values.birth_date)}",
        "sex": values.sex,
        "blood_group": values.blood_group,
        "address": values.address,
        "rt_rw": values.rt_rw,
        "village": values.village,
        "district": values.district,
        "religion": values.religion,
        "marital_status": values.marital_status,
        "occupation": values.occupation,
        "nationality": values.nationality,
        "valid_until": VALID_FOR_LIFE if values.valid_until is None else _date(values.valid_until),
        "place_issued": values.place_issued,
        "date_issued": _date(values.date_issued),
    }
    if language(values) == "en":
        texts |= {
            field: words[texts[field]] for field, words in layout.english.items() if texts[field] in words
        }
    return {field: printed(text) for field, text in texts.items()}


def _date(day: datetime.date) -> str:
    return f"{day.day:02}-{day.month:02}-{day.year:04}"
