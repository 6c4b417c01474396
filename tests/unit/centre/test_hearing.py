"""What the centre says: statuses, print-ready records, cursors; and the gate that believes it alone."""

from pathlib import Path

import pytest

from simulators.centre.verdicts import DUPLICATE, Deduplication
from simulators.people.folders import write_people
from station.errors import Refused, StationError
from station.exchange.pulling import Pulling
from station.gate.gate import Candidate
from station.records.folder import read_record
from station.vault.store import find
from tests.fakes.centre import NAME, RunningCentre, SendingStation

DAY = 24 * 3600.0


def refusal(station: SendingStation, folder: Path | None = None, record: str = "") -> str:
    """Why the gate does not let a record through; empty when it does."""
    if folder is not None:
        read = read_record(folder)
        candidate = Candidate(read.data.record_id, read.sha256, read.data.status)
    else:
        with station.database.reading() as transaction:
            held = find(transaction, record)
        assert held is not None
        candidate = Candidate(record, held.record_sha256, held.local_status)
    with station.database.reading() as transaction:
        try:
            station.gate.require_printable(transaction, candidate)
        except Refused as error:
            return error.code
    return ""


def ids(station: SendingStation) -> list[str]:
    return [str(row[0]) for row in station.values("SELECT record FROM held_records ORDER BY rowid")]


def test_a_record_is_printable_when_the_centre_has_said_so(
    station: SendingStation, centre: RunningCentre
) -> None:
    station.record(1)
    (record,) = ids(station)
    assert refusal(station, record=record) == "RECORD_NOT_PRINT_READY"
    station.round()
    assert refusal(station, record=record) == ""


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("ADJUDICATE_RECORD", "RECORD_NOT_PRINT_READY"),
        ("ENROLL_FAILURE_AT_CENTRAL", "RECORD_NOT_PRINT_READY"),
        ("SEARCH_FAILURE_AT_CENTRAL", "RECORD_NOT_PRINT_READY"),
        ("CARD_PRINTED", "STATUS_UNKNOWN"),
        ("PRINT_READY", "STATUS_UNKNOWN"),
    ],
)
def test_whatever_else_it_says_closes_the_gate(
    station: SendingStation, centre: RunningCentre, status: str, code: str
) -> None:
    station.record(1)
    (record,) = ids(station)
    centre.person("set_verdict", record=record, status=status)
    station.round()
    assert refusal(station, record=record) == code


def test_the_list_of_held_records_shows_what_was_said_of_each(
    station: SendingStation, centre: RunningCentre
) -> None:
    station.record(3)
    first, second, third = ids(station)
    centre.person("set_verdict", record=second, status="ADJUDICATE_RECORD")
    station.round()
    centre.person("pass_time", seconds=DAY)
    station.record(1, first=3)
    station.round()
    fourth = ids(station)[-1]
    rows = station.values("SELECT record, centre_status, centre_status_at FROM held_records")
    shown = {row[0]: row[1] for row in rows}
    assert shown == {
        first: "PRINT_READY_RECORD",
        second: "ADJUDICATE_RECORD",
        third: "PRINT_READY_RECORD",
        fourth: "PRINT_READY_RECORD",
    }
    moments = {row[0]: str(row[2]) for row in rows}
    assert moments[first] == moments[second] < moments[fourth]


def test_a_file_that_calls_itself_print_ready_opens_nothing(
    station: SendingStation, centre: RunningCentre, tmp_path: Path
) -> None:
    (folder,) = write_people(4, 1, tmp_path / "people", "PRINT_READY_RECORD")
    assert refusal(station, folder) == "CENTRE_STATUS_MISSING"
    centre.person("announce", station=NAME, folders=[str(folder)])
    station.round()
    assert refusal(station, folder) == ""
    text = (folder / "record.json").read_text()
    (folder / "record.json").write_text(text.replace('"A"', '"B"', 1) + " ")  # another's file, the same id
    assert refusal(station, folder) == "CENTRE_STATUS_OF_OTHER_FILES"


def test_a_recording_teams_bundle_that_says_print_ready_opens_nothing(station: SendingStation) -> None:
    from simulators.recording_station.recordings import recordings
    from simulators.recording_station.sealing import sealed
    from tests.fakes.exchange import SENDER, STATION

    (person,) = recordings(5, 1, "PRINT_READY_RECORD")
    file = station.folder / "team.bundle"
    SENDER.write(file, [sealed(person.record, person.captured_at, person.parts)], STATION.public_key())
    station.take(file)
    assert refusal(station, record=person.record) == "CENTRE_STATUS_MISSING"


def test_published_records_come_in_and_may_be_printed(
    station: SendingStation, centre: RunningCentre, tmp_path: Path
) -> None:
    folders = write_people(3, 3, tmp_path / "people", "PRINT_READY_RECORD")
    centre.person("publish", station=NAME, folders=[str(one) for one in folders])
    done = station.round()
    assert (done.heard.bundles, done.heard.records) == (1, 3)
    for record in ids(station):
        assert refusal(station, record=record) == ""
    assert station.backlog().left == 0
    assert station.round().heard.bundles == 0
    assert not list((station.folder / "from-centre").iterdir())


