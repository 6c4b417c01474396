"""Where the finder patterns of QR codes are: the three squares in three corners, ISO/IEC 18004 clause 6.3.3.

A matched filter finds them at any turn: the pattern, averaged over all turns, is a disc within two rings.
Blur, noise and a crease across one lower its correlation, and seldom move its peak.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.letters.reading.picture import Grey

Levels = NDArray[np.float32]

# Half sides of the squares that the pattern is made of, in modules: dark core, light ring, dark ring, and the
# light separator around all.
CORE: Final = 1.5
LIGHT_RING: Final = 2.5
DARK_RING: Final = 3.5
RADIUS: Final = 4.4  # of the filter, in modules: a circle within the separator
TURNS: Final = 360  # over how many the pattern is averaged
MODULES: Final = (2.4, 3.0, 3.8)  # dots; a picture of half the size serves twice as large ones
FLATTEST: Final = 15.0  # grey levels; where the paper varies less there is no pattern
LEAST: Final = 0.35  # correlation
MOST: Final = 30  # patterns in a picture, ten codes
APART: Final = 4  # modules from one to the next, at the least


@dataclass(frozen=True)
class Finder:
    """Perhaps a finder pattern.

    Attributes:
        x, y: of its middle, in dots.
        module: width of a module, in dots, to a fifth of it.
        likeness: correlation with the pattern, up to 1.
    """

    x: float
    y: float
    module: float
    likeness: float


def find_finders(picture: Grey) -> list[Finder]:
    """Return what may be finder patterns, the likeliest first, at most `MOST`."""
    found = [finder for level, scale in _pyramid(picture) for finder in _peaks(level, scale)]
    kept: list[Finder] = []
    for finder in sorted(found, key=lambda one: -one.likeness):
        if all(_are_apart(finder, other) for other in kept):
            kept.append(finder)
    return kept[:MOST]


def _are_apart(one: Finder, other: Finder) -> bool:
    near = APART * max(one.module, other.module)
    return abs(one.x - other.x) > near or abs(one.y - other.y) > near


def _pyramid(picture: Grey) -> Iterator[tuple[Levels, int]]:
    level, scale = picture.astype(np.float32), 1
    while min(level.shape) > 2 * RADIUS * MODULES[0]:
        yield level, scale
        rows, columns = (length // 2 * 2 for length in level.shape)
        even = level[:rows, :columns]
        level = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) * np.float32(0.25)
        scale *= 2


def _peaks(level: Levels, scale: int) -> list[Finder]:
    likeness, module = _likeness(level)
    found: list[Finder] = []
    while len(found) < MOST:
        y, x = divmod(int(likeness.argmax()), likeness.shape[1])
        best, width = float(likeness[y, x]), float(module[y, x])
        if best < LEAST:
            break
        found.append(Finder((x + 0.5) * scale, (y + 0.5) * scale, width * scale, best))
        near = int(APART * width)
        likeness[max(0, y - near) : y + near + 1, max(0, x - near) : x + near + 1] = -1
    return found


def _likeness(level: Levels) -> tuple[Levels, Levels]:
    """Return for each dot the best correlation over all widths of a module, and the width that has it."""
    level = level - level.mean()
    spread = _Spread.over(level)
    best = np.full(level.shape, -1, dtype=np.float32)
    widths = np.zeros(level.shape, dtype=np.float32)
    for width, matched in _matched(level):
        radius = RADIUS * width
        across = spread.about(round(radius * np.sqrt(np.pi) / 2)) * np.float32(np.sqrt(np.pi) * radius)
        likeness = matched / across
        better = likeness > best
        best[better] = likeness[better]
        widths[better] = width
    return best, widths


def _matched(level: Levels) -> Iterator[tuple[float, Levels]]:
    """Return for each width of a module the sum over the pattern about each dot."""
    rows, columns = level.shape
    padding = 2 * _half(MODULES[-1])
    frame = (_smooth_length(rows + padding), _smooth_length(columns + padding))
    spectrum = np.fft.rfft2(level, frame)
    for width in MODULES:
        half = _half(width)
        matched = np.fft.irfft2(spectrum * np.fft.rfft2(_mask(width), frame), frame)
        yield width, matched[half : half + rows, half : half + columns].astype(np.float32)


@dataclass(frozen=True)
class _Spread:
    """How much the grey levels vary about each dot, from sums over all that is above and to the left."""

    levels: NDArray[np.float64]
    squares: NDArray[np.float64]

    @classmethod
    def over(cls, level: Levels) -> "_Spread":
        margin = _half(MODULES[-1])
        wide = np.pad(level, ((margin + 1, margin), (margin + 1, margin)))
        sums = (np.cumsum(part.cumsum(0, np.float64), 1) for part in (wide, wide * wide))
        return cls(*sums)

    def about(self, half: int) -> Levels:
        """Return the standard deviation in a square about each dot, `FLATTEST` at the least."""
        count = (2 * half + 1) ** 2
        mean, square = (self._box(sums, half) / np.float32(count) for sums in (self.levels, self.squares))
        return np.asarray(np.sqrt(np.maximum(square - mean * mean, FLATTEST**2)), dtype=np.float32)

    def _box(self, sums: NDArray[np.float64], half: int) -> Levels:
        first, last = _half(MODULES[-1]) - half, _half(MODULES[-1]) + half + 1
        rows, columns = (length - 2 * _half(MODULES[-1]) - 1 for length in sums.shape)
        lower, upper = sums[last : last + rows], sums[first : first + rows]
        strip = lower - upper
        return (strip[:, last : last + columns] - strip[:, first : first + columns]).astype(np.float32)


def _half(width: float) -> int:
    """Return how far the pattern reaches from its middle, in dots."""
    return int(np.ceil(RADIUS * width))


@cache
def _mask(width: float) -> Levels:
    """Return the averaged pattern for a width of a module: mean 0, sum of squares 1."""
    half = _half(width)
    y, x = np.mgrid[-half : half + 1, -half : half + 1] / width
    distance = np.hypot(x, y)
    inside = distance <= RADIUS
    radii, means = _averaged()
    mask = np.where(inside, np.interp(distance, radii, means), 0)
    mask[inside] -= mask[inside].mean()
    return np.asarray(mask / np.sqrt((mask**2).sum()), dtype=np.float32)


@cache
def _averaged() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean of the pattern, dark -1 and light 1, over circles of some radii, in modules."""
    radii = np.linspace(0, RADIUS, 100)
    turns = np.linspace(0, 2 * np.pi, TURNS, endpoint=False)
    from_middle = np.maximum(np.abs(np.outer(radii, np.cos(turns))), np.abs(np.outer(radii, np.sin(turns))))
    dark = (from_middle < CORE) | ((from_middle >= LIGHT_RING) & (from_middle < DARK_RING))
    return radii, np.where(dark, -1.0, 1.0).mean(axis=1)


def _smooth_length(least: int) -> int:
    """Return the next length that the transform is quick for: a product of 2, 3 and 5."""
    length = least
    while True:
        rest = length
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return length
        length += 1
