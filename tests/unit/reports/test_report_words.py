"""Numbers and dates as an Indonesian office writes them."""

from datetime import date, datetime

import pytest

from templates.reports import words


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (101, "seratus satu"),
        (111, "seratus sebelas"),
        (999, "sembilan ratus sembilan puluh sembilan"),
        (1000, "seribu"),
        (1001, "seribu satu"),
        (1100, "seribu seratus"),
        (2017, "dua ribu tujuh belas"),
        (2707, "dua ribu tujuh ratus tujuh"),
        (11_000, "sebelas ribu"),
        (57_540, "lima puluh tujuh ribu lima ratus empat puluh"),
        (101_000, "seratus satu ribu"),
        (1_000_000, "satu juta"),
        (-3, "minus tiga"),
    ],
)
def test_numbers_in_words(number: int, text: str) -> None:
    assert words.in_words(number) == text


def test_every_number_up_to_ten_thousand_has_words_of_its_own() -> None:
    written = {words.in_words(number) for number in range(10_001)}
    assert len(written) == 10_001
    assert not [text for text in written if "satu puluh" in text or "satu belas" in text or "  " in text]


def test_figures_have_the_thousands_point_and_the_decimal_comma() -> None:
    assert words.figures(57_540) == "57.540"
    assert words.percent(2707 / 57_540) == "4,7\u00a0%"
    assert words.percent(None) == "\u2013"
    assert [words.signed(number) for number in (-1200, 0, 3)] == ["\u22121.200", "0", "+3"]


def test_dates_are_written_out() -> None:
    on = date(2017, 3, 17)
    assert words.day_and_date(on) == "Jumat, 17 Maret 2017"
    assert words.date_in_words(on) == (
        "Jumat, tanggal tujuh belas bulan Maret tahun dua ribu tujuh belas (17-03-2017)"
    )
    assert words.clock_time(datetime(2017, 3, 17, 14, 5)) == "14.05"  # noqa: DTZ001 # a wall clock's


@pytest.mark.parametrize(
    ("regency", "town"),
    [("KABUPATEN JEMBER", "Jember"), ("KOTA BATU", "Batu"), ("KABUPATEN ACEH BARAT", "Aceh Barat")],
)
def test_a_paper_is_signed_in_the_town(regency: str, town: str) -> None:
    assert words.town(regency) == town
    assert words.in_capitals(regency).endswith(town)
