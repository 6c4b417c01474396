"""Patterns of numbers, and how long a letter counts."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from station.letter_settings import LARGEST_PLACE, LetterSettings
from station.letters.numbers import printed, term
from station.local_time import TimeZone
from tests.fakes.letters import SETTINGS


def with_number(pattern: str) -> LetterSettings:
    return LetterSettings.model_validate({**SETTINGS.model_dump(), "number": pattern})


@pytest.mark.parametrize(
    "pattern",
    [
        "471.13/{number:05d}/{year}",
        "{year}-{number}",
        "470/{number:04d}/437.12/{year}",
        "{number:08d}{year}",
    ],
)
def test_a_pattern_tells_every_letter_apart(pattern: str) -> None:
    settings = with_number(pattern)
    numbers = [printed(settings.number, year, place) for year in (2026, 2027) for place in (1, 10, 100_000)]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    "pattern",
    [
        "471.13/{number}",  # the second year would begin anew
        "471.13/{year}",
        "{number}/{number}/{year}",
        "{number}/{year}/{office}",
        "{number.real}/{year}",
        "{number[0]}/{year}",
        "{0}/{year}",
        "{number/{year}",
        "{number:>100}/{year}",
        "{number:c}/{year}",
        "{number}/{year}/\u00e9",
        "{number}\n{year}",
        "{number}/{year}/" + "x" * 60,
        "{number:.1e}/{year}",
    ],
)
def test_a_pattern_that_could_not_number_letters_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError):
        with_number(pattern)


@given(place=st.integers(1, LARGEST_PLACE), other=st.integers(1, LARGEST_PLACE))
def test_no_two_places_have_one_number(place: int, other: int) -> None:
    numbers = [printed(SETTINGS.number, 2026, one) for one in (place, other)]
    assert (numbers[0] == numbers[1]) == (place == other)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 28), date(2027, 5, 28)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 6, 30)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 7, 1), date(2027, 1, 1)),
    ],
)
def test_six_months_end_with_the_same_day_of_the_month(first: date, last: date) -> None:
    found = term(datetime(first.year, first.month, first.day, 3, tzinfo=UTC), 6, TimeZone.WIB)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(("zone", "day"), [(TimeZone.WIB, 28), (TimeZone.WITA, 29), (TimeZone.WIT, 29)])
def test_the_day_is_the_offices(zone: TimeZone, day: int) -> None:
    moment = datetime(2026, 11, 28, 16, 30, tzinfo=UTC)
    found = term(moment, 6, zone)
    assert found.first.day == day
    assert datetime.fromtimestamp(found.expires, zone.offset).time().isoformat() == "00:00:00"
    assert found.issued == int(moment.timestamp())


def test_two_signers_of_one_name_are_refused() -> None:
    twice = {**SETTINGS.model_dump(), "signers": [SETTINGS.signers[0].model_dump()] * 2}
    with pytest.raises(ValidationError):
        LetterSettings.model_validate(twice)
