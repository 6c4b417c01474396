"""How a synthetic person looks: the parameters of a drawn portrait."""

import datetime
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from .person import Person
from .vocabulary import FEMALE

Colour = tuple[int, int, int]
Hair = Literal["short", "parted", "balding", "long", "bun", "bob", "songkok", "headscarf"]
Clothes = Literal["shirt", "jacket", "batik", "collarless"]

_SKINS: Final[tuple[Colour, ...]] = (
    (238, 205, 172),
    (225, 185, 147),
    (206, 163, 124),
    (182, 137, 100),
    (150, 107, 76),
    (116, 80, 58),
)
_HAIRS: Final[tuple[Colour, ...]] = ((24, 20, 20), (38, 28, 24), (56, 38, 28))
_GREY: Final[Colour] = (168, 166, 164)
_FOREIGN_HAIRS: Final[tuple[Colour, ...]] = ((120, 78, 42), (196, 158, 96), (60, 40, 30))
_SCARVES: Final[tuple[Colour, ...]] = (
    (236, 232, 222),
    (70, 96, 88),
    (110, 74, 98),
    (44, 52, 78),
    (182, 156, 130),
    (30, 30, 34),
)
_CLOTHS: Final[tuple[Colour, ...]] = (
    (244, 244, 242),
    (204, 216, 228),
    (58, 66, 84),
    (112, 84, 60),
    (74, 98, 76),
    (40, 40, 44),
)


@dataclass(frozen=True)
class Look:
    """Parameters of a portrait. Shares are of the usual size, 1.0 being usual."""

    skin: Colour
    hair: Hair
    hair_colour: Colour
    scarf_colour: Colour
    clothes: Clothes
    cloth_colour: Colour
    face_width: float
    face_length: float
    eye_distance: float
    eye_size: float
    brow_slope: float
    nose_width: float
    mouth_width: float
    smile: float
    glasses: bool
    moustache: bool
    wrinkles: bool


def choose_look(person: Person, random: Random) -> Look:
    """Return a look that suits a person's sex, age and headwear."""
    age = 2026 - person.birth_date.year
    hair = _hair(person, age, random)
    return Look(
        skin=random.choice(_SKINS),
        hair=hair,
        hair_colour=_hair_colour(person, age, random),
        scarf_colour=random.choice(_SCARVES),
        clothes=random.choice(("shirt", "jacket", "batik", "collarless")),
        cloth_colour=random.choice(_CLOTHS),
        face_width=random.uniform(0.9, 1.1),
        face_length=random.uniform(0.94, 1.07),
        eye_distance=random.uniform(0.92, 1.08),
        eye_size=random.uniform(0.85, 1.15),
        brow_slope=random.uniform(-6, 6),
        nose_width=random.uniform(0.8, 1.25),
        mouth_width=random.uniform(0.85, 1.2),
        smile=random.uniform(-2, 12),
        glasses=random.random() < (0.45 if age > 45 else 0.2),
        moustache=person.sex != FEMALE and random.random() < 0.3,
        wrinkles=age > 55,
    )


def _hair(person: Person, age: int, random: Random) -> Hair:
    if person.sex == FEMALE:
        if person.religion == "ISLAM" and random.random() < 0.75:
            return "headscarf"
        choices: tuple[Hair, ...] = ("long", "bun", "bob")
        return random.choice(choices)
    if person.religion == "ISLAM" and random.random() < 0.35:
        return "songkok"
    choices = ("balding", "short", "parted") if age > 50 else ("short", "parted")
    return random.choice(choices)


def _hair_colour(person: Person, age: int, random: Random) -> Colour:
    if age > 60 and random.random() < 0.7:
        return _GREY
    return random.choice(_FOREIGN_HAIRS if person.foreign else _HAIRS)


def background_colour(foreign: bool, birth_date: datetime.date) -> Colour:
    """Return the photo's background: orange for foreigners, red for odd birth years, blue for even ones."""
    if foreign:
        return (235, 130, 30)
    return (196, 28, 34) if birth_date.year % 2 else (28, 82, 176)
