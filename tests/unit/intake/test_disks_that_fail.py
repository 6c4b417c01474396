"""The station's disk fills up, or the carried one goes away, in mid-import: nothing is half in."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from station.disk_space.guard import free_bytes
from station.errors import StationError
from station.intake.judging import Judged
from station.vault.vault import Kept
from tests.fakes.intake import IntakeStation
from tests.unit.bundles.bundle_maker import write_people

PEOPLE, BATCH = 6, 2
ROOM = 12_000_000  # bytes of the small disk


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two records a batch, so that a bundle of six has a middle."""
    monkeypatch.setattr("station.intake.line.MOST_RECORDS", BATCH)
    monkeypatch.setattr("station.intake.importing.MOST_RECORDS", BATCH)


@contextmanager
def mounted(folder: Path, *what: str) -> Iterator[None]:
    """A file system of its own, as long as nobody pulls it out."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", *what, str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def pull_out(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], check=True)


def committed(station: IntakeStation) -> int:
    """The records that are in, each whole: a batch is in with all its rows and bytes, or not at all."""
    station.check_whole()
    held = station.count("held_records")
    assert held % BATCH == 0
    assert station.count("intake_verdicts") == held
    assert station.count("journal", "name = 'records_taken_in'") == held // BATCH
    return held


# ---- the station's own disk is full ----


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[IntakeStation]:
    """A station whose data lies on a small disk that others fill too."""
    folder = tmp_path / "small"
    with mounted(folder, "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs"):
        station = IntakeStation(folder / "data")
        yield station
        station.close()


def fill(station: IntakeStation, leave: int) -> None:
    """Somebody else takes the room, all but so many bytes."""
    filler = station.folder.parent / "filler"
    filler.unlink(missing_ok=True)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free_bytes(filler.parent) - leave)


def make_room(station: IntakeStation) -> None:
    (station.folder.parent / "filler").unlink()


def when(station: IntakeStation, step: str, batch: int, happens: Callable[[], None]) -> pytest.MonkeyPatch:
    """Let something happen as the n-th batch is put on the disk, or committed."""
    patch, counted = pytest.MonkeyPatch(), [0]
    put, commit = station.writer.put, station.writer.commit

    def count() -> None:
        counted[0] += 1
        if counted[0] == batch:
            happens()

    def counted_put(judged: Sequence[Judged]) -> tuple[list[Kept], list[Kept]]:
        count()
        return put(judged)

    def counted_commit(judged: Sequence[Judged], kept: tuple[list[Kept], list[Kept]]) -> None:
        count()
        commit(judged, kept)

    patch.setattr(station.writer, step, counted_put if step == "put" else counted_commit)
    return patch


@pytest.mark.parametrize("batch", [1, 2, 3])
@pytest.mark.parametrize(
    ("step", "leave", "code"),
    [
        ("put", 0, "VAULT_UNUSABLE"),  # no byte of the segment
        ("put", 4096, "VAULT_UNUSABLE"),  # some of it: what was written is cut off again
        ("commit", 0, "DATABASE_UNUSABLE"),  # the segment is whole, and no row names its bytes
    ],
)
def test_a_disk_that_fills_up_in_the_middle_leaves_whole_batches_and_goes_on_when_there_is_room(
    crowded: IntakeStation, tmp_path: Path, step: str, leave: int, code: str, batch: int
) -> None:
    file = write_people(tmp_path / "a.bundle", PEOPLE)
    patch = when(crowded, step, batch, lambda: fill(crowded, leave))
    with pytest.raises(StationError) as full:
        crowded.take(file)
    patch.undo()
    assert full.value.code == code
    make_room(crowded)
    assert committed(crowded) == (batch - 1) * BATCH
    (again,) = crowded.take(file)
    assert again.finished
    assert (again.before, again.accepted) == ((batch - 1) * BATCH, PEOPLE - again.before)
    assert committed(crowded) == PEOPLE


def test_a_full_disk_says_so_again_and_again_and_the_station_survives_it(
    crowded: IntakeStation, tmp_path: Path
) -> None:
    """Whoever tries three times on a full disk makes nothing worse, nor does a restart."""
    file = write_people(tmp_path / "a.bundle", PEOPLE)
    crowded.take(file, most=BATCH)
    fill(crowded, 0)
    for _ in range(3):
        with pytest.raises(StationError) as full:
            crowded.take(file)
        assert full.value.code in ("VAULT_UNUSABLE", "DATABASE_UNUSABLE")
    make_room(crowded)
    crowded.close()
    again = IntakeStation(crowded.folder)
    assert committed(again) == BATCH
    (result,) = again.take(file)
    assert result.finished
    assert committed(again) == PEOPLE
    again.close()


# ---- the disk that was carried here goes away ----


def test_a_disk_that_is_pulled_out_between_bundles_stops_the_import_and_goes_on_when_it_is_back(
    station: IntakeStation, tmp_path: Path
) -> None:
    content, stick = tmp_path / "content", tmp_path / "stick"
    content.mkdir()
    for number in range(3):
        write_people(content / f"{number}.bundle", BATCH, BATCH * number)
    files = [stick / f"{number}.bundle" for number in range(3)]
    with mounted(stick, "--bind", str(content)):
        pulled = when(station, "put", 1, lambda: pull_out(stick))
        results = station.take(*files)
        pulled.undo()
    assert results[-1].fault is not None
    assert results[-1].fault.code == "IMPORT_INTERRUPTED"
    held = committed(station)
    assert held == sum(one.accepted for one in results) < 3 * BATCH
    with mounted(stick, "--bind", str(content)):
        again = station.take(*files)
    assert [one.finished for one in again] == [True] * 3
    assert sum(one.accepted for one in again) == 3 * BATCH - held
    assert committed(station) == 3 * BATCH


@pytest.mark.parametrize("reads", range(1, 14))
def test_a_disk_that_fails_in_the_middle_of_a_bundle_leaves_whole_batches(
    station: IntakeStation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: int
) -> None:
    """The n-th read of the file fails as a disk does that is pulled out; every read is the n-th once."""
    file = write_people(tmp_path / "a.bundle", PEOPLE)
    inode, read, left = file.stat().st_ino, os.pread, [reads]

    def failing(descriptor: int, size: int, offset: int) -> bytes:
        if os.fstat(descriptor).st_ino == inode:
            left[0] -= 1
            if left[0] <= 0:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(descriptor, size, offset)

    monkeypatch.setattr(os, "pread", failing)
    (result,) = station.take(file)
    monkeypatch.undo()
    if left[0] > 0:  # fewer reads than that: nothing has failed
        assert result.finished
        return
    assert result.fault is not None
    assert result.fault.code == "IMPORT_INTERRUPTED"
    held = station.count("held_records")
    station.check_whole()
    assert result.accepted == held < PEOPLE
    (again,) = station.take(file)
    assert (again.before, again.accepted, again.finished) == (held, PEOPLE - held, True)
    station.check_whole()


def test_the_reads_cover_the_whole_bundle(
    station: IntakeStation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_people(tmp_path / "a.bundle", PEOPLE)
    inode, read, counted = file.stat().st_ino, os.pread, [0]

    def counting(descriptor: int, size: int, offset: int) -> bytes:
        counted[0] += os.fstat(descriptor).st_ino == inode
        return read(descriptor, size, offset)

    monkeypatch.setattr(os, "pread", counting)
    station.take(file)
    assert PEOPLE < counted[0] < 14


def test_a_file_that_becomes_shorter_while_it_is_read_is_an_interruption_and_no_damage(
    station: IntakeStation, tmp_path: Path
) -> None:
    """Whoever copies onto the disk again cuts the file first: its records are not called damaged."""
    file = write_people(tmp_path / "a.bundle", PEOPLE)
    whole = file.read_bytes()
    cut = when(station, "put", 1, lambda: os.truncate(file, len(whole) // 2))
    (result,) = station.take(file)
    cut.undo()
    assert result.fault is not None
    assert result.fault.code == "IMPORT_INTERRUPTED"
    assert result.set_aside == []
    file.write_bytes(whole)
    (again,) = station.take(file)
    assert again.finished
    assert station.count("held_records") == PEOPLE
    station.check_whole()
