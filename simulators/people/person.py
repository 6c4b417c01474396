"""One synthetic person: every element of a record, chosen so that 60 people cover every vocabulary."""

import datetime
import uuid
from dataclasses import dataclass
from random import Random
from typing import Final

from .naming import synthetic_name
from .nik import build_nik
from .parts import Regency, parts
from .vocabulary import (
    BLOOD_GROUPS,
    FEMALE,
    MALE,
    MARITAL_STATUSES,
    OTHER_STATUSES,
    PRINT_READY,
    RELIGIONS,
)

_RECORD_NAMESPACE: Final = uuid.UUID("5c8a3c52-6b0e-5d39-9a55-0d1f6a3f7e01")
_OLDEST_BIRTH_YEARS: Final = (1945, 1965, 1980, 1990)
_YOUNGEST_BIRTH: Final = datetime.date(2008, 12, 31)  # 17 on every day of issue
_FIRST_ISSUE: Final = datetime.date(2026, 1, 2)
_HARD_BIRTHS: Final = {12: datetime.date(1925, 8, 17), 14: datetime.date(1996, 2, 29)}
_CORRECTED_BIRTH: Final = 45  # number of the person whose NIK keeps an earlier birth date


@dataclass(frozen=True)
class Person:
    """A synthetic person, as record.json tells it. `valid_until` is None for life."""

    record_id: str
    nik: str
    name: str
    birthplace: str
    birth_date: datetime.date
    sex: str
    blood_group: str
    address: str
    rt: str
    rw: str
    village: str
    district: str
    regency: Regency
    religion: str
    marital_status: str
    occupation: str
    foreign: bool
    date_issued: datetime.date
    status: str

    @property
    def valid_until(self) -> datetime.date | None:
        """The end of a foreigner's card, five years after its issue (ITAP, assumed); None for citizens."""
        # The first of a month exists in every year, a 29 February does not.
        return self.date_issued.replace(year=self.date_issued.year + 5, day=1) if self.foreign else None


def random_source(seed: int, number: int, purpose: str) -> Random:
    """Return a random source that belongs to one purpose of one person, whatever else is drawn."""
    return Random(f"synthetic-people/{seed}/{number}/{purpose}")


def make_person(seed: int, number: int) -> Person:
    """Return person `number` (from 0) of a seed. The same arguments always give the same person."""
    random = random_source(seed, number, "person")
    # Vocabularies are walked through at different paces, so that their values meet in all combinations.
    sex = FEMALE if number % 2 else MALE
    foreign = number % 15 == 7
    birth_date = _HARD_BIRTHS.get(number) or _birth_date(random)
    places, work = parts().places, parts().work
    return Person(
        record_id=str(uuid.uuid5(_RECORD_NAMESPACE, f"{seed}/{number}")),
        nik=_nik(number, sex, birth_date, random),
        name=synthetic_name(number, sex, foreign, random),
        birthplace=random.choice(parts().regencies).bare_name,
        birth_date=birth_date,
        sex=sex,
        blood_group=BLOOD_GROUPS[number % len(BLOOD_GROUPS)],
        address=f"{random.choice(places.streets)} NO. {random.randint(1, 220)}",
        rt=f"{random.randint(1, 12):03}",
        rw=f"{random.randint(1, 24):03}",
        village=random.choice(places.villages),
        district=random.choice(places.districts),
        regency=parts().regencies[number // 3 % len(parts().regencies)],
        religion=RELIGIONS[number // 3 % len(RELIGIONS)] if number % 3 == 0 else RELIGIONS[0],
        marital_status=MARITAL_STATUSES[number // 2 % len(MARITAL_STATUSES)],
        occupation=random.choice(work.foreign_occupations if foreign else work.occupations),
        foreign=foreign,
        date_issued=_FIRST_ISSUE + datetime.timedelta(days=random.randint(0, 300)),
        status=OTHER_STATUSES[number // 4 % len(OTHER_STATUSES)] if number % 4 == 3 else PRINT_READY,
    )


def _birth_date(random: Random) -> datetime.date:
    first = datetime.date(random.choice(_OLDEST_BIRTH_YEARS), 1, 1)
    return first + datetime.timedelta(days=random.randint(0, (_YOUNGEST_BIRTH - first).days))


def _nik(number: int, sex: str, birth_date: datetime.date, random: Random) -> str:
    if number == _CORRECTED_BIRTH:
        birth_date -= datetime.timedelta(days=400)
    region = f"{random.choice(parts().regencies).code}{number // 9999 % 99 + 1:02}"
    return build_nik(region, birth_date, sex, number % 9999 + 1)
