"""One image of one finger, as a sensor or a file gives it: dark ridges on a light ground."""

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from station.errors import InputFault
from station.fingers.minutiae import DPI
from station.language import marked

Grey = NDArray[np.uint8]

LARGEST_SIDE: Final = 1600  # pixels: 81 mm at 500 dpi, the largest plate of one hand
LOWEST_DPI: Final = 250  # 99 pixels per cm, the lowest of ISO/IEC 19794-2:2005
HIGHEST_DPI: Final = 2000
FORMS: Final = ("PNG", "BMP", "TIFF", "PPM")  # all without loss; JPEG's blocks make minutiae of their own
BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)  # little data, a huge picture
NEAR_ENOUGH: Final = 0.005  # a resolution within half a percent of 500 dpi is taken as it is


@dataclass(frozen=True, eq=False)
class FingerImage:
    """A grey image of one finger.

    Attributes:
        pixels: uint8[height, width]; 0 is black, ridges are dark.
        dots_per_inch_x, dots_per_inch_y: pixels per inch, as the device says or its calibration has measured.
    """

    pixels: Grey
    dots_per_inch_x: float = float(DPI)
    dots_per_inch_y: float = float(DPI)

    def __post_init__(self) -> None:
        """See that it can be an image.

        Raises:
            InputFault: FINGER_IMAGE_IMPOSSIBLE.
        """
        if self.pixels.ndim != 2 or self.pixels.dtype != np.uint8:
            raise InputFault("FINGER_IMAGE_IMPOSSIBLE", problem=marked("it is not a grey image of 8 bits"))
        if not all(0 < side <= LARGEST_SIDE for side in self.pixels.shape):
            raise InputFault("FINGER_IMAGE_IMPOSSIBLE", problem=marked("a size that cannot be"))
        if not all(LOWEST_DPI <= dpi <= HIGHEST_DPI for dpi in (self.dots_per_inch_x, self.dots_per_inch_y)):
            raise InputFault("FINGER_IMAGE_IMPOSSIBLE", problem=marked("a resolution that cannot be"))

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Pixels of a row."""
        return int(self.pixels.shape[1])

    def at_500_dpi(self) -> "FingerImage":
        """Return it at 500 dpi, resampled if its own resolution differs by more than half a percent."""
        scale_x, scale_y = DPI / self.dots_per_inch_x, DPI / self.dots_per_inch_y
        if max(abs(scale_x - 1), abs(scale_y - 1)) <= NEAR_ENOUGH:
            return FingerImage(self.pixels)
        size = (max(1, round(self.width * scale_x)), max(1, round(self.height * scale_y)))
        resampled = Image.fromarray(self.pixels).resize(size, Image.Resampling.BICUBIC)
        return FingerImage(np.asarray(resampled))


def read_finger_image(
    data: bytes, dots_per_inch_x: float = DPI, dots_per_inch_y: float | None = None
) -> FingerImage:
    """Read an image file without loss: PNG, BMP, TIFF or PGM. Colours become grey.

    Args:
        data: the whole file.
        dots_per_inch_x: the resolution; what the file says of it is not trusted.
        dots_per_inch_y: the same as across if left out.

    Raises:
        InputFault: FINGER_IMAGE_UNREADABLE, FINGER_IMAGE_IMPOSSIBLE.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMS) as file:
            if max(file.size) > LARGEST_SIDE:  # before anything is unpacked
                raise InputFault("FINGER_IMAGE_IMPOSSIBLE", problem=marked("a size that cannot be"))
            pixels = np.asarray(file.convert("L"))
    except (OSError, SyntaxError, ValueError, *BOMBS) as error:
        raise InputFault("FINGER_IMAGE_UNREADABLE", problem=marked("it is no whole picture")) from error
    return FingerImage(
        pixels, dots_per_inch_x, dots_per_inch_x if dots_per_inch_y is None else dots_per_inch_y
    )
