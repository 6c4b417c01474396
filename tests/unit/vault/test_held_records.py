"""Holding records: taken in, found, read, and never half there."""

import os
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from station.errors import InputFault, Refused, StationError
from station.records.parts import record_of
from station.vault.holding import RecordRead
from station.vault.sealed import seal
from station.vault.segments import segment_path
from tests.fakes.vault import SoftMasterKey
from tests.unit.vault.vault_station import Guest, HoldingStation, guests


@pytest.fixture
def people(tmp_path: Path) -> list[Guest]:
    return guests(tmp_path / "people", 4)


@pytest.fixture
def station(tmp_path: Path) -> HoldingStation:
    return HoldingStation(tmp_path / "data")


def events(station: HoldingStation, name: str) -> list[tuple[str | None, str | None, str]]:
    with station.database.reading() as transaction:
        rows = transaction.execute(
            text("SELECT person, signed_by, payload FROM journal WHERE name = :name ORDER BY sequence"),
            {"name": name},
        )
        return [(row.person, row.signed_by, row.payload) for row in rows]


def test_a_held_record_is_what_was_taken_in(station: HoldingStation, people: list[Guest]) -> None:
    station.take(*people)
    for guest in people:
        content = station.holding.content(guest.record)
        assert content == record_of(guest.parts)
        assert station.holding.parts(guest.record) == guest.parts
    assert len(events(station, "record_received")) == len(people)


def test_parts_besides_the_four_stay_with_the_record(station: HoldingStation, people: list[Guest]) -> None:
    more = people[0].parts | {"finger-2.png": b"image"}
    station.take(Guest(people[0].record, people[0].nik, people[0].name, people[0].birth_date, more))
    assert station.holding.parts(people[0].record)["finger-2.png"] == b"image"
    assert station.holding.content(people[0].record) == record_of(people[0].parts)


def test_it_is_held_after_a_restart(tmp_path: Path, station: HoldingStation, people: list[Guest]) -> None:
    station.take(*people[:2])
    station.close()
    again = HoldingStation(tmp_path / "data")
    again.take(*people[2:])
    assert [again.holding.content(guest.record).data.nik for guest in people] == [one.nik for one in people]


def test_bytes_without_a_row_are_not_a_record(station: HoldingStation, people: list[Guest]) -> None:
    """The plug is pulled between the segment and the database."""
    station.holding.keep([people[0].sealed()])
    assert station.holding.find(people[0].record) is None
    station.take(people[0])
    assert station.holding.content(people[0].record).data.nik == people[0].nik


def test_a_batch_that_fails_leaves_nothing(station: HoldingStation, people: list[Guest]) -> None:
    station.take(people[0])
    with pytest.raises(Refused) as caught:
        station.take(people[1], people[0], people[2])
    assert caught.value.code == "JOURNAL_REFUSED"
    assert station.holding.find(people[1].record) is None
    assert len(events(station, "record_received")) == 1


def test_known_is_found_by_content_and_by_id(station: HoldingStation, people: list[Guest]) -> None:
    sealed, key = people[0].sealed()
    kept = station.holding.keep([(sealed, key)])[0]
    with station.database.transaction() as transaction:
        description = station.holding.describe(record_of(people[0].parts))
        assert station.holding.known(transaction, sealed) is None
        station.holding.add(transaction, kept, description, "test")
    other, _ = people[0].sealed()
    with station.database.reading() as transaction:
        same, again = (station.holding.known(transaction, one) for one in (sealed, other))
        assert station.holding.known(transaction, people[1].sealed()[0]) is None
    assert same is not None
    assert again is not None
    assert same.content_hash == sealed.content_hash == again.content_hash != other.content_hash


def test_a_description_of_another_record_is_refused(station: HoldingStation, people: list[Guest]) -> None:
    kept = station.holding.keep([people[0].sealed()])[0]
    description = station.holding.describe(record_of(people[1].parts))
    with pytest.raises(InputFault) as caught, station.database.transaction() as transaction:
        station.holding.add(transaction, kept, description, "test")
    assert caught.value.code == "RECORD_SEAL_BROKEN"


def test_people_are_found_by_nik_name_and_birth_date(station: HoldingStation, people: list[Guest]) -> None:
    station.take(*people)
    wanted = people[1]
    find = station.holding.search
    assert [one.record for one in find(nik=wanted.nik)] == [wanted.record]
    assert wanted.record in [one.record for one in find(name=wanted.name)]
    assert wanted.record in [one.record for one in find(birth_date=wanted.birth_date)]
    assert [one.record for one in find(nik=wanted.nik, name=wanted.name.split()[0].lower())] == [
        wanted.record
    ]
    assert find(nik=wanted.nik, name="NOBODYATALL") == []
    assert find(nik=wanted.nik, name="X") == []
    assert find(name=wanted.name, birth_date=date(1901, 1, 1)) == []
    assert find() == []
    assert find(nik="9999999999999999") == []


