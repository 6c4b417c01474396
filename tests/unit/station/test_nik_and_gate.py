"""NIK warnings never block, and the gate lets only print-ready records through."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.errors import Refused
from station.gate.gate import require_printable
from station.gate.statuses import STATUSES
from station.language import Language
from station.records.nik import masked, nik_warnings

EXAMPLES = settings(max_examples=200)
SEX, BIRTH = "The NIK and the record differ in the sex.", "The NIK and the record differ in the birth date."


def nik_of(birth: date, female: bool) -> str:
    """PP 37/2007 art. 37: the day of women is 40 higher."""
    return f"320101{birth.day + 40 * female:02}{birth.month:02}{birth.year % 100:02}0001"


@EXAMPLES
@given(birth=st.dates(date(1900, 1, 1), date(2099, 12, 31)), female=st.booleans())
def test_a_nik_of_its_holder_raises_no_doubt_in_any_century(birth: date, female: bool) -> None:
    assert nik_warnings(nik_of(birth, female), birth, female) == ()


@EXAMPLES
@given(birth=st.dates(date(1900, 1, 1), date(2099, 12, 31)), female=st.booleans())
def test_the_other_sex_is_one_doubt_and_not_two(birth: date, female: bool) -> None:
    assert nik_warnings(nik_of(birth, female), birth, not female) == (SEX,)


@pytest.mark.parametrize("other", [date(1990, 5, 4), date(1990, 6, 5), date(1991, 5, 5)])
def test_another_birth_date_is_a_doubt(other: date) -> None:
    assert nik_warnings(nik_of(date(1990, 5, 5), female=True), other, True) == (BIRTH,)


def test_the_century_is_the_records_own() -> None:
    assert nik_warnings(nik_of(date(1917, 3, 17), female=False), date(2017, 3, 17), False) == ()


@EXAMPLES
@given(nik=st.from_regex(r"\A[0-9]{16}\Z"), birth=st.dates(), female=st.booleans())
def test_no_nik_whatever_does_more_than_warn(nik: str, birth: date, female: bool) -> None:
    language = Language("id")
    for warning in nik_warnings(nik, birth, female):
        assert language.text(warning) != warning


def test_a_masked_nik_gives_nobody_away() -> None:
    assert masked("3201014505900001") == "3201********0001"


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_each_status_is_let_through_or_refused_with_its_meaning(status: str) -> None:
    if status == "PRINT_READY_RECORD":
        require_printable(status)
        return
    with pytest.raises(Refused) as refused:
        require_printable(status)
    assert refused.value.code == "RECORD_NOT_PRINT_READY"
    language = Language("id")
    assert language.text(STATUSES[status].meaning) != STATUSES[status].meaning
    assert language.text(STATUSES[status].remedy) != STATUSES[status].remedy


def test_one_status_alone_is_printable() -> None:
    assert [name for name, status in STATUSES.items() if status.printable] == ["PRINT_READY_RECORD"]


@pytest.mark.parametrize(
    "status",
    [
        "",
        "print_ready_record",
        "PRINT_READY_RECORD ",
        "PRINT READY RECORD",
        "PRR",
        "PRINT_READY",
        "Siap cetak",
    ],
)
def test_what_only_looks_print_ready_is_unknown(status: str) -> None:
    with pytest.raises(Refused) as refused:
        require_printable(status)
    assert refused.value.code == "STATUS_UNKNOWN"


@EXAMPLES
@given(status=st.text(max_size=30))
def test_whatever_is_not_in_the_table_is_refused(status: str) -> None:
    with pytest.raises(Refused):
        require_printable(status)
