"""fingers.iso against the record table of the fact sheet, with a reader of its own."""

import math
import struct
from pathlib import Path

import pytest

Minutia = tuple[int, int, int, int, int]


def views(record: bytes) -> list[tuple[int, int, int, int, list[Minutia]]]:
    """Finger, view number, impression, quality and minutiae of each view."""
    assert record[:8] == bytes.fromhex("464d5200 20323000")
    total, device, width, height, x_resolution, y_resolution, count, reserved = struct.unpack(
        ">IHHHHHBB", record[8:24]
    )
    assert total == len(record)
    assert (device, reserved, x_resolution, y_resolution) == (0, 0, 197, 197)
    found, position = [], 24
    for _ in range(count):
        finger, view, quality, number = record[position : position + 4]
        position += 4
        minutiae = []
        for _ in range(number):
            x, y, angle, minutia_quality = struct.unpack(">HHBB", record[position : position + 6])
            assert (x & 0x3FFF) < width
            assert y < height
            minutiae.append((x >> 14, x & 0x3FFF, y, angle, minutia_quality))
            position += 6
        assert record[position : position + 2] == b"\0\0"
        position += 2
        found.append((finger, view >> 4, view & 15, quality, minutiae))
    assert position == len(record)
    return found


@pytest.fixture(scope="session")
def records_of_fingers(people_folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(people_folder.glob("*/fingers.iso"))]


def test_right_and_left_index_one_live_view_each(records_of_fingers: list[bytes]) -> None:
    for record in records_of_fingers:
        assert [view[:3] for view in views(record)] == [(2, 0, 0), (7, 0, 0)]


def test_thirty_to_sixty_minutiae_apart_from_each_other(records_of_fingers: list[bytes]) -> None:
    for record in records_of_fingers:
        for *_, quality, minutiae in views(record):
            assert 0 < quality <= 100
            assert 30 <= len(minutiae) <= 60
            places = [minutia[1:3] for minutia in minutiae]
            distances = [math.dist(a, b) for n, a in enumerate(places) for b in places[:n]]
            assert min(distances) >= 11
            assert {minutia[0] for minutia in minutiae} <= {1, 2}
            assert all(0 < minutia[4] <= 100 for minutia in minutiae)


def test_neighbours_run_along_the_same_ridges(records_of_fingers: list[bytes]) -> None:
    """Random directions would agree in half of the cases only; a ridge flow makes neighbours parallel."""
    agreeing = total = 0
    for record in records_of_fingers[:20]:
        for *_, minutiae in views(record):
            for number, (_, x, y, angle, _) in enumerate(minutiae):
                for _, other_x, other_y, other_angle, _ in minutiae[:number]:
                    if math.dist((x, y), (other_x, other_y)) < 30:
                        turn = abs(angle - other_angle) * 360 / 256 % 180
                        total += 1
                        agreeing += min(turn, 180 - turn) < 45
    assert total > 500
    assert agreeing / total > 0.85
