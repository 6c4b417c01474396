"""The parts of names and places, read from parts.toml."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class _Parts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Names(_Parts):
    """Name parts, in capitals."""

    male: tuple[str, ...]
    female: tuple[str, ...]
    middle: tuple[str, ...]
    family: tuple[str, ...]
    foreign_male: tuple[str, ...]
    foreign_female: tuple[str, ...]
    foreign_family: tuple[str, ...]


class Places(_Parts):
    """Invented places and street names."""

    villages: tuple[str, ...]
    streets: tuple[str, ...]
    districts: tuple[str, ...]


class Regency(_Parts):
    """An invented kabupaten or kota and the first four digits of its NIKs."""

    name: str
    province: str
    code: str = Field(pattern="^9[89][0-9]{2}$")

    @property
    def bare_name(self) -> str:
        """The name without its kind, as it stands under the photo."""
        return self.name.split(" ", 1)[1]


class Work(_Parts):
    """Occupations of citizens and of foreigners."""

    occupations: tuple[str, ...]
    foreign_occupations: tuple[str, ...]


class Parts(_Parts):
    """All parts."""

    names: Names
    places: Places
    regencies: tuple[Regency, ...]
    work: Work


@cache
def parts() -> Parts:
    """Return the parts, read once."""
    text = Path(__file__).with_name("parts.toml").read_text(encoding="utf-8")
    return Parts.model_validate(tomllib.loads(text))
