"""A fold through the code: what it does to the paper's grey levels, and the slope that it leaves."""

from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]

DOTS_PER_MM: Final = 150 / 25.4
FINDER: Final = 3.5 / 61  # middle of a finder pattern in parts of the code's side, version 11
EDGE: Final = 1.0  # dots over which the core of a crease begins and ends


@dataclass(frozen=True)
class Square:
    """A square on the sheet, in millimetres from its upper left corner."""

    left: float
    top: float
    side: float


@dataclass(frozen=True)
class Fold:
    """A straight fold.

    Attributes:
        x, y: a point of it, in millimetres from the sheet's upper left corner.
        direction: of the crease, in radians from the x axis.
        width: of its core, in dots.
        flaked: which part of the toner is gone from the core, 0 to 1.
        darkened: which part of the light the core swallows, 0 to 1.
        step: by how much the part beyond is lighter, 0.1 for a tenth.
        shadow: by how much the paper beside the crease is lighter, on the side beyond.
        reach: of the shadow, in millimetres.
        slope: of the part beyond, in radians.
    """

    x: float
    y: float
    direction: float
    width: float
    flaked: float
    darkened: float
    step: float
    shadow: float
    reach: float
    slope: float

    @property
    def normal(self) -> tuple[float, float]:
        """The unit vector that points to the part beyond the crease."""
        return -sin(self.direction), cos(self.direction)

    def beyond(self, x: Grey, y: Grey) -> Grey:
        """Return how far points are beyond the crease, in millimetres; negative on this side of it."""
        across_x, across_y = self.normal
        return np.asarray((x - self.x) * across_x + (y - self.y) * across_y, dtype=np.float32)


def draw_fold(source: np.random.Generator, square: Square) -> Fold:
    """Draw a fold through a square."""
    flakes = bool(source.random() < 0.5)
    return Fold(
        x=square.left + square.side * source.random(),
        y=square.top + square.side * source.random(),
        direction=source.uniform(0, 2 * pi),
        width=source.uniform(1, 4),
        flaked=source.uniform(0.3, 1) if flakes else 0.0,
        darkened=0.0 if flakes else source.uniform(0.2, 0.7),
        step=source.uniform(-0.12, 0.12),
        shadow=source.uniform(-0.25, 0.1),
        reach=source.uniform(2, 8),
        slope=radians(source.uniform(-5, 5)),
    )


def fold_through(square: Square, place: tuple[float, float], flaked: float = 0, darkened: float = 0) -> Fold:
    """Return a hard fold through a place of a square, which is told in parts of its side."""
    return Fold(
        x=square.left + square.side * place[0],
        y=square.top + square.side * place[1],
        direction=0.9,
        width=3.5,
        flaked=flaked,
        darkened=darkened,
        step=0.05,
        shadow=-0.15,
        reach=4,
        slope=radians(2),
    )


def folded(sheet: Grey, fold: Fold) -> Grey:
    """Return a sheet's grey levels at 150 dpi with the fold in it."""
    down, right = (np.arange(length, dtype=np.float32) + np.float32(0.5) for length in sheet.shape)
    beyond = fold.beyond(right[None, :] / DOTS_PER_MM, down[:, None] / DOTS_PER_MM)
    core = np.clip((fold.width / 2 - np.abs(beyond) * DOTS_PER_MM) / EDGE + 0.5, 0, 1)
    light = 1 + (beyond > 0) * (fold.step + fold.shadow * np.exp(-np.abs(beyond) / fold.reach))
    flaked = sheet + (255 - sheet) * core * fold.flaked
    return np.asarray(flaked * light * (1 - core * fold.darkened), dtype=np.float32)
