"""A watched folder: what is whole is taken and moved, what is being written is left alone."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from station.errors import InputFault
from station.intake.importing import FileResult
from station.intake.watching import WatchedFolder
from tests.fakes.exchange import STRANGER
from tests.fakes.intake import IntakeStation
from tests.unit.bundles.bundle_maker import draft, write, write_people


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "watch"
    place.mkdir()
    return place


def watched(station: IntakeStation, folder: Path) -> WatchedFolder:
    return WatchedFolder(folder, lambda files, start: station.importer().take_in(files, 512, start))


def names(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_a_whole_bundle_is_taken_at_the_second_look(station: IntakeStation, folder: Path) -> None:
    watch = watched(station, folder)
    write_people(folder / "a.bundle", 2)
    assert watch.look() == []
    (result,) = watch.look()
    assert result.accepted == 2
    assert names(folder) == {"accepted/a.bundle"}
    assert watch.look() == []


def test_a_file_that_grows_is_left_alone_until_it_is_whole(station: IntakeStation, folder: Path) -> None:
    data = write_people(folder.parent / "whole", 2).read_bytes()
    watch, file = watched(station, folder), folder / "a.bundle"
    for size in (5, 13, 300, 70_000, len(data) - 1):
        file.write_bytes(data[:size])
        for _ in range(3):  # however long it stays so
            assert watch.look() == []
    file.write_bytes(data)
    watch.look()
    assert watch.look()[0].accepted == 2
    assert names(folder) == {"accepted/a.bundle"}


def test_a_file_whose_end_is_written_first_is_left_alone(station: IntakeStation, folder: Path) -> None:
    data = write_people(folder.parent / "whole", 2).read_bytes()
    watch, file = watched(station, folder), folder / "a.bundle"
    file.write_bytes(data[:1000] + bytes(len(data) - 1000))  # room made first, as some copying programs do
    watch.look()
    for part in range(1000, len(data), 60_000):
        with file.open("r+b") as stream:
            stream.seek(part)
            stream.write(data[part : part + 60_000])
        os.utime(file, ns=(part, part))
        assert watch.look() == []
    (result,) = watch.look()
    assert (result.accepted, result.set_aside) == (2, [])


def test_what_can_never_be_a_bundle_is_moved_aside(station: IntakeStation, folder: Path) -> None:
    watch = watched(station, folder)
    (folder / "a.bundle").write_bytes(b"hello, this is no bundle")
    write(folder / "b.bundle", draft(1, sender=STRANGER), STRANGER)
    write_people(folder / "c.bundle", 1)
    (folder / "readme.txt").write_text("left alone")
    watch.look()
    codes = [result.fault.code if result.fault else None for result in watch.look()]
    assert codes == ["BUNDLE_MALFORMED", "BUNDLE_SENDER_UNKNOWN", None]
    assert names(folder) == {
        "set-aside/a.bundle",
        "set-aside/b.bundle",
        "accepted/c.bundle",
        "readme.txt",
    }


def test_a_bundle_with_one_bad_record_goes_aside_with_its_others_taken(
    station: IntakeStation, folder: Path
) -> None:
    made = draft(2)
    made.contents[0] = bytes(len(made.contents[0]))
    write(folder / "a.bundle", made)
    watch = watched(station, folder)
    watch.look()
    (result,) = watch.look()
    assert (result.accepted, len(result.set_aside)) == (1, 1)
    assert names(folder) == {"set-aside/a.bundle"}


def test_a_name_that_was_there_before_is_not_written_over(station: IntakeStation, folder: Path) -> None:
    watch = watched(station, folder)
    for first in (0, 1, 2):
        write_people(folder / "a.bundle", 1, first)
        watch.look()
        watch.look()
    assert names(folder) == {"accepted/a.bundle", "accepted/a-2.bundle", "accepted/a-3.bundle"}
    assert station.count("held_records") == 3


def test_killed_between_the_books_and_the_move(station: IntakeStation, folder: Path) -> None:
    file = write_people(folder / "a.bundle", 2)
    station.take(file)  # in the books; the move did not happen any more
    watch = watched(station, folder)
    watch.look()
    (result,) = watch.look()
    assert (result.before, result.finished) == (2, True)
    assert names(folder) == {"accepted/a.bundle"}


def test_a_folder_that_is_not_there_says_so(station: IntakeStation, folder: Path) -> None:
    with pytest.raises(InputFault) as caught:
        watched(station, folder / "gone").look()
    assert caught.value.code == "WATCH_FOLDER_UNUSABLE"


def test_a_disk_that_goes_away_leaves_the_file_for_later(folder: Path) -> None:
    def gone(files: Sequence[Path], start: int) -> list[FileResult]:
        fault = InputFault("IMPORT_INTERRUPTED", problem=os.strerror(errno.EIO))
        return [FileResult(file, fault=fault) for file in files]

    write_people(folder / "a.bundle", 1)
    watch = WatchedFolder(folder, gone)
    watch.look()
    assert watch.look() == []
    assert names(folder) == {"a.bundle"}
