"""The NIK: 16 digits, 6 region + DDMMYY (women: DD + 40) + 4 serial. It never changes, so it only warns.

Source: PP 37/2007 art. 37; UU 23/2006 art. 13. No check digit.
"""

from datetime import date

from station.language import marked

FEMALE_OFFSET = 40


def masked(nik: str) -> str:
    """Show a NIK so that a person at the counter recognises it and a log does not give it away."""
    return f"{nik[:4]}********{nik[-4:]}"


def nik_warnings(nik: str, birth_date: date, female: bool) -> tuple[str, ...]:
    """Say what in a NIK does not fit the record. It stays when a birth date is corrected: never a block.

    The century comes from the record's birth date, never from today's year.
    """
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    warnings = []
    if (day > FEMALE_OFFSET) != female:
        warnings.append(marked("The NIK and the record differ in the sex."))
    if (day % FEMALE_OFFSET, month, year) != (birth_date.day, birth_date.month, birth_date.year % 100):
        warnings.append(marked("The NIK and the record differ in the birth date."))
    return tuple(warnings)
