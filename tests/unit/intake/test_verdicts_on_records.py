"""What becomes of each record: accepted, a duplicate, or set aside; one never blocks another."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from simulators.recording_station.recordings import Recording, recording
from simulators.recording_station.sealing import Sealed, sealed, sealed_bytes
from tests.fakes.exchange import SENDER, STATION, STRANGER, trust
from tests.fakes.intake import IntakeStation
from tests.unit.bundles.bundle_maker import draft, sealed_people, write, write_people

Change = Callable[[dict[str, bytes]], object]


def bundle_of(file: Path, *records: Sealed) -> Path:
    return write(file, SENDER.draft(records, STATION.public_key()))


def changed(number: int, change: Change, person: Recording | None = None) -> Sealed:
    person = person or recording(7, number, None)
    parts = dict(person.parts)
    change(parts)
    return sealed(person.record, person.captured_at, parts)


def edit(**values: object) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        data = json.loads(parts["record.json"])
        parts["record.json"] = json.dumps({**data, **values}).encode()

    return change


def drop(name: str) -> Change:
    return lambda parts: parts.pop(name)


def put(name: str, content: bytes) -> Change:
    return lambda parts: parts.__setitem__(name, content)


def codes(station: IntakeStation) -> list[object]:
    return [code for (code,) in station.values("SELECT code FROM intake_verdicts ORDER BY intake, position")]


def test_records_are_held_and_open_again(station: IntakeStation, tmp_path: Path) -> None:
    (result,) = station.take(write_people(tmp_path / "a.bundle", 5))
    assert (result.accepted, result.duplicates, result.set_aside, result.finished) == (5, 0, [], True)
    assert station.count("held_records") == 5
    station.check_whole()


def test_the_same_bundle_again_changes_nothing(station: IntakeStation, tmp_path: Path) -> None:
    file = write_people(tmp_path / "a.bundle", 3)
    station.take(file)
    rows = station.count("journal")
    (result,) = station.take(file)
    assert (result.before, result.accepted, result.duplicates) == (3, 0, 0)
    assert station.count("journal") == rows


def test_a_copy_of_a_bundle_beside_it_changes_nothing(station: IntakeStation, tmp_path: Path) -> None:
    file = write_people(tmp_path / "a.bundle", 2)
    copy = tmp_path / "copy of a.bundle"
    copy.write_bytes(file.read_bytes())
    first, second = station.take(file, copy)
    assert (first.accepted, second.duplicates, second.finished) == (2, 2, True)
    assert codes(station) == [None, None]
    assert station.count("intake_verdicts", "verdict = 'accepted'") == 2
    station.check_whole()


def test_the_same_sealed_records_in_another_bundle_are_duplicates(
    station: IntakeStation, tmp_path: Path
) -> None:
    people = sealed_people(3)
    station.take(bundle_of(tmp_path / "a.bundle", *people))
    (result,) = station.take(bundle_of(tmp_path / "b.bundle", *reversed(people)))
    assert (result.accepted, result.duplicates) == (0, 3)
    station.check_whole()


def test_a_record_that_was_sealed_anew_is_a_duplicate(station: IntakeStation, tmp_path: Path) -> None:
    station.take(write_people(tmp_path / "a.bundle", 2))
    (result,) = station.take(write_people(tmp_path / "b.bundle", 2))
    assert (result.accepted, result.duplicates) == (0, 2)
    station.check_whole()


def test_the_same_record_twice_in_one_bundle(station: IntakeStation, tmp_path: Path) -> None:
    (one,) = sealed_people(1)
    (result,) = station.take(bundle_of(tmp_path / "a.bundle", one, one))
    assert (result.accepted, result.duplicates) == (1, 1)
    station.check_whole()


def test_other_content_under_an_id_is_set_aside_and_kept(station: IntakeStation, tmp_path: Path) -> None:
    station.take(write_people(tmp_path / "a.bundle", 1))
    file = bundle_of(tmp_path / "b.bundle", changed(0, edit(occupation="PETANI BARU")), *sealed_people(1, 1))
    (result,) = station.take(file)
    assert (result.accepted, [one.trouble.code for one in result.set_aside]) == (1, ["RECORD_CONFLICT"])
    assert station.count("set_aside", "state = 'waiting'") == 1
    station.check_whole()


def test_a_second_recording_of_a_person_is_held_with_a_warning(
    station: IntakeStation, tmp_path: Path
) -> None:
    station.take(write_people(tmp_path / "a.bundle", 1))
    person = recording(7, 0, None)
    again = Recording("0" * 31 + "a", person.nik, person.name, "2026-11-20T08:00:00Z", person.parts)
    (result,) = station.take(
        bundle_of(tmp_path / "b.bundle", changed(0, edit(record_id=again.record), again))
    )
    assert (result.accepted, result.warned) == (1, [(again.record, ("PERSON_HELD_BEFORE",))])


BAD: Mapping[str, tuple[Change, str]] = {
    "no photo": (drop("photo.jpg"), "RECORD_FILE_MISSING"),
    "no json": (put("record.json", b"{"), "RECORD_MALFORMED"),
    "json of numbers": (put("record.json", b"[1,2]"), "RECORD_MALFORMED"),
    "deep json": (put("record.json", b"[" * 100_000), "RECORD_MALFORMED"),
    "unknown field": (edit(blood="A"), "RECORD_MALFORMED"),
    "short NIK": (edit(nik="123"), "RECORD_MALFORMED"),
    "serial 0000": (edit(nik="9801010101900000"), "RECORD_MALFORMED"),
    "no such day": (edit(birth_date="1990-02-30"), "RECORD_MALFORMED"),
    "another id": (edit(record_id="11111111-aaaa"), "RECORD_ID_DIFFERS"),
    "photo is text": (put("photo.jpg", b"hello"), "PHOTO_UNREADABLE"),
    "photo is cut": (lambda parts: parts.update({"photo.jpg": parts["photo.jpg"][:-9]}), "PHOTO_UNREADABLE"),
    "photo is a PNG": (
        lambda parts: parts.update({"photo.jpg": parts["signature.png"]}),
        "PHOTO_UNREADABLE",
    ),
    "no signature": (put("signature.png", b""), "SIGNATURE_UNREADABLE"),
    "fingers are cut": (put("fingers.iso", b"FMR\0 20\0\0\0"), "FINGERS_UNREADABLE"),
    "bad finger image": (put("finger-02.png", b"\x89PNG"), "FINGER_IMAGE_UNREADABLE"),
    "huge part": (put("photo.jpg", bytes(4 * 1024 * 1024 + 1)), "RECORD_MALFORMED"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_record_is_kept_sealed_and_blocks_nobody(
    station: IntakeStation, tmp_path: Path, name: str
) -> None:
    change, code = BAD[name]
    first, last = sealed_people(1), sealed_people(1, 2)
    file = bundle_of(tmp_path / "a.bundle", *first, changed(1, change), *last)
    (result,) = station.take(file)
    assert (result.accepted, result.finished) == (2, True)
    assert [(one.trouble.code, one.kept) for one in result.set_aside] == [(code, True)]
    assert codes(station) == [None, code, None]
    assert station.count("set_aside", "state = 'waiting'") == 1
    station.check_whole()


def test_nothing_personal_is_said_about_a_bad_record(station: IntakeStation, tmp_path: Path) -> None:
    person = recording(7, 0, None)
    station.take(bundle_of(tmp_path / "a.bundle", changed(0, edit(sex=person.name * 20))))
    said = str(station.values("SELECT * FROM set_aside")) + str(station.values("SELECT payload FROM journal"))
    assert "RECORD_MALFORMED" in said
    assert person.name not in said
    assert person.nik not in said


def test_sealed_nonsense_is_kept_for_it_was_opened(station: IntakeStation, tmp_path: Path) -> None:
    nonsense = sealed_bytes("11111111-aaaa", "2026-11-20T08:00:00Z", b"\xff" * 100)
    (result,) = station.take(bundle_of(tmp_path / "a.bundle", nonsense, *sealed_people(1)))
    assert (result.accepted, result.set_aside[0].trouble.code) == (1, "RECORD_PARTS_MALFORMED")
    assert station.count("set_aside") == 1


def test_what_does_not_open_leaves_its_verdict_only_and_a_good_copy_is_taken(
    station: IntakeStation, tmp_path: Path
) -> None:
    made = draft(3)
    whole = write(tmp_path / "whole.bundle", made)
    data = bytearray(whole.read_bytes())
    data[-10] ^= 0xFF  # in the last record
    hurt = tmp_path / "hurt.bundle"
    hurt.write_bytes(data)
    (result,) = station.take(hurt)
    assert (result.accepted, result.set_aside[0].trouble.code, result.set_aside[0].kept) == (
        2,
        "RECORD_DAMAGED",
        False,
    )
    assert station.count("set_aside") == 0
    (again,) = station.take(whole)
    assert (again.before, again.accepted, again.finished) == (2, 1, True)
    assert codes(station) == [None, None, None]
    station.check_whole()


def test_a_record_under_another_id_does_not_open(station: IntakeStation, tmp_path: Path) -> None:
    one, other = sealed_people(2)
    swapped = Sealed(other.record, one.captured_at, one.content, one.key)
    (result,) = station.take(bundle_of(tmp_path / "a.bundle", swapped))
    assert (result.set_aside[0].trouble.code, result.set_aside[0].kept) == ("RECORD_SEAL_BROKEN", False)


def test_an_erased_record_does_not_come_back(station: IntakeStation, tmp_path: Path) -> None:
    people = sealed_people(2)
    station.take(bundle_of(tmp_path / "a.bundle", *people))
    with station.database.transaction() as transaction:
        station.holding.erase(transaction, people[0].record, None, "asked for")
    for file in (
        bundle_of(tmp_path / "b.bundle", *people),
        write_people(tmp_path / "c.bundle", 2),  # sealed anew
    ):
        (result,) = station.take(file)
        assert [(one.trouble.code, one.kept) for one in result.set_aside] == [("RECORD_ERASED", False)]
        assert result.duplicates == 1
    assert station.count("set_aside") == 0


def test_nik_oddities_warn_and_do_not_hold_up(station: IntakeStation, tmp_path: Path) -> None:
    person = recording(7, 0, None)
    odd = person.nik[:6] + "999999" + person.nik[12:]
    (result,) = station.take(bundle_of(tmp_path / "a.bundle", changed(0, edit(nik=odd))))
    assert result.accepted == 1
    assert result.warned == [(person.record, ("NIK_SEX_DIFFERS", "NIK_BIRTH_DATE_DIFFERS"))] or (
        result.warned == [(person.record, ("NIK_BIRTH_DATE_DIFFERS",))]
    )


def test_a_finger_without_image_and_an_unknown_file_warn(station: IntakeStation, tmp_path: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        del parts["finger-07.png"]
        parts["iris.bin"] = b"x"

    (result,) = station.take(bundle_of(tmp_path / "a.bundle", changed(0, change)))
    assert result.warned[0][1] == ("FINGER_IMAGE_MISSING", "FILE_UNKNOWN")


def test_a_refused_bundle_leaves_nothing_and_blocks_nobody(station: IntakeStation, tmp_path: Path) -> None:
    bad = write(tmp_path / "a.bundle", draft(1, 5, STRANGER), STRANGER)
    good = write_people(tmp_path / "b.bundle", 1)
    first, second = station.take(bad, good)
    assert first.fault is not None
    assert (first.fault.code, second.accepted) == ("BUNDLE_SENDER_UNKNOWN", 1)
    assert station.count("intakes") == 1
    trust(station.folder / "senders", STRANGER, name="later")
    assert station.take(bad)[0].accepted == 1


def test_many_small_bundles_share_batches(station: IntakeStation, tmp_path: Path) -> None:
    files = [write_people(tmp_path / f"{number:03}.bundle", 1, number) for number in range(70)]
    results = station.take(*files)
    assert all(one.finished and one.accepted == 1 for one in results)
    assert station.count("journal", "name = 'records_taken_in'") == 2
    station.check_whole()


def test_an_import_in_portions_goes_on_where_it_stopped(station: IntakeStation, tmp_path: Path) -> None:
    made = draft(10)
    made.contents[:5] = [bytes(len(content)) for content in made.contents[:5]]  # more bad ones than a portion
    file = write(tmp_path / "a.bundle", made)
    seen, start = [], 0
    for _ in range(4):
        (result,) = station.take(file, most=3, start=start)
        start = result.reached
        seen.append((result.accepted, len(result.set_aside), result.before, result.finished))
    assert seen == [(0, 3, 0, False), (1, 2, 0, False), (3, 0, 0, False), (1, 0, 0, True)]
    station.check_whole()


def test_a_portion_ends_within_a_bundle_and_says_so(station: IntakeStation, tmp_path: Path) -> None:
    files = [write_people(tmp_path / f"{number}.bundle", 2, 2 * number) for number in range(3)]
    results = station.take(*files, most=3)
    assert [(one.path.name, one.finished) for one in results] == [("0.bundle", True), ("1.bundle", False)]
    assert results[-1].reached == 1
