"""The layout of a card: millimetres and font roles, kept as data in a TOML file."""

import tomllib
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .errors import LayoutError

KTP_EL: Final = Path(__file__).with_name("ktp_el.toml")

FIELDS: Final = frozenset(
    {
        "province",
        "regency",
        "nik",
        "name",
        "birth",
        "sex",
        "blood_group",
        "address",
        "rt_rw",
        "village",
        "district",
        "religion",
        "marital_status",
        "occupation",
        "nationality",
        "valid_until",
        "place_issued",
        "date_issued",
    }
)
"""The texts that a person's values fill. A layout places every one of them: none can be forgotten."""

Language = Literal["id", "en"]
Align = Literal["left", "centre", "right"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FontFile(_Model):
    """The font file that a role was laid out with."""

    file: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Box(_Model):
    """A rectangle in millimetres from the card's top left corner."""

    x: float
    y: float
    width: float = Field(gt=0)
    height: float = Field(gt=0)

    @property
    def ratio(self) -> float:
        """Width over height."""
        return self.width / self.height


class Words(_Model):
    """One printed word or label in the card's two languages (WNI: Indonesian, WNA: English)."""

    id: str
    en: str


class TextStyle(_Model):
    """How a text may be set. Sizes are the height of the em square in millimetres.

    `size` is tried first. The text shrinks on one line down to `one_line_minimum`; where `lines` is 2 it
    is then wrapped, again from `size` down to `minimum`. See `templates.card.fit`.
    """

    font: str
    size: float = Field(gt=0)
    one_line_minimum: float = Field(gt=0)
    minimum: float = Field(gt=0)
    lines: Literal[1, 2] = 1
    align: Align = "left"

    @model_validator(mode="after")
    def _sizes_fall(self) -> Self:
        if not self.minimum <= self.one_line_minimum <= self.size:
            raise ValueError("minimum <= one_line_minimum <= size is broken")
        return self


class LayoutText(Box):
    """One text of the card, its box and the name of its style. A label has `words`, a field has none."""

    name: str
    style: str
    words: Words | None = None


class SpecimenLarge(_Model):
    """The word SPESIMEN across the card: box of its centre line, turn in degrees, light colour."""

    font: str
    size: float = Field(gt=0)
    turn: float
    centre_x: float
    centre_y: float
    colour: tuple[int, int, int]


class SpecimenSmall(Box):
    """The word SPESIMEN in small letters, in a strong colour."""

    style: str
    colour: tuple[int, int, int]


class Specimen(_Model):
    """Both marks that make a face useless as a document."""

    word: str
    large: SpecimenLarge
    small: tuple[SpecimenSmall, ...] = Field(min_length=1)


class Layout(_Model):
    """A whole card: size, fonts, texts, pictures and the English words for vocabulary values."""

    name: str
    version: int = Field(ge=1)
    width: float = Field(gt=0)
    height: float = Field(gt=0)
    fonts: dict[str, FontFile]
    styles: dict[str, TextStyle]
    texts: tuple[LayoutText, ...]
    photo: Box
    signature: Box
    specimen: Specimen
    english: dict[str, dict[str, str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        boxes: tuple[LayoutText | SpecimenSmall, ...] = (*self.texts, *self.specimen.small)
        if unknown := {box.style for box in boxes} - self.styles.keys():
            raise ValueError(f"unknown styles {sorted(unknown)}")
        roles = {style.font for style in self.styles.values()} | {self.specimen.large.font}
        if unknown := roles - self.fonts.keys():
            raise ValueError(f"no font file for the roles {sorted(unknown)}")
        for box in (self.photo, self.signature, *boxes):
            if box.x < 0 or box.y < 0 or box.x + box.width > self.width or box.y + box.height > self.height:
                raise ValueError(f"a box leaves the card: {box!r}")
        names = [text.name for text in self.texts]
        if len(names) != len(set(names)):
            raise ValueError("two texts have the same name")
        if different := FIELDS ^ {text.name for text in self.fields}:
            raise ValueError(f"fields that are missing or unknown: {sorted(different)}")
        return self

    @property
    def fields(self) -> tuple[LayoutText, ...]:
        """The texts that a person's values fill."""
        return tuple(text for text in self.texts if text.words is None)


def load_layout(path: Path = KTP_EL) -> Layout:
    """Read a layout file.

    Raises:
        LayoutError: the file is absent, is not TOML, or breaks a rule of the format.
    """
    try:
        return Layout.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LayoutError(path, str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LayoutError(path, f"{where}: {first['msg']}") from error
