"""The sensor's window: learned from blank frames, stored, and what it is good for."""

import numpy as np
import pytest

from station.errors import InputFault
from station.fingers.extraction.own import OwnExtractor
from station.fingers.image import FingerImage
from station.fingers.matcher import THRESHOLD, match_score
from station.fingers.window import SensorWindow, learn_window
from tests.unit.fingers.scenes import LEFT, TOP, empty_plate, framed, noise, pressed

EXTRACTOR = OwnExtractor()


@pytest.fixture(scope="module")
def window() -> SensorWindow:
    return learn_window([framed(empty_plate(seed), seed) for seed in range(5)])


def test_the_plate_is_found_and_nothing_of_the_frame(window: SensorWindow) -> None:
    rows, columns = np.nonzero(window.inside)
    assert TOP <= rows.min() <= TOP + 16
    assert LEFT <= columns.min() <= LEFT + 16
    assert TOP + 360 - 16 <= rows.max() < TOP + 360
    assert LEFT + 300 - 16 <= columns.max() < LEFT + 300


def test_the_frame_makes_minutiae_only_without_the_window(window: SensorWindow) -> None:
    """The security fault that the window is for: housing taken for skin, the same in every image."""
    blank = framed(empty_plate(9), 9)
    assert len(EXTRACTOR.extract(blank).minutiae) > 0
    assert len(EXTRACTOR.extract(blank, window).minutiae) == 0


def test_a_finger_in_the_frame_matches_itself_and_nobody_else(window: SensorWindow) -> None:
    plain = EXTRACTOR.extract(FingerImage(pressed(1, 1))).minutiae
    mine = EXTRACTOR.extract(framed(pressed(1, 2), 2), window).minutiae
    other = EXTRACTOR.extract(framed(pressed(2, 2), 3), window).minutiae
    assert match_score(mine, plain) > 2 * THRESHOLD
    assert match_score(mine, other) < THRESHOLD


def test_a_plate_without_a_frame_is_all_window_but_its_rim() -> None:
    window = learn_window([FingerImage(empty_plate(seed)) for seed in range(5)])
    assert window.inside[10:-10, 10:-10].all()
    assert not window.inside[0].any()


def test_it_is_stored_and_read_again(window: SensorWindow) -> None:
    assert np.array_equal(SensorWindow.from_png(window.to_png()).inside, window.inside)


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"GIF89a"])
def test_a_stored_window_that_is_none(data: bytes) -> None:
    with pytest.raises(InputFault) as fault:
        SensorWindow.from_png(data)
    assert fault.value.code == "SENSOR_WINDOW_UNREADABLE"


@pytest.mark.parametrize(
    ("frames", "says"),
    [
        ([empty_plate(1)] * 4, "five frames"),
        ([empty_plate(1)] * 4 + [empty_plate(1)[:100]], "five frames"),
        ([noise(seed) for seed in range(5)], "moved"),
        ([pressed(1, 1)] * 5, "no clean"),
        ([noise(1)] * 5, "no clean"),
    ],
)
def test_what_shows_no_clean_plate_is_refused(
    frames: list[np.ndarray[tuple[int, int], np.dtype[np.uint8]]], says: str
) -> None:
    with pytest.raises(InputFault) as fault:
        learn_window([FingerImage(frame) for frame in frames])
    assert fault.value.code == "SENSOR_WINDOW_UNLEARNED"
    assert says in str(fault.value.values["problem"])


def test_the_window_goes_with_the_image_to_500_dpi() -> None:
    inside = np.zeros((700, 700), np.bool_)
    inside[:, :350] = True
    image = FingerImage(np.zeros((700, 700), np.uint8), 1000, 1000)
    fitted = SensorWindow(inside).fitted_to(image, image.at_500_dpi())
    assert fitted.shape == (350, 350)
    assert fitted[:, :175].all()
    assert not fitted[:, 175:].any()
