"""The minutiae of one finger: the one form that extraction, records and the matcher share.

Lengths are pixels at 500 dpi, x to the right and y **down**, as images lie in memory. A direction is in
radians in these axes, so it turns **clockwise** as seen: it is the negative of the angle of ISO/IEC 19794-2,
which turns counter-clockwise. `station.fingers.record` and `compact` turn it; nothing else does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Smalls = NDArray[np.uint8]

DPI: Final = 500
TURN: Final = 2 * np.pi
MOST_QUALITY: Final = 100


class MinutiaKind(IntEnum):
    """What a ridge does at a minutia: ISO/IEC 19794-2:2005, 7.5.2, minutia type."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


class Finger(IntEnum):
    """Which finger: ISO/IEC 19794-2:2005, table 2, finger position."""

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10


@dataclass(frozen=True, eq=False)
class Minutiae:
    """The minutiae of one finger, arrays of one length n.

    Attributes:
        x, y: float64[n], pixels at 500 dpi, y down.
        direction: float64[n], radians, clockwise as seen (see the module).
        quality: uint8[n], 0 to 100; 0 means that none was given.
        kind: uint8[n], values of `MinutiaKind`.
    """

    x: Reals
    y: Reals
    direction: Reals
    quality: Smalls
    kind: Smalls

    def __post_init__(self) -> None:
        """See that the arrays have one length.

        Raises:
            ValueError: they do not.
        """
        shapes = {array.shape for array in (self.x, self.y, self.direction, self.quality, self.kind)}
        if shapes != {(len(self.x),)}:
            raise ValueError("the arrays of minutiae differ in length")

    def __len__(self) -> int:
        """How many there are."""
        return len(self.x)

    @classmethod
    def of(
        cls,
        x: Sequence[float] | Reals,
        y: Sequence[float] | Reals,
        direction: Sequence[float] | Reals,
        quality: Sequence[int] | Integers | Smalls,
        kind: Sequence[int] | Integers | Smalls,
    ) -> "Minutiae":
        """Make them of any sequences of numbers.

        Raises:
            ValueError: the sequences differ in length.
        """
        return cls(
            np.asarray(x, dtype=np.float64),
            np.asarray(y, dtype=np.float64),
            np.asarray(direction, dtype=np.float64),
            np.asarray(quality, dtype=np.uint8),
            np.asarray(kind, dtype=np.uint8),
        )

    @classmethod
    def none(cls) -> "Minutiae":
        """Return no minutiae at all: what a blank image gives."""
        return cls.of((), (), (), (), ())

    def taken(self, which: Integers) -> "Minutiae":
        """Return those with these indices, in the order of the indices."""
        return Minutiae(
            self.x[which], self.y[which], self.direction[which], self.quality[which], self.kind[which]
        )

    def best(self, most: int) -> "Minutiae":
        """Return the `most` of best quality, in their old order; at equal quality the first ones."""
        if len(self) <= most:
            return self
        return self.taken(np.sort(np.argsort(MOST_QUALITY - self.quality, kind="stable")[:most]))

    def scaled(self, across: float, down: float) -> "Minutiae":
        """Stretch the plane: x by `across`, y by `down`, and turn the directions with it."""
        if across == down == 1.0:
            return self
        direction = np.arctan2(np.sin(self.direction) * down, np.cos(self.direction) * across)
        return Minutiae(self.x * across, self.y * down, direction, self.quality, self.kind)


def wrapped(angle: Reals) -> Reals:
    """Bring angles in radians into [-pi, pi)."""
    return (angle + np.pi) % TURN - np.pi
