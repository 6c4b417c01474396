"""Checks before a card is drawn: errors are raised, doubts come back as warnings for the operator."""

import colorsys
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from PIL import Image

from .checks import check_glyphs, check_values
from .fonts import FontSet
from .layout import Layout
from .pictures import is_blank, read_photo, read_signature
from .texts import card_texts
from .values import CardValues
from .vocabulary import RELIGIONS

Background = Literal["red", "blue", "orange", "other"]
WarningCode = Literal[
    "religion_unknown", "name_too_long", "name_not_only_letters", "photo_background", "signature_blank"
]

LONGEST_NAME: Final = 60  # Permendagri 73/2022: letters including blanks
_CORNER_SHARE: Final = 0.08


@dataclass(frozen=True)
class FaceWarning:
    """One doubt about a card that may be printed all the same. `text` holds no value of the person."""

    code: WarningCode
    field: str
    text: str


def lint(values: CardValues, layout: Layout, fonts: FontSet) -> tuple[FaceWarning, ...]:
    """Check values, characters and pictures, everything short of setting the text.

    Raises:
        ValueRefusedError, GlyphMissingError, PhotoError, SignatureError: the card cannot be drawn.
    """
    check_values(values)
    check_glyphs(card_texts(values, layout), layout, fonts)
    photo, signature = read_photo(values.photo), read_signature(values.signature)
    warnings = [*_word_warnings(values), *_background_warnings(values, photo)]
    if is_blank(signature):
        warnings.append(FaceWarning("signature_blank", "signature", "the signature has no ink"))
    return tuple(warnings)


def _word_warnings(values: CardValues) -> list[FaceWarning]:
    warnings = []
    if values.religion.upper() not in RELIGIONS:
        warnings.append(FaceWarning("religion_unknown", "religion", "the word is not in the vocabulary"))
    if len(values.name) > LONGEST_NAME:
        warnings.append(
            FaceWarning("name_too_long", "name", f"{len(values.name)} letters, {LONGEST_NAME} are the rule")
        )
    if not all(letter.isalpha() or letter == " " for letter in values.name):
        warnings.append(
            FaceWarning("name_not_only_letters", "name", "digits or punctuation: right only in an older name")
        )
    return warnings


def _background_warnings(values: CardValues, photo: Image.Image) -> list[FaceWarning]:
    expected = expected_background(values)
    seen = photo_backgrounds(photo)
    if all(background == expected for background in seen):
        return []
    return [
        FaceWarning(
            "photo_background", "photo", f"{expected} is due, the corners are {seen[0]} and {seen[1]}"
        )
    ]


def expected_background(values: CardValues) -> Background:
    """Return the background due: foreigners orange, else odd birth years red and even ones blue."""
    if values.nationality == "WNA":
        return "orange"
    return "red" if values.birth_date.year % 2 else "blue"


def photo_backgrounds(photo: Image.Image) -> tuple[Background, Background]:
    """Return the colours of the upper left and the upper right corner."""
    side = max(1, round(photo.width * _CORNER_SHARE))
    pixels = np.array(photo.crop((0, 0, photo.width, side)))
    return _colour_name(pixels[:, :side]), _colour_name(pixels[:, -side:])


def _colour_name(pixels: "np.typing.NDArray[np.uint8]") -> Background:
    red, green, blue = (float(level) / 255 for level in np.median(pixels.reshape(-1, 3), axis=0))
    hue, saturation, brightness = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < 0.35 or brightness < 0.2:
        return "other"
    degrees = hue * 360
    # Limits are assumed: wide enough for a lamp's colour cast, with orange between 15 and 50 degrees.
    if degrees < 15 or degrees >= 330:
        return "red"
    if degrees < 50:
        return "orange"
    return "blue" if 190 <= degrees < 265 else "other"