def test_only_whole_words_are_found(station: HoldingStation, people: list[Guest]) -> None:
    station.take(*people)
    word = max(people[0].name.split(), key=len)
    assert station.holding.search(name=word[:-1]) == []


def test_damaged_bytes_are_named_and_the_others_stay(
    tmp_path: Path, station: HoldingStation, people: list[Guest]
) -> None:
    station.take(*people)
    held = station.holding.require(people[1].record)
    path = segment_path(tmp_path / "data" / "vault", 1)
    content = bytearray(path.read_bytes())
    content[held.place.offset + 100] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputFault) as caught:
        station.holding.content(people[1].record)
    assert caught.value.code == "RECORD_SEAL_BROKEN"
    assert station.holding.content(people[2].record).data.nik == people[2].nik


@pytest.mark.parametrize("lost", ["cut", "gone"])
def test_lost_bytes_are_named(
    tmp_path: Path, station: HoldingStation, people: list[Guest], lost: str
) -> None:
    station.take(*people)
    path = segment_path(tmp_path / "data" / "vault", 1)
    if lost == "gone":
        path.unlink()
    else:
        os.truncate(path, path.stat().st_size - 1)
    with pytest.raises(InputFault) as caught:
        station.holding.content(people[-1].record)
    assert caught.value.code == "RECORD_SEAL_BROKEN"


def test_another_token_does_not_open_it(tmp_path: Path, station: HoldingStation, people: list[Guest]) -> None:
    station.take(people[0])
    other = HoldingStation(tmp_path / "data", SoftMasterKey(bytes(32)))
    with pytest.raises(InputFault) as caught:
        other.holding.content(people[0].record)
    assert caught.value.code == "RECORD_KEY_BROKEN"


def test_two_wrapped_keys_cannot_be_swapped(station: HoldingStation, people: list[Guest]) -> None:
    """Whoever can write the database still cannot pass one person's record off as another's."""
    station.take(*people[:2])
    first, second = (station.holding.require(one.record) for one in people[:2])
    with station.database.transaction() as transaction:
        transaction.execute(
            text("UPDATE held_records SET wrapped_key = :key WHERE record = :record"),
            {"key": second.wrapped_key, "record": first.record},
        )
    with pytest.raises(InputFault) as caught:
        station.holding.content(first.record)
    assert caught.value.code == "RECORD_KEY_BROKEN"


def test_a_person_who_reads_stands_in_the_journal(station: HoldingStation, people: list[Guest]) -> None:
    station.take(people[0])
    parts = station.holding.read_for(people[0].record, "Siti", "show", "complaint at the counter")
    assert parts == people[0].parts
    ((person, by, payload),) = events(station, "record_read")
    assert (person, by) == (station.holding.require(people[0].record).person, "Siti")
    assert RecordRead.model_validate_json(payload).reason == "complaint at the counter"


def test_a_record_that_nobody_holds(station: HoldingStation) -> None:
    with pytest.raises(Refused) as caught:
        station.holding.content("nothing")
    assert caught.value.code == "RECORD_NOT_HELD"


class AbsentToken:
    """A token that was pulled."""

    def wrap(self, record: str, key: bytes) -> bytes:
        raise StationError("TOKEN_ABSENT", token="station")

    def unwrap(self, record: str, wrapped: bytes) -> bytes:
        raise StationError("TOKEN_ABSENT", token="station")


def test_without_the_token_nothing_is_written(tmp_path: Path, people: list[Guest]) -> None:
    station = HoldingStation(tmp_path / "data", AbsentToken())
    with pytest.raises(StationError):
        station.take(people[0])
    assert not (tmp_path / "data" / "vault").exists()


def test_opening_does_not_look_at_the_segments(tmp_path: Path, people: list[Guest]) -> None:
    """However many are held: neither opening nor listing reads a byte of them."""
    station = HoldingStation(tmp_path / "data")
    station.take(*people)
    station.close()
    before = segment_path(tmp_path / "data" / "vault", 1)
    os.utime(before, (0, 0))
    again = HoldingStation(tmp_path / "data", AbsentToken())
    assert again.holding.find(people[0].record) is not None
    assert again.holding.sealed(people[0].record)[1].record == people[0].record
    assert time.gmtime(before.stat().st_mtime).tm_year == 1970


def test_the_id_of_the_seal_is_the_record_s(station: HoldingStation, people: list[Guest]) -> None:
    sealed, key = seal(people[0].record, b"not packed parts")
    kept = station.holding.keep([(sealed, key)])[0]
    with station.database.transaction() as transaction:
        description = station.holding.describe(record_of(people[0].parts))
        station.holding.add(transaction, kept, description, "test")
    with pytest.raises(InputFault) as caught:
        station.holding.content(people[0].record)
    assert caught.value.code == "RECORD_PARTS_MALFORMED"
