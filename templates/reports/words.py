"""Indonesian numbers and dates, as figures and in words."""

from datetime import date, datetime

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
UNITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
SCALES = ((1_000_000_000, "miliar"), (1_000_000, "juta"), (1000, "ribu"), (100, "ratus"), (10, "puluh"))
# "one" before these is written together: sepuluh, seratus, seribu.
JOINED = {"ribu": "seribu", "ratus": "seratus", "puluh": "sepuluh"}


def in_words(number: int) -> str:
    """Write a number in words: 2707 is dua ribu tujuh ratus tujuh."""
    if number < 0:
        return f"minus {in_words(-number)}"
    if number < 10:
        return UNITS[number]
    if 10 < number < 20:
        return "sebelas" if number == 11 else f"{UNITS[number - 10]} belas"
    size, name = next(scale for scale in SCALES if number >= scale[0])
    head, rest = divmod(number, size)
    words = JOINED[name] if head == 1 and name in JOINED else f"{in_words(head)} {name}"
    return f"{words} {in_words(rest)}" if rest else words


def figures(number: int) -> str:
    """Write a number in figures: 57540 is 57.540."""
    return f"{number:,}".replace(",", ".")


def signed(number: int) -> str:
    """Write a difference: with its sign, and with the true minus."""
    return "0" if number == 0 else ("+" if number > 0 else "\u2212") + figures(abs(number))


def percent(share: float | None) -> str:
    """Write a share: 0.04705 is 4,7 %; a dash when there is none."""
    return "\u2013" if share is None else f"{share * 100:.1f}".replace(".", ",") + "\u00a0%"


def long_date(on: date) -> str:
    """Write a date: 17 Maret 2017."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def day_and_date(on: date) -> str:
    """Write a date with its day: Jumat, 17 Maret 2017."""
    return f"{DAYS[on.weekday()]}, {long_date(on)}"


def date_in_words(on: date) -> str:
    """Write a date as minutes begin: Jumat, tanggal tujuh belas bulan Maret tahun dua ribu tujuh belas."""
    return (
        f"{DAYS[on.weekday()]}, tanggal {in_words(on.day)} bulan {MONTHS[on.month - 1]} "
        f"tahun {in_words(on.year)} ({on:%d-%m-%Y})"
    )


def clock_time(at: datetime) -> str:
    """Write a time of day: 14.05."""
    return f"{at:%H.%M}"


def sentence(text: str) -> str:
    """Begin with a capital; what follows stays as it is."""
    return text[:1].upper() + text[1:]


def in_capitals(words: str) -> str:
    """A place's name as names are written in text: KABUPATEN JEMBER becomes Kabupaten Jember."""
    return " ".join(word.capitalize() for word in words.split())


def town(regency: str) -> str:
    """The name that stands before the date of a paper: KABUPATEN JEMBER signs in Jember."""
    first, _, rest = regency.partition(" ")
    return in_capitals(rest if first in ("KABUPATEN", "KOTA") and rest else regency)
