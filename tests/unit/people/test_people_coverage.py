"""Sixty people meet every value of the card and every status of a record."""

import datetime
from collections import Counter

import pytest

from simulators.people.folders import JsonValue
from simulators.people.person import make_person
from simulators.people.vocabulary import OTHER_STATUSES, PRINT_READY
from templates.card.vocabulary import BLOOD_GROUP_UNKNOWN, BLOOD_GROUPS, MARITAL_STATUSES, RELIGIONS, SEXES

Records = list[dict[str, JsonValue]]

# The codes of domain.md section 5, read a second time.
FACT_SHEET_STATUSES = {
    "UNREGISTERED",
    "BIO_CAPTURED",
    "PROCESSING",
    "SENT_FOR_ENROLLMENT",
    "RECEIVED_AT_CENTRAL",
    "PRINT_READY_RECORD",
    "ENROLL_FAILURE_AT_CENTRAL",
    "ENROLL_FAILURE_AT_REGIONAL",
    "SEARCH_FAILURE_AT_CENTRAL",
    "ADJUDICATE_RECORD",
    "REQUEST_VALIDATION",
    "DUPLICATE_RECORD_ONE_TO_ONE",
    "DUPLICATE_RECORD_ONE_TO_MANY",
}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("sex", SEXES),
        ("blood_group", (*BLOOD_GROUPS, BLOOD_GROUP_UNKNOWN)),
        ("religion", RELIGIONS),
        ("marital_status", MARITAL_STATUSES),
        ("nationality", ("WNI", "WNA")),
    ],
)
def test_every_word_of_the_card_occurs_and_no_other(
    records: Records, key: str, words: tuple[str, ...]
) -> None:
    assert {record[key] for record in records} == set(words)


def test_every_status_occurs_and_one_that_nobody_knows(records: Records) -> None:
    found = {record["status"] for record in records}
    assert found >= FACT_SHEET_STATUSES
    assert len(found - FACT_SHEET_STATUSES) == 1
    assert Counter(record["status"] for record in records)[PRINT_READY] == 45


def test_statuses_are_listed_once() -> None:
    assert len(set(OTHER_STATUSES)) == len(OTHER_STATUSES)


def test_names_from_two_to_sixty_letters(records: Records) -> None:
    names = [str(record["name"]) for record in records]
    assert min(map(len, names)) == 2
    assert max(map(len, names)) == 60
    assert any("." in name and "'" in name for name in names)
    assert any(" " not in name and len(name) > 30 for name in names)


def test_kabupaten_and_kota_odd_and_even_years(records: Records) -> None:
    assert {str(record["regency"]).split()[0] for record in records} == {"KABUPATEN", "KOTA"}
    assert {int(str(record["birth_date"])[:4]) % 2 for record in records} == {0, 1}
    births = [str(record["birth_date"]) for record in records]
    assert any(birth.endswith("-02-29") for birth in births)
    assert any(birth.startswith("1925") for birth in births)


def test_both_sexes_meet_every_marital_status_and_regency_kind(records: Records) -> None:
    pairs = {(record["sex"], record["marital_status"]) for record in records}
    kinds = {(record["sex"], str(record["regency"]).split()[0]) for record in records}
    assert len(pairs) == 8
    assert len(kinds) == 4


def test_niks_follow_the_rule_but_for_the_corrected_birth_date(records: Records) -> None:
    strangers = []
    for number, record in enumerate(records, start=1):
        nik, birth = str(record["nik"]), datetime.date.fromisoformat(str(record["birth_date"]))
        assert len(nik) == 16
        assert nik.isdigit()
        assert nik[:2] in {"98", "99"}
        assert nik[12:] != "0000"
        day = birth.day + (40 if record["sex"] == "PEREMPUAN" else 0)
        if nik[6:12] != f"{day:02}{birth.month:02}{birth.year % 100:02}":
            strangers.append(number)
    assert strangers == [46]


def test_niks_and_record_ids_are_unique_in_a_large_office() -> None:
    people = [make_person(3, number) for number in range(20_400)]
    assert len({person.nik for person in people}) == len(people)
    assert len({person.record_id for person in people}) == len(people)


def test_foreigners_cards_end_and_citizens_cards_do_not(records: Records) -> None:
    for record in records:
        if record["nationality"] == "WNI":
            assert record["valid_until"] == "SEUMUR HIDUP"
        else:
            assert str(record["valid_until"]) > str(record["date_issued"])


def test_everybody_is_seventeen_and_synthetic(records: Records) -> None:
    for record in records:
        assert int(str(record["date_issued"])[:4]) - int(str(record["birth_date"])[:4]) >= 17
        assert record["synthetic"] is True
        assert record["format"] == "record/1"
        assert record["issue_number"] == 1
