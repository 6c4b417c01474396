"""Segment files: appended, synced once for a batch, never changed; torn ends harm nobody."""

import os
import stat
from pathlib import Path

import pytest

from station.errors import StationError
from station.vault import segments
from station.vault.segments import SegmentPlace, SegmentWriter, read_segment, remove_segment, segment_path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


def test_what_is_appended_is_read_again(folder: Path) -> None:
    writer = SegmentWriter(folder, None)
    places = writer.append([b"one", b"three"]) + writer.append([b"x"])
    assert places == [SegmentPlace(1, 0, 3), SegmentPlace(1, 3, 5), SegmentPlace(1, 8, 1)]
    assert [read_segment(folder, place) for place in places] == [b"one", b"three", b"x"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(segment_path(folder, 1).stat().st_mode) == 0o600


def test_one_sync_for_a_batch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fdatasync

    def counted(descriptor: int) -> None:
        synced.append(descriptor)
        real(descriptor)

    monkeypatch.setattr("station.vault.segments.os.fdatasync", counted)
    SegmentWriter(folder, None).append([bytes(100)] * 64)
    assert len(synced) == 1


def test_a_full_segment_is_followed_by_the_next(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 10)
    writer = SegmentWriter(folder, None)
    first, second = writer.append([b"0123456789ab"])[0], writer.append([b"c"])[0]
    assert (first.segment, second) == (1, SegmentPlace(2, 0, 1))


def test_a_torn_end_is_stepped_over(folder: Path) -> None:
    """A crash between the bytes and their row: nobody reads them, and nothing is written into them."""
    place = SegmentWriter(folder, None).append([b"good"])[0]
    with segment_path(folder, 1).open("ab") as file:
        file.write(b"torn")
    after = SegmentWriter(folder, place).append([b"next"])[0]
    assert after.offset == 8
    assert read_segment(folder, place) == b"good"


def test_a_lost_end_is_never_written_over(folder: Path) -> None:
    """The file is shorter than the database knows: its places stay what they are."""
    place = SegmentWriter(folder, None).append([b"0123456789"])[0]
    os.truncate(segment_path(folder, 1), 4)
    after = SegmentWriter(folder, place).append([b"next"])[0]
    assert after == SegmentPlace(2, 0, 4)
    assert read_segment(folder, place) == b"0123"


def test_a_lost_file_is_never_made_again(folder: Path) -> None:
    after = SegmentWriter(folder, SegmentPlace(7, 100, 50)).append([b"next"])[0]
    assert after.segment == 8
    assert read_segment(folder, SegmentPlace(7, 100, 50)) == b""


@pytest.mark.parametrize("call", ["pwrite", "fdatasync"])
def test_a_failing_disk_keeps_nothing_and_the_next_batch_lies_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    writer = SegmentWriter(folder, None)
    first = writer.append([b"first"])[0]

    def full(*arguments: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(f"station.vault.segments.os.{call}", full)
        with pytest.raises(StationError) as caught:
            writer.append([b"second"])
    assert caught.value.code == "VAULT_UNUSABLE"
    assert segment_path(folder, 1).read_bytes() == b"first"
    after = writer.append([b"third"])[0]
    assert after == SegmentPlace(2, 0, 5)
    assert [read_segment(folder, place) for place in (first, after)] == [b"first", b"third"]


def test_short_writes_are_gone_on_with(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite
    monkeypatch.setattr("station.vault.segments.os.pwrite", lambda fd, view, at: real(fd, view[:3], at))
    place = SegmentWriter(folder, None).append([b"0123456789"])[0]
    assert read_segment(folder, place) == b"0123456789"


def test_a_removed_segment_is_gone_and_removing_it_again_is_nothing(folder: Path) -> None:
    place = SegmentWriter(folder, None).append([b"0123"])[0]
    assert remove_segment(folder, 1) == 4
    assert remove_segment(folder, 1) == 0
    assert read_segment(folder, place) == b""
