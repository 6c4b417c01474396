"""The phone: a seeded picture of a printed letter, as the JPEG file that it would send."""

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from math import radians
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from tests.scans.camera import View, draw_view, photograph
from tests.scans.fold import Fold, Grey, draw_fold, folded
from tests.scans.letters import PrintedLetter

MOST_TILT: Final = radians(20)
MOST_BLUR: Final = 1.5  # dots
NOISE: Final = 12.0  # sigma, of 255 grey levels
QUALITY: Final = 40


class Hardness(StrEnum):
    """How tilt and blur are drawn."""

    ANY = "any"
    WORST = "worst"  # both at their ends


@dataclass(frozen=True)
class Scan:
    """A picture of a letter, and how it was taken."""

    jpeg: bytes
    fold: Fold
    view: View
    blur: float


def scan(letter: PrintedLetter, seed: int, number: int, hardness: Hardness = Hardness.ANY) -> Scan:
    """Photograph a letter; the same seed and number always give the same picture."""
    source = np.random.default_rng([seed, number])
    worst = hardness is Hardness.WORST
    fold = draw_fold(source, letter.square)
    view = draw_view(source, MOST_TILT if worst else None)
    blur = MOST_BLUR if worst else source.uniform(0, MOST_BLUR)
    return Scan(take_picture(letter.sheet, fold, view, blur, source), fold, view, blur)


def take_picture(sheet: Grey, fold: Fold, view: View, blur: float, source: np.random.Generator) -> bytes:
    """Return the JPEG file of a folded sheet. `blur` is the sigma, in dots."""
    seen = photograph(folded(sheet, fold), fold, view)
    picture = Image.fromarray(np.clip(np.rint(seen), 0, 255).astype(np.uint8))
    blurred = np.asarray(picture.filter(ImageFilter.GaussianBlur(blur)), dtype=np.float32)
    noisy = blurred + NOISE * source.standard_normal(blurred.shape, dtype=np.float32)
    target = BytesIO()
    Image.fromarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8)).save(target, "JPEG", quality=QUALITY)
    return target.getvalue()
