"""A second extractor, for comparison and for NFIQ 2: MINDTCT of NIST's NBIS, by the wheel nbis-py.

It is an extra (`pip install print-station[nbis]`) and nothing of the station needs it. nbis-py 0.1.3 loads
where glibc is 2.34 to 2.37; nbis-python, from 2.38 on, has the same package name: never install both. Both
read a correct ISO record as empty, and nbis-py writes a broken one, so only the minutiae are taken.
"""

import io
import math
from typing import Final

import numpy as np
from PIL import Image

from station.errors import Refused
from station.fingers.extraction.port import Extraction
from station.fingers.image import FingerImage
from station.fingers.minutiae import DPI, MOST_QUALITY, Minutiae, MinutiaKind
from station.fingers.quality import NO_FINGER, OTHER_FINGER
from station.fingers.window import SensorWindow
from station.language import marked

MEASURE: Final = "nfiq2"
FEW_MINUTIAE: Final = 12
WHITE: Final = np.uint8(255)


class NbisExtractor:
    """MINDTCT, and NFIQ 2 as the quality: a `MinutiaeExtractor`.

    NFIQ 2 is valid for 8-bit images at 500 dpi of 197 to 799 by 197 to 999 pixels; it says nothing about the
    4-bit images of UART modules.
    """

    def __init__(self, *, with_nfiq2: bool = True) -> None:
        """Load the wheel.

        Raises:
            Refused: EXTRACTOR_ABSENT: it is not installed, or does not load here.
        """
        try:
            from nbis import NbisError, NbisExtractorSettings, new_nbis_extractor
        except (ImportError, OSError) as error:
            problem = marked("the wheel nbis-py is not installed or does not load")
            raise Refused("EXTRACTOR_ABSENT", problem=problem, details=str(error)) from error
        self._failure: type[Exception] = NbisError
        self._with_nfiq2 = with_nfiq2
        self._extractor = new_nbis_extractor(
            NbisExtractorSettings(
                min_quality=0.0,
                get_center=False,
                check_fingerprint=False,
                compute_nfiq2=with_nfiq2,
                ppi=float(DPI),
            )
        )

    def extract(self, image: FingerImage, window: SensorWindow | None = None) -> Extraction:
        """Find minutiae: see `MinutiaeExtractor.extract`. What lies outside the window is made white."""
        level = image.at_500_dpi()
        pixels = level.pixels
        if window is not None:
            pixels = np.where(window.fitted_to(image, level), pixels, WHITE)
        target = io.BytesIO()
        Image.fromarray(pixels).save(target, "PNG", compress_level=0)
        try:
            result = self._extractor.extract_minutiae(target.getvalue())
            found = result.get()
            quality = round(result.quality().score) if self._with_nfiq2 else 0
        except self._failure:
            return Extraction(Minutiae.none(), 0, MEASURE, 0.0, 0.0, (NO_FINGER,))
        minutiae = Minutiae.of(
            [one.x() for one in found],
            [one.y() for one in found],
            [-math.radians(one.angle()) for one in found],  # its angle turns counter-clockwise as seen
            [min(MOST_QUALITY, round(MOST_QUALITY * one.reliability())) for one in found],
            [_kind(str(one.kind())) for one in found],
        )
        hints = (OTHER_FINGER,) if len(minutiae) < FEW_MINUTIAE else ()
        return Extraction(minutiae, quality, MEASURE, 0.0, 0.0, hints)


def _kind(name: str) -> MinutiaKind:
    return MinutiaKind.BIFURCATION if "BIFURCATION" in name.upper() else MinutiaKind.ENDING
