"""A letter is issued: its number, its file, its rows; and what stands in the way of one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station.errors import InputFault, Refused, StationError
from station.letter_settings import LetterReason
from station.letters.claim.code import read_code
from station.letters.deciding import LetterOrder
from station.letters.files import LetterFile
from station.letters.issuing import Made
from station.letters.numbers import Taken
from station.letters.rows import LetterState
from station.letters.verification import Genuineness, judge_code
from tests.fakes.letters import LOST, LetterClock, LetterStation
from tests.unit.vault.vault_station import Guest


class BrokenSigner:
    """A token that goes away in the middle."""

    def sign(self, pdf: bytes) -> bytes:
        raise StationError("TOKEN_ABSENT", token="letters", details="gone")


def refused(station: LetterStation, guest: Guest, order: LetterOrder = LOST) -> str:
    with pytest.raises(StationError) as caught:
        station.issue(guest, order)
    return caught.value.code


def test_a_letter_states_the_person_and_is_sealed(station: LetterStation, crowd: list[Guest]) -> None:
    letter = station.issue(crowd[0])
    assert letter.number == "471.13/00001/99.01.325/2026"
    assert (letter.issued_on, letter.valid_until) == ("2026-11-28", "2027-05-28")
    file = station.file(letter)
    assert file.pdf.startswith(b"%PDF-1.7")
    signed = read_code(file.code, lambda wanted: station.key.trusted())
    assert (signed.statement.nik, signed.statement.number) == (crowd[0].nik, letter.number)
    assert (signed.statement.year, signed.statement.place) == (2026, 1)
    verdict = judge_code(file.code, lambda wanted: station.key.trusted(), [], station.clock.now())
    assert verdict.genuineness is Genuineness.GENUINE


def test_it_counts_to_the_end_of_its_last_day_in_the_offices_time(
    station: LetterStation, crowd: list[Guest]
) -> None:
    code = station.file(station.issue(crowd[0])).code
    end = datetime(2027, 5, 28, 17, 0, tzinfo=UTC)  # midnight in WIB
    trusted = station.key.trusted()
    for moment, wanted in ((end - timedelta(seconds=1), "genuine"), (end, "expired")):
        assert judge_code(code, lambda wanted: trusted, [], moment).genuineness == wanted


def test_nothing_of_the_person_is_on_the_disk(station: LetterStation, crowd: list[Guest]) -> None:
    letter = station.issue(crowd[0])
    code = station.file(letter).code
    station.close()
    for secret in (crowd[0].nik, crowd[0].name, code[:40]):
        found = [
            file.name
            for file in station.folder.rglob("*")
            if file.is_file() and secret.encode() in file.read_bytes()
        ]
        assert found == [], secret


def test_a_second_valid_letter_is_refused(station: LetterStation, crowd: list[Guest]) -> None:
    station.issue(crowd[0])
    assert refused(station, crowd[0]) == "LETTER_VALID_ALREADY"
    assert len(station.letters()) == 1


def test_a_second_record_of_the_same_person_gets_no_second_letter(
    station: LetterStation, crowd: list[Guest]
) -> None:
    parts = dict(crowd[0].parts)
    parts["record.json"] = parts["record.json"].replace(crowd[0].record.encode(), b"another-record")
    twin = Guest("another-record", crowd[0].nik, crowd[0].name, crowd[0].birth_date, parts)
    station.hold(twin)
    station.issue(crowd[0])
    assert refused(station, twin) == "LETTER_VALID_ALREADY"


def test_after_it_has_expired_another_follows_and_takes_it_back(
    station: LetterStation, crowd: list[Guest]
) -> None:
    first = station.issue(crowd[0])
    station.clock.sleep(200 * 86_400.0)
    second = station.issue(crowd[0])
    assert (second.number, second.renews) == ("471.13/00001/99.01.325/2027", first.number)
    old = station.find(first.number)
    assert (old.state, old.cause) == (LetterState.WITHDRAWN, "expired")


def test_a_renewed_letter_is_withdrawn_with_the_new_one(station: LetterStation, crowd: list[Guest]) -> None:
    first = station.issue(crowd[0])
    second = station.issuing.renew(first.number, LOST)
    assert (second.place, second.renews) == (2, first.number)
    old = station.find(first.number)
    assert (old.state, old.cause) == (LetterState.WITHDRAWN, "renewed")
    with pytest.raises(Refused) as caught:
        station.issuing.renew(first.number, LOST)
    assert caught.value.code == "LETTER_NOT_ISSUED"


def test_a_group_takes_its_numbers_in_order_and_shares_one_sync(
    station: LetterStation, crowd: list[Guest], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [station.issuing.open(guest.record) for guest in crowd]
    taken = station.issuing.take(people, LOST)
    assert [one.facts.place for one in taken if isinstance(one, Taken)] == [1, 2, 3, 4, 5, 6]
    syncs: list[int] = []
    monkeypatch.setattr("station.vault.segments.os.fdatasync", syncs.append)
    made = [Made(one, LetterFile("CODE", b"%PDF")) for one in taken if isinstance(one, Taken)]
    issued = station.issuing.finish(made, "Siti")
    assert [letter.state for letter in issued] == [LetterState.ISSUED] * 6
    assert len(syncs) == 1


def test_one_refusal_in_a_group_uses_no_number(station: LetterStation, crowd: list[Guest]) -> None:
    station.issue(crowd[1])
    outcomes = station.issuing.take([station.issuing.open(guest.record) for guest in crowd[:3]], LOST)
    assert [one.facts.place if isinstance(one, Taken) else one.code for one in outcomes] == [
        2,
        "LETTER_VALID_ALREADY",
        3,
    ]


def test_a_person_twice_in_a_group_gets_one_number(station: LetterStation, crowd: list[Guest]) -> None:
    person = station.issuing.open(crowd[0].record)
    outcomes = station.issuing.take([person, person], LOST)
    assert isinstance(outcomes[0], Taken)
    assert isinstance(outcomes[1], Refused)
    assert outcomes[1].code == "LETTER_BEGUN"


def test_what_cannot_be_drawn_uses_no_number(tmp_path: Path, crowd: list[Guest]) -> None:
    parts = dict(crowd[0].parts)
    parts["record.json"] = parts["record.json"].replace(crowd[0].name.encode(), "\u6c49".encode())
    odd = Guest(crowd[0].record, crowd[0].nik, "", crowd[0].birth_date, parts)
    station = LetterStation(tmp_path / "odd")
    station.hold(odd)
    with pytest.raises(InputFault) as caught:
        station.issue(odd)
    assert caught.value.code == "LETTER_UNDRAWABLE"
    assert station.letters() == []


def test_a_token_that_goes_away_leaves_the_number_for_the_same_letter(
    tmp_path: Path, station: LetterStation, crowd: list[Guest]
) -> None:
    broken = LetterStation(station.folder, station.clock, pdf_signer=BrokenSigner())
    assert refused(broken, crowd[0]) == "TOKEN_ABSENT"
    (begun,) = station.issuing.begun()
    station.clock.sleep(3600.0)
    assert (
        refused(station, crowd[0], LetterOrder(LetterReason.LOST, "nobody", "Siti"))
        == "LETTER_SIGNER_UNKNOWN"
    )
    letter = station.issue(crowd[0])
    assert (letter.place, letter.number) == (1, begun.number)
    statement = read_code(station.file(letter).code, lambda wanted: station.key.trusted()).statement
    assert statement.issued == int((station.clock.now() - timedelta(hours=1)).timestamp())
    assert station.issuing.begun() == []


def test_other_facts_make_the_begun_number_void(station: LetterStation, crowd: list[Guest]) -> None:
    broken = LetterStation(station.folder, station.clock, pdf_signer=BrokenSigner())
    refused(broken, crowd[0])
    letter = station.issue(crowd[0], LetterOrder(LetterReason.LOST, "sekretaris", "Siti"))
    assert letter.place == 2
    first, _ = station.letters()
    assert (first.state, first.cause) == (LetterState.VOID, "other_facts")


def test_the_year_turns_in_the_offices_time(tmp_path: Path, crowd: list[Guest]) -> None:
    clock = LetterClock(datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC))
    station = LetterStation(tmp_path / "newyear", clock)
    station.hold(*crowd)
    assert station.issue(crowd[0]).number == "471.13/00001/99.01.325/2026"
    clock.sleep(1)
    assert station.issue(crowd[1]).number == "471.13/00001/99.01.325/2027"
    assert station.issue(crowd[2]).number == "471.13/00002/99.01.325/2027"


def test_a_full_disk_is_said_before_a_number_is_used(station: LetterStation, crowd: list[Guest]) -> None:
    def full() -> None:
        raise Refused("DISK_STOPS_CARDS", folder="/data", free=1, coming=0)

    station.has_room = full
    assert refused(station, crowd[0]) == "DISK_STOPS_CARDS"
    assert station.letters() == []
