"""The part of a sensor's image where skin can appear, learned from blank frames and kept with the device.

Optical readers show a grey frame round their plate. Taken for skin it gives minutiae at the same place in
every image of that sensor, and then strangers match on that sensor. Hence the window is learned from frames
without a finger, in the technician's calibration, and never guessed from an image of a finger.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from station.errors import InputFault
from station.fingers.image import BOMBS, LARGEST_SIDE, FingerImage
from station.language import marked

Cells = NDArray[np.bool_]

FEWEST_FRAMES: Final = 5
SLOPE: Final = 6.0  # grey levels a pixel: a frame's edge is steeper, the fall of light over a plate is not
SMOOTHING: Final = 2.0  # pixels
RIM: Final = 4  # pixels taken off all round
SMALLEST_SHARE: Final = 0.25  # of the image; less is no plate but a dirty one or a finger
ROUGH: Final = 8.0  # grey levels: what lies on the plate differs by more from its own surroundings
MOST_ROUGH: Final = 95  # per cent of the plate must be smoother: dust may lie on it, a finger may not
UNSTEADY: Final = 8.0  # grey levels of deviation over time: something moved


@dataclass(frozen=True, eq=False)
class SensorWindow:
    """bool[height, width], at the device's own resolution: where skin can appear."""

    inside: Cells

    def to_png(self) -> bytes:
        """Return it as a PNG of one bit a pixel, to be stored with the device."""
        target = io.BytesIO()
        Image.fromarray(self.inside).save(target, "PNG")
        return target.getvalue()

    @classmethod
    def from_png(cls, data: bytes) -> "SensorWindow":
        """Read what `to_png` wrote.

        Raises:
            InputFault: SENSOR_WINDOW_UNREADABLE.
        """
        try:
            with Image.open(io.BytesIO(data), formats=("PNG",)) as file:
                if file.mode != "1" or max(file.size) > LARGEST_SIDE:
                    raise InputFault("SENSOR_WINDOW_UNREADABLE")
                return cls(np.asarray(file))
        except (OSError, SyntaxError, ValueError, *BOMBS) as error:
            raise InputFault("SENSOR_WINDOW_UNREADABLE") from error

    def fitted_to(self, image: FingerImage, level: FingerImage) -> Cells:
        """Return the window for an image of this device after it was brought to 500 dpi.

        Raises:
            InputFault: SENSOR_WINDOW_MISFITS: the window was learned from images of another size.
        """
        if self.inside.shape != image.pixels.shape:
            height, width = self.inside.shape
            raise InputFault(
                "SENSOR_WINDOW_MISFITS", window=f"{width} x {height}", image=f"{image.width} x {image.height}"
            )
        if level.pixels.shape == image.pixels.shape:
            return self.inside
        size = (level.width, level.height)
        return np.asarray(Image.fromarray(self.inside).resize(size, Image.Resampling.NEAREST))


def learn_window(frames: Sequence[FingerImage]) -> SensorWindow:
    """Learn where skin can appear from frames of the clean plate without a finger.

    The plate is the largest region that is steady and evenly lit; its frame, what lies beside it and a rim
    of 4 pixels are left out.

    Args:
        frames: at least 5, of one size.

    Raises:
        InputFault: SENSOR_WINDOW_UNLEARNED, and why.
    """
    if len(frames) < FEWEST_FRAMES or len({frame.pixels.shape for frame in frames}) != 1:
        raise InputFault("SENSOR_WINDOW_UNLEARNED", problem=marked("it takes five frames of one size"))
    stack = np.stack([frame.pixels for frame in frames]).astype(np.float32)
    deviation = ndimage.gaussian_filter(stack.std(axis=0), SMOOTHING)
    if float(np.median(deviation)) > UNSTEADY:
        raise InputFault("SENSOR_WINDOW_UNLEARNED", problem=marked("the frames differ: something moved"))
    mean = stack.mean(axis=0)
    inside = _plate(mean, deviation)
    rough = np.abs(mean - ndimage.gaussian_filter(mean, 2 * SMOOTHING))[inside]
    small = rough.size < SMALLEST_SHARE * inside.size
    if small or float(np.percentile(rough, MOST_ROUGH)) > ROUGH:
        raise InputFault("SENSOR_WINDOW_UNLEARNED", problem=marked("no clean, evenly lit plate is seen"))
    return SensorWindow(inside)


def _plate(mean: NDArray[np.float32], deviation: NDArray[np.float32]) -> Cells:
    steep = ndimage.gaussian_gradient_magnitude(mean, SMOOTHING)
    calm = (steep < SLOPE) & (deviation < UNSTEADY)
    regions, count = ndimage.label(calm)
    if not count:
        return np.zeros(mean.shape, dtype=np.bool_)
    largest = regions == 1 + int(np.argmax(np.bincount(regions.ravel())[1:]))
    whole = np.pad(ndimage.binary_fill_holes(largest), 1)
    eroded = ndimage.binary_erosion(whole, np.ones((3, 3)), iterations=RIM)
    return np.asarray(eroded[1:-1, 1:-1], dtype=np.bool_)
