"""NIKs that cannot be anybody's: their province code is not in use."""

import datetime
from typing import Final

from .vocabulary import FEMALE

_FEMALE_DAY_OFFSET: Final = 40  # facts: domain.md section 3


def build_nik(region: str, birth_date: datetime.date, sex: str, serial: int) -> str:
    """Return region of first registration, DDMMYY (women: DD + 40) and a serial from 0001.

    Raises:
        ValueError: the region is not six digits or the serial not 1 to 9999.
    """
    if len(region) != 6 or not 1 <= serial <= 9999:
        raise ValueError("a NIK has a six-digit region and a serial from 1 to 9999")
    day = birth_date.day + (_FEMALE_DAY_OFFSET if sex == FEMALE else 0)
    return f"{region}{day:02}{birth_date.month:02}{birth_date.year % 100:02}{serial:04}"
