"""Which finder patterns belong to one code, how many modules it has, and where they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.letters.reading.finders import Finder
from station.letters.reading.picture import Grey

Affine = NDArray[np.float64]  # 2 rows, 3 columns: modules from the code's upper left corner -> dots

MIDDLE: Final = 3.5  # of a finder pattern, in modules from the code's corner
WIDTHS: Final = tuple(range(21, 105, 4))  # modules across: versions 1 to 21, ISO/IEC 18004 clause 6.1
MODULES_ALIKE: Final = 1.6  # how much larger one finder pattern's modules may be measured than another's
SIDES_ALIKE: Final = 1.35  # how much longer one side may be seen than the other
MOST_SKEW: Final = 0.3  # cosine of the angle between the sides
GUESS: Final = 0.3  # the width of a module is measured to this part
TIMING: Final = 6  # row and column of the timing patterns, clause 6.3.5
LEAST_TIMING: Final = 0.25  # correlation with the timing patterns
MOST: Final = 200  # sets of three that are looked at


@dataclass(frozen=True)
class Symbol:
    """Perhaps a QR code.

    Attributes:
        width: modules across.
        placed: where its modules are, as far as three corners tell.
        likeness: of finder and timing patterns together.
    """

    width: int
    placed: Affine
    likeness: float

    def dots(self, modules: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where points are in the picture; rows of x and y, in modules and in dots."""
        return modules @ self.placed[:, :2].T + self.placed[:, 2]

    @property
    def module(self) -> float:
        """The width of a module, in dots."""
        return float(np.sqrt(abs(np.linalg.det(self.placed[:, :2]))))


def find_symbols(picture: Grey, finders: list[Finder]) -> list[Symbol]:
    """Return what may be codes, the likeliest first."""
    corners = sorted(_corners(finders), key=lambda three: -sum(finder.likeness for finder in three))
    found = [symbol for three in corners[:MOST] if (symbol := _symbol(picture, three))]
    return sorted(found, key=lambda symbol: -symbol.likeness)


def _corners(finders: list[Finder]) -> Iterator[tuple[Finder, Finder, Finder]]:
    """Return upper left, upper right and lower left finder patterns of what may be codes."""
    for one, other in combinations(finders, 2):
        for corner in finders:
            if corner is not one and corner is not other and _fit(corner, one, other):
                right_handed = _cross(corner, one, other) > 0
                yield (corner, one, other) if right_handed else (corner, other, one)


def _fit(corner: Finder, one: Finder, other: Finder) -> bool:
    modules = sorted(finder.module for finder in (corner, one, other))
    sides = sorted((_distance(corner, one), _distance(corner, other)))
    if modules[2] > MODULES_ALIKE * modules[0] or sides[1] > SIDES_ALIKE * sides[0]:
        return False
    across = (one.x - corner.x) * (other.x - corner.x) + (one.y - corner.y) * (other.y - corner.y)
    return abs(across) < MOST_SKEW * sides[0] * sides[1]


def _distance(one: Finder, other: Finder) -> float:
    return float(np.hypot(one.x - other.x, one.y - other.y))


def _cross(corner: Finder, one: Finder, other: Finder) -> float:
    """Positive where `other` is clockwise from `one`, as the eye sees it: rows go down."""
    return (one.x - corner.x) * (other.y - corner.y) - (one.y - corner.y) * (other.x - corner.x)


def _symbol(picture: Grey, three: tuple[Finder, Finder, Finder]) -> Symbol | None:
    """Try every number of modules that the three allow, and take the one whose timing patterns are there."""
    corner, right, below = three
    module = float(np.median([finder.module for finder in three]))
    guess = (_distance(corner, right) + _distance(corner, below)) / 2 / module + 2 * MIDDLE
    widths = [width for width in WIDTHS if abs(width - guess) < GUESS * guess]
    tried = [
        Symbol(width, placed := _placed(width, three), _timing(picture, width, placed)) for width in widths
    ]
    best = max(tried, key=lambda symbol: symbol.likeness, default=None)
    if best is None or best.likeness < LEAST_TIMING:
        return None
    return Symbol(best.width, best.placed, best.likeness + sum(finder.likeness for finder in three))


def _placed(width: int, three: tuple[Finder, Finder, Finder]) -> Affine:
    corner, right, below = (np.array([finder.x, finder.y]) for finder in three)
    across, down = (right - corner) / (width - 2 * MIDDLE), (below - corner) / (width - 2 * MIDDLE)
    return np.column_stack([across, down, corner - MIDDLE * (across + down)])


def _timing(picture: Grey, width: int, placed: Affine) -> float:
    """Return how well the row and the column of alternating modules are seen, up to 1."""
    along = np.arange(8, width - 8)
    expected = np.where(along % 2, 1.0, -1.0)  # even modules are dark
    across = np.full(len(along), TIMING)
    likeness = 0.0
    for x, y in ((along, across), (across, along)):
        middles = np.column_stack([x + 0.5, y + 0.5]) @ placed[:, :2].T + placed[:, 2]
        seen = _levels(picture, middles)
        likeness += (
            float(((seen - seen.mean()) * (expected - expected.mean())).mean() / (seen.std() + 1e-6)) / 2
        )
    return likeness


def _levels(picture: Grey, dots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the grey levels at points: the mean of the nearest dot and its four neighbours."""
    rows, columns = picture.shape
    x, y = np.floor(dots).astype(int).T
    near = [(0, 0), (0, 1), (1, 0), (0, -1), (-1, 0)]
    found = [
        picture[np.clip(y + down, 0, rows - 1), np.clip(x + right, 0, columns - 1)] for right, down in near
    ]
    return np.asarray(np.mean(found, axis=0), dtype=np.float64)
