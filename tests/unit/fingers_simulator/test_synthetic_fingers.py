"""Synthetic fingers: real patterns, true cores and deltas, reproducible touches."""

import math
from collections.abc import Iterable
from pathlib import Path

import numpy
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, sobel

from simulators.fingers import Defects, Finger, Frame, Pattern, seed_of
from simulators.fingers.__main__ import finger_named, main
from simulators.fingers.pattern import HEIGHT, WIDTH, choose_turns
from simulators.fingers.randomness import generator

Field = NDArray[numpy.float64]
NEAR = 24.0  # pixels from a drawn core to the one that is found


def directions_seen(ridges: Field) -> Field:
    """Twice the ridge direction at every pixel, from the pixels alone, y upwards."""
    across, down = sobel(ridges, axis=1), sobel(ridges, axis=0)
    cosine = gaussian_filter(across**2 - down**2, 9)
    sine = gaussian_filter(2 * across * down, 9)
    doubled: Field = -(numpy.arctan2(sine, cosine) + math.pi)
    return doubled


def poincare_index(doubled: Field, x: float, y: float, radius: float) -> float:
    """How often the ridges turn round on a circle against the clock: 1/2 at a core, -1/2 at a delta."""
    angles = numpy.linspace(0, 2 * math.pi, 240)
    rows = numpy.round(y - radius * numpy.sin(angles)).astype(int)
    columns = numpy.round(x + radius * numpy.cos(angles)).astype(int)
    steps = numpy.diff(doubled[rows, columns])
    turned = (steps + math.pi) % (2 * math.pi) - math.pi
    return float(turned.sum()) / (4 * math.pi)


def singularities(finger: Finger) -> tuple[list[complex], list[complex]]:
    """Cores and deltas that the ridges show, each once, as x + i(HEIGHT - y)."""
    doubled = directions_seen(finger.ridges)
    found: dict[float, list[complex]] = {0.5: [], -0.5: []}
    for y in range(30, HEIGHT - 30, 3):
        for x in range(30, WIDTH - 30, 3):
            index = round(2 * poincare_index(doubled, x, y, 8)) / 2
            if index in found:
                found[index].append(complex(x, HEIGHT - y))
    return grouped(found[0.5]), grouped(found[-0.5])


def grouped(points: Iterable[complex]) -> list[complex]:
    groups: list[list[complex]] = []
    for point in points:
        home = next((group for group in groups if any(abs(point - one) < 9 for one in group)), None)
        if home is None:
            groups.append([point])
        else:
            home.append(point)
    return [sum(group) / len(group) for group in groups]


@pytest.mark.parametrize("pattern", [Pattern.LEFT_LOOP, Pattern.RIGHT_LOOP])
def test_a_loop_has_one_core_above_one_delta(pattern: Pattern) -> None:
    finger = Finger.from_seed(1, pattern)
    cores, deltas = singularities(finger)
    assert len(cores) == len(deltas) == 1
    assert abs(cores[0] - finger.turns.cores[0]) < NEAR
    assert abs(deltas[0] - finger.turns.deltas[0]) < NEAR
    assert cores[0].imag > deltas[0].imag + 60
    away_from_opening = 1 if pattern is Pattern.LEFT_LOOP else -1
    assert (deltas[0].real - cores[0].real) * away_from_opening > 40


def test_a_whorl_has_two_cores_and_two_deltas() -> None:
    finger = Finger.from_seed(1, Pattern.WHORL)
    doubled = directions_seen(finger.ridges)
    middle = sum(finger.turns.cores) / 2
    assert poincare_index(doubled, middle.real, HEIGHT - middle.imag, 45) == pytest.approx(1.0, abs=0.05)
    for delta in finger.turns.deltas:
        assert poincare_index(doubled, delta.real, HEIGHT - delta.imag, 25) == pytest.approx(-0.5, abs=0.05)
        assert delta.imag < middle.imag


def test_an_arch_has_neither() -> None:
    assert singularities(Finger.from_seed(1, Pattern.ARCH)) == ([], [])


def test_the_field_of_the_wrong_sign_would_be_found() -> None:
    """Mirrored at a horizontal line a core stays a core, but it comes to lie below its delta."""
    finger = Finger.from_seed(1, Pattern.LEFT_LOOP)
    upside_down = Finger(1, finger.turns, finger.directions, finger.ridges[::-1])
    cores, deltas = singularities(upside_down)
    assert cores[0].imag < deltas[0].imag


def test_patterns_come_as_among_people() -> None:
    found = [choose_turns(generator("share", number)).pattern for number in range(600)]
    assert {one: round(found.count(one) / 600, 1) for one in Pattern} == {
        Pattern.LEFT_LOOP: 0.3,
        Pattern.RIGHT_LOOP: 0.3,
        Pattern.WHORL: 0.3,
        Pattern.ARCH: 0.1,
    }


def test_the_same_seed_gives_the_same_touch(tmp_path: Path) -> None:
    """Also when the finger is grown again instead of read from the folder."""
    stored = Finger.from_seed(1)
    grown = Finger.from_seed(1, folder=tmp_path)
    assert numpy.array_equal(stored.press(3), grown.press(3))
    assert stored.press(3).shape == (360, 300)
    assert stored.press(3).dtype == numpy.uint8


def test_touches_and_fingers_differ() -> None:
    one, other = Finger.from_seed(1), Finger.from_seed(2)
    assert not numpy.array_equal(one.press(3), one.press(4))
    assert not numpy.array_equal(one.press(3), other.press(3))


def test_a_torn_file_of_a_finger_is_grown_again(tmp_path: Path) -> None:
    whole = Finger.from_seed(3, folder=tmp_path / "a")
    (path,) = (tmp_path / "a").glob("*.npy")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / path.name).write_bytes(path.read_bytes()[:1000])
    mended = Finger.from_seed(3, folder=tmp_path / "b")
    assert numpy.array_equal(whole.ridges, mended.ridges)
    assert (tmp_path / "b" / path.name).read_bytes() == path.read_bytes()


def test_manner_of_touching_shows() -> None:
    finger = Finger.from_seed(1)
    dry, normal, wet = (finger.press(5, 1.0, moisture).mean() for moisture in (-1.0, 0.0, 1.0))
    assert dry > normal + 10
    assert wet < normal - 10
    clean = finger.press_on(Frame(), 5)
    dirty = finger.press_on(Frame(), 5, defects=Defects(dirt=60))
    assert clean.mean() > dirty.mean() + 3


def test_what_a_frame_sees_goes_back_to_the_same_place() -> None:
    placement = Finger.from_seed(1).touch(Frame(), 9, 1.8).placement
    rows, columns = numpy.array([60.0, 180.0, 300.0]), numpy.array([250.0, 150.0, 70.0])
    picked = rows.astype(int), columns.astype(int)
    x, y = placement.in_frame(placement.across[picked], placement.down[picked])
    assert numpy.abs(x - columns).max() < 0.05
    assert numpy.abs(y - rows).max() < 0.05


def test_seeds_of_people() -> None:
    seeds = {seed_of(1, number, position) for number in range(50) for position in range(1, 11)}
    assert len(seeds) == 500
    assert finger_named("1/5/2") == seed_of(1, 5, 2)
    assert finger_named("12") == 12
    for wrong in ((1, -1, 2), (1, 0, 0), (1, 0, 11)):
        with pytest.raises(ValueError, match="no finger"):
            seed_of(*wrong)


def test_the_command_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--finger", "1", "--touches", "2", "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["finger.iso", "touch-1.png", "touch-2.png"]
    assert "2 touches" in capsys.readouterr().out
