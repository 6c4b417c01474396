"""The optional extractor. Where the extra `nbis` is not installed, that it says so is what is tested."""

import importlib.util

import numpy as np
import pytest

from station.errors import Refused
from station.fingers.extraction.nbis import NbisExtractor
from station.fingers.image import FingerImage
from station.fingers.matcher import THRESHOLD, match_score
from station.fingers.window import SensorWindow
from tests.unit.fingers.scenes import foreign, pressed

INSTALLED = importlib.util.find_spec("nbis") is not None


def test_its_minutiae_are_in_our_axes_or_it_says_that_it_is_absent() -> None:
    """MINDTCT is the judge that we did not write: flipped axes or angles would match nothing of ours."""
    if not INSTALLED:
        with pytest.raises(Refused) as fault:
            NbisExtractor()
        assert fault.value.code == "EXTRACTOR_ABSENT"
        return
    extractor = NbisExtractor()
    seen = extractor.extract(FingerImage(pressed(1, 1)))
    assert seen.measure == "nfiq2"
    assert 20 < seen.quality <= 100
    assert match_score(seen.minutiae, foreign(1, 2)) > 2 * THRESHOLD
    assert match_score(seen.minutiae, foreign(2, 2)) < THRESHOLD
    left = np.zeros((360, 300), np.bool_)
    left[:, :150] = True
    half = extractor.extract(FingerImage(pressed(1, 1)), SensorWindow(left)).minutiae
    assert 0 < len(half) < len(seen.minutiae)
    assert half.x.max() < 160
    blank = extractor.extract(FingerImage(np.full((360, 300), 250, np.uint8)))
    assert (len(blank.minutiae), blank.quality) == (0, 0)
