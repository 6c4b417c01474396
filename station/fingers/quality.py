"""How good an image of a finger is, by what can be seen of its ridges, and what to tell the person.

This is a measure of our own, for the counter; it is no NFIQ 2 and is never given out as one. Its limits are
guesses until dry, wet and worn fingers of real people have been measured (docs/reference/fingers.md).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from station.fingers.extraction.blocks import SQUARE_MM, Cells, Plane
from station.fingers.extraction.port import Extraction
from station.fingers.minutiae import MOST_QUALITY, Minutiae
from station.language import marked

MEASURE: Final = "clarity"
FULL_AREA: Final = 150.0  # square millimetres: about what a thumb or index finger shows
SMALL_AREA: Final = 80.0
FEW_MINUTIAE: Final = 12
OFF_CENTRE: Final = 0.22  # of the image's side, from its middle
UNCLEAR: Final = 0.35
DARK: Final = 70.0  # grey levels of the skin, ridges and valleys together: wet, or pressed hard
LIGHT: Final = 170.0  # dry, or hardly pressed
FLAT: Final = 14.0  # grey levels of deviation

NO_FINGER: Final = marked("No finger is seen. Put the finger on the plate and hold it still.")
PRESS_MORE: Final = marked("Press a little more: too little of the finger lies on the plate.")
CENTRE: Final = marked("Move the finger to the centre of the plate.")
TOO_DRY: Final = marked("The finger is too dry. Breathe on it or moisten it a little.")
TOO_WET: Final = marked("The finger is too wet or pressed too hard. Wipe it dry and press less.")
UNCLEAR_RIDGES: Final = marked("The ridges are not clear. Clean the plate and the finger.")
OTHER_FINGER: Final = marked("Little can be seen on this finger. Try the other finger.")


@dataclass(frozen=True, eq=False)
class Looks:
    """What was seen of a finger, block by block, [rows, columns] each.

    Attributes:
        mask: the blocks of skin.
        clarity: 0 to 1.
        brightness, deviation: grey levels.
    """

    mask: Cells
    clarity: Plane
    brightness: Plane
    deviation: Plane


def judged(minutiae: Minutiae, looks: Looks | None) -> Extraction:
    """Put a quality, an area and hints to the minutiae; `looks` is None where no finger was seen."""
    if looks is None:
        return Extraction(Minutiae.none(), 0, MEASURE, 0.0, 0.0, (NO_FINGER,))
    area = float(np.count_nonzero(looks.mask)) * SQUARE_MM
    clarity = float(looks.clarity[looks.mask].mean())
    quality = round(MOST_QUALITY * clarity * min(1.0, area / FULL_AREA)) if len(minutiae) else 0
    return Extraction(minutiae, quality, MEASURE, area, clarity, _hints(minutiae, looks, area, clarity))


def _hints(minutiae: Minutiae, looks: Looks, area: float, clarity: float) -> tuple[str, ...]:
    brightness = float(looks.brightness[looks.mask].mean())
    deviation = float(looks.deviation[looks.mask].mean())
    unclear = clarity < UNCLEAR
    hints = (
        (PRESS_MORE, area < SMALL_AREA),
        (CENTRE, _off_centre(looks.mask)),
        (TOO_WET, brightness < DARK),
        (TOO_DRY, brightness > LIGHT and (unclear or deviation < FLAT)),
        (UNCLEAR_RIDGES, unclear),
        (OTHER_FINGER, len(minutiae) < FEW_MINUTIAE),
    )
    return tuple(hint for hint, fits in hints if fits)


def _off_centre(mask: Cells) -> bool:
    rows, columns = np.nonzero(mask)
    down = abs((rows.mean() + 0.5) / mask.shape[0] - 0.5)
    across = abs((columns.mean() + 0.5) / mask.shape[1] - 0.5)
    return bool(max(down, across) > OFF_CENTRE)