def test_a_person_recorded_elsewhere_comes_byte_for_byte(tmp_path: Path, centre: RunningCentre) -> None:
    here = SendingStation(tmp_path / "here", centre, name="here-1")
    there = SendingStation(tmp_path / "there", centre, name="there-1")
    (content_hash,) = there.record(1)
    there.round()
    there.round()
    centre.person("publish_received", station="here-1", content_hash=content_hash)
    here.round()
    (record,) = ids(here)
    with here.database.reading() as transaction:
        held = find(transaction, record)
    assert held is not None
    assert held.content_hash == content_hash
    assert refusal(here, record=record) == ""
    for station in (here, there):
        station.close()


def test_two_stations_with_the_same_record_count_it_once(tmp_path: Path, centre: RunningCentre) -> None:
    from simulators.recording_station.recordings import recordings
    from simulators.recording_station.sealing import sealed
    from tests.fakes.exchange import SENDER, STATION

    (person,) = recordings(6, 1, None)
    same = sealed(person.record, person.captured_at, person.parts)
    stations = [SendingStation(tmp_path / name, centre, name=name) for name in ("one-1", "two-1")]
    for station in stations:
        file = station.folder / "team.bundle"
        SENDER.write(file, [same], STATION.public_key())
        station.take(file)
        station.round()
    for station in stations:
        station.round()
        assert station.delivery(same.sha256).receipt_number == 1
        assert refusal(station, record=person.record) == ""
        station.close()
    assert [(row["arrivals"], row["number"]) for row in centre.received()] == [(2, 1)]


def test_a_bundle_that_is_cut_goes_on_where_it_was_cut(
    station: SendingStation, centre: RunningCentre, tmp_path: Path
) -> None:
    folders = write_people(3, 4, tmp_path / "people", "PRINT_READY_RECORD")
    centre.person("publish", station=NAME, folders=[str(one) for one in folders])
    centre.fault("cut_answer:GET:60000", at=4)  # flags, statuses, list, bundle
    with pytest.raises(StationError) as caught:
        station.round()
    assert caught.value.code == "CENTRE_ANSWER_LOST"
    (partial,) = (station.folder / "from-centre").iterdir()
    assert 50000 < partial.stat().st_size < 60000
    assert station.round().heard.records == 4


def test_a_killed_pull_hears_nothing_twice(
    station: SendingStation, centre: RunningCentre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = write_people(3, 2, tmp_path / "people", "PRINT_READY_RECORD")
    centre.person("publish", station=NAME, folders=[str(one) for one in folders])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Pulling, "_take", die)
        with pytest.raises(KeyboardInterrupt):
            station.round()
    station.restart()
    assert station.round().heard.records == 2
    assert station.count("held_records") == 2


def test_a_cursor_that_the_centre_has_forgotten_begins_again(
    station: SendingStation, centre: RunningCentre
) -> None:
    station.record(2)
    station.round()
    with station.database.transaction() as transaction:
        transaction.exec_driver_sql("UPDATE centre_marks SET value = 'x9' WHERE name = 'cursor_statuses'")
    station.round()
    station.round()
    assert station.count("centre_statuses") == 2
    assert station.values("SELECT value FROM centre_marks WHERE name = 'cursor_statuses'") == [("c4",)]


def test_what_was_said_earlier_never_replaces_what_was_said_later(
    station: SendingStation, centre: RunningCentre
) -> None:
    station.record(1)
    (record,) = ids(station)
    station.round()
    assert refusal(station, record=record) == ""
    with station.database.transaction() as transaction:
        transaction.exec_driver_sql("UPDATE centre_marks SET value = '' WHERE name = 'cursor_statuses'")
    station.round()  # everything is heard again, the first word first
    assert refusal(station, record=record) == ""


def test_months_of_search_and_then_a_verdict(tmp_path: Path) -> None:
    held = 24  # each takes as long as its hash says, and that is new each time: all alike is 1 in 2**23
    slow = Deduplication(shortest=20 * DAY, longest=180 * DAY, seed=3)
    with RunningCentre(tmp_path / "centre", deduplication=slow) as centre:
        station = SendingStation(tmp_path / "station", centre)
        station.record(held)
        station.round()
        before = [refusal(station, record=one) for one in ids(station)]
        assert before == ["RECORD_NOT_PRINT_READY"] * held
        centre.person("pass_time", seconds=100 * DAY)
        station.round()
        some = [refusal(station, record=one) for one in ids(station)]
        assert 0 < some.count("") < held
        centre.person("pass_time", seconds=81 * DAY)
        station.round()
        assert [refusal(station, record=one) for one in ids(station)] == [""] * held
        station.close()


def test_the_same_person_twice_is_a_duplicate(station: SendingStation, centre: RunningCentre) -> None:
    from simulators.recording_station.recordings import recordings
    from simulators.recording_station.sealing import sealed
    from tests.fakes.exchange import SENDER, STATION

    (person,) = recordings(6, 1, None)
    other = {
        **person.parts,
        "record.json": person.parts["record.json"].replace(
            person.record.encode(), b"another-recording-of-it"
        ),
    }
    items = [
        sealed(person.record, person.captured_at, person.parts),
        sealed("another-recording-of-it", person.captured_at, other),
    ]
    file = station.folder / "team.bundle"
    SENDER.write(file, items, STATION.public_key())
    station.take(file)
    station.round()
    statuses = set(station.values("SELECT record, status FROM centre_statuses"))
    assert statuses == {(person.record, "PRINT_READY_RECORD"), ("another-recording-of-it", DUPLICATE)}
