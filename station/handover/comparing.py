"""Comparing a live picture with minutiae by the station's own extractor and matcher."""

from station.fingers.extraction.own import OwnExtractor
from station.fingers.extraction.port import MinutiaeExtractor
from station.fingers.image import FingerImage
from station.fingers.matcher import THRESHOLD, match_score
from station.fingers.minutiae import Minutiae
from station.fingers.window import SensorWindow
from station.handover.touching import Compared


class OwnComparer:
    """One extractor, one matcher, one threshold."""

    def __init__(self, window: SensorWindow | None, extractor: MinutiaeExtractor | None = None) -> None:
        """Prepare.

        Args:
            window: where the scanner shows skin, as it was learned; None where it was not.
            extractor: another than our own.
        """
        self._window, self._extractor = window, extractor or OwnExtractor()

    @property
    def threshold(self) -> float:
        """From this score on it is the same finger (docs/reference/fingers.md)."""
        return THRESHOLD

    def compare(self, image: FingerImage, reference: Minutiae) -> Compared:
        """Compare; see `FingerComparer`."""
        found = self._extractor.extract(image, self._window)
        score = match_score(found.minutiae, reference) if len(found.minutiae) else None
        return Compared(score, found.quality, found.measure, found.hints)
