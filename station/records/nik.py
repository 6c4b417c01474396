"""The NIK: 16 digits, 6 region + DDMMYY (women: DD + 40) + 4 serial. It never changes, so it only warns.

Source: PP 37/2007 art. 37; UU 23/2006 art. 13. No check digit.
"""

import re
from datetime import date

from station.errors import Refused
from station.language import marked

FEMALE_OFFSET = 40
LOOKS_LIKE_NIK = re.compile(r"(?<![0-9])[0-9](?:[ .-]?[0-9]){15}(?![0-9])")


def masked(nik: str) -> str:
    """Show a NIK so that a person at the counter recognises it and a log does not give it away."""
    return f"{nik[:4]}********{nik[-4:]}"


# Reasons of warnings, by code; `nik_codes` finds them.
NIK_WARNINGS = {
    "NIK_SEX_DIFFERS": marked("The NIK and the record differ in the sex."),
    "NIK_BIRTH_DATE_DIFFERS": marked("The NIK and the record differ in the birth date."),
}


def nik_codes(nik: str, birth_date: date, female: bool) -> tuple[str, ...]:
    """Say by code what in a NIK does not fit the record.

    It stays when a birth date is corrected: never a block. The century comes from the record's birth date,
    never from today's year. A day or month that cannot be differs from every birth date.
    """
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    codes = []
    if (day > FEMALE_OFFSET) != female:
        codes.append("NIK_SEX_DIFFERS")
    if (day % FEMALE_OFFSET, month, year) != (birth_date.day, birth_date.month, birth_date.year % 100):
        codes.append("NIK_BIRTH_DATE_DIFFERS")
    return tuple(codes)


def nik_warnings(nik: str, birth_date: date, female: bool) -> tuple[str, ...]:
    """The same in sentences, marked for translation."""
    return tuple(NIK_WARNINGS[code] for code in nik_codes(nik, birth_date, female))


def require_no_nik(text: str) -> None:
    """See that no NIK stands in a text that is written into the journal: it is kept for good.

    Raises:
        Refused: REASON_NAMES_NIK.
    """
    if LOOKS_LIKE_NIK.search(text):
        raise Refused("REASON_NAMES_NIK")
