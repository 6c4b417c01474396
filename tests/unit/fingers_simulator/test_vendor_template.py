"""The foreign vendor's templates: minutiae where the ridges end, records that the station's codec reads."""

import math
from pathlib import Path

import numpy
import pytest
from numpy.typing import NDArray

from simulators.fingers import Finger, finger_record
from simulators.fingers.minutiae import BIFURCATION, ENDING, minutiae_of
from simulators.people.__main__ import main
from simulators.people.fingers import fingers_record
from simulators.people.folders import write_record
from simulators.people.grown_fingers import grown_fingers_record
from simulators.people.person import random_source
from station.fingers.extraction.own import OwnExtractor
from station.fingers.image import FingerImage
from station.fingers.matcher import THRESHOLD, match_score
from station.fingers.record import minutiae_of as station_minutiae
from station.fingers.record import read_record


def stripes_with_an_end() -> NDArray[numpy.float64]:
    """Flat ridges, 10 pixels apart; the one at row 50 ends at column 60 and goes on to the left."""
    rows = numpy.arange(100)[:, None] + numpy.zeros((1, 120))
    field = numpy.cos(2 * math.pi * rows / 10)
    field[45:56, 60:] = -1
    return field


def test_an_ending_points_along_its_ridge() -> None:
    (point,) = minutiae_of(stripes_with_an_end())
    assert point.kind == ENDING
    assert abs(point.x - 60) < 6
    assert abs(point.y - 50) < 2
    assert abs(math.remainder(point.direction - math.pi, math.tau)) < 0.1


def test_a_fork_points_between_its_legs() -> None:
    rows, columns = numpy.mgrid[0:100, 0:120]
    spread = 0.45 * numpy.maximum(columns - 60, 0)
    on_ridge = (abs(rows - 50 - spread) < 2.5) | (abs(rows - 50 + spread) < 2.5)
    (point,) = minutiae_of(numpy.where(on_ridge, 1.0, -1.0))
    assert point.kind == BIFURCATION
    assert abs(point.x - 65) < 8
    assert abs(point.y - 50) < 2
    assert abs(point.direction) < 0.1


def test_a_finger_has_as_many_minutiae_as_the_facts_say() -> None:
    """About 89 on this kind of finger."""
    assert 60 < len(minutiae_of(Finger.from_seed(1).ridges)) < 140


def test_two_touches_match_and_two_fingers_do_not() -> None:
    """Vendor against vendor, with the station's matcher."""
    one, other = Finger.from_seed(1), Finger.from_seed(2)
    views = [
        read_record(finger_record([(2, finger)], touch)) for finger, touch in ((one, 1), (one, 2), (other, 1))
    ]
    first, again, foreign = (station_minutiae(record, record.views[0]) for record in views)
    assert match_score(again, first) > 2 * THRESHOLD
    assert match_score(foreign, first) < THRESHOLD


def test_a_live_picture_matches_the_vendors_record_of_another_touch() -> None:
    """The station's own extractor on the pixels, against minutiae that were never seen as pixels."""
    one, other = Finger.from_seed(1), Finger.from_seed(2)
    record = read_record(finger_record([(2, one)], 1))
    reference = station_minutiae(record, record.views[0])
    live, foreign = (OwnExtractor().extract(FingerImage(finger.press(7))).minutiae for finger in (one, other))
    assert match_score(live, reference) > 2 * THRESHOLD
    assert match_score(foreign, reference) < THRESHOLD


def test_the_same_touch_gives_the_same_record() -> None:
    finger = Finger.from_seed(1)
    assert finger_record([(2, finger)], 5) == finger_record([(2, finger)], 5)
    assert finger_record([(2, finger)], 5) != finger_record([(2, finger)], 6)


def test_people_get_grown_fingers_where_somebody_presses_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["people", "--seed", "4", "--count", "2", "--grown-fingers", "1", "--out"]
    monkeypatch.setattr("sys.argv", [*command, str(tmp_path / "grown")])
    assert main() == 0
    record = (tmp_path / "grown" / "0001" / "fingers.iso").read_bytes()
    assert record == grown_fingers_record(4, 0)
    assert [view.finger for view in read_record(record).views] == [2, 7]
    random_points = (tmp_path / "grown" / "0002" / "fingers.iso").read_bytes()
    assert random_points == fingers_record(random_source(4, 1, "fingers"))


def test_without_the_option_nothing_is_grown(tmp_path: Path) -> None:
    write_record(4, 0, tmp_path)
    assert (tmp_path / "fingers.iso").read_bytes() == fingers_record(random_source(4, 0, "fingers"))
