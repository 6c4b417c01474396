"""What the station needs of an extractor, and what it gives."""

from dataclasses import dataclass
from typing import Protocol

from station.fingers.image import FingerImage
from station.fingers.minutiae import Minutiae
from station.fingers.window import SensorWindow


@dataclass(frozen=True, eq=False)
class Extraction:
    """What was found in one image.

    Attributes:
        minutiae: at 500 dpi; none where there is no finger.
        quality: 0 to 100, by the extractor's own measure (`measure`).
        measure: what `quality` is: `clarity` (ours) or `nfiq2`.
        contact_area: square millimetres of skin on the plate.
        clarity: 0 to 1, how clear the ridges are where there is skin.
        hints: messages for the operator, marked for translation, the most useful first.
    """

    minutiae: Minutiae
    quality: int
    measure: str
    contact_area: float
    clarity: float
    hints: tuple[str, ...]


class MinutiaeExtractor(Protocol):
    """Finds the minutiae of an image."""

    def extract(self, image: FingerImage, window: SensorWindow | None = None) -> Extraction:
        """Find minutiae; nothing of the image is kept.

        Args:
            image: at its own resolution.
            window: where this device shows skin, of the image's own size; None where it was not learned.

        Raises:
            InputFault: SENSOR_WINDOW_MISFITS: the window is of another size.
        """
