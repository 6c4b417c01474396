"""How alike the surroundings of two minutiae are: the nearest neighbours, seen from the minutia itself.

Distances, and angles taken from the minutia's own direction, stay as they are when a finger is moved.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from station.fingers.minutiae import Integers, Minutiae, Reals, wrapped

NEIGHBOURS: Final = 6
DISTANCE_TOLERANCE: Final = 8.0  # px
DISTANCE_SHARE: Final = 0.08  # of the distance: skin stretches
BEARING_TOLERANCE: Final = 0.35  # radians
DIRECTION_TOLERANCE: Final = 0.45  # radians


@dataclass(frozen=True, eq=False)
class Surroundings:
    """The K nearest neighbours of n minutiae, float64[K, n] each; K is at most 6.

    Attributes:
        distance: px.
        bearing: from the minutia's direction to its neighbour.
        turn: from the minutia's direction to its neighbour's direction.
    """

    distance: Reals
    bearing: Reals
    turn: Reals

    def of(self, which: Integers) -> "Surroundings":
        """Return those of these minutiae."""
        return Surroundings(self.distance[:, which], self.bearing[:, which], self.turn[:, which])


def surroundings(minutiae: Minutiae) -> Surroundings:
    """Find the nearest neighbours of each minutia."""
    across = minutiae.x[None, :] - minutiae.x[:, None]
    down = minutiae.y[None, :] - minutiae.y[:, None]
    squares = across**2 + down**2
    np.fill_diagonal(squares, np.inf)
    nearest = np.argsort(squares, axis=1, kind="stable")[:, : min(NEIGHBOURS, len(minutiae) - 1)]
    at = np.arange(len(minutiae))[:, None]
    own = minutiae.direction[:, None]
    bearing = wrapped(np.arctan2(down[at, nearest], across[at, nearest]) - own)
    turn = wrapped(minutiae.direction[nearest] - own)
    return Surroundings(np.sqrt(squares[at, nearest]).T, bearing.T, turn.T)


def local_similarity(first: Surroundings, second: Surroundings) -> Reals:
    """Compare surroundings pair by pair: column p of the one with column p of the other.

    Returns:
        float64[P], 0 to 12: each neighbour on either side counts with its best fellow, 1 at most.
    """
    distance = first.distance[:, None]
    misfit = np.abs(distance - second.distance[None])
    misfit /= DISTANCE_TOLERANCE + DISTANCE_SHARE * distance
    misfit *= misfit
    misfit += _angles_apart(first.bearing, second.bearing, BEARING_TOLERANCE)
    misfit += _angles_apart(first.turn, second.turn, DIRECTION_TOLERANCE)
    # exp falls, so the best fellow is the one of the least misfit
    of_first = np.exp(-0.5 * misfit.min(axis=1)).sum(axis=0)
    return np.asarray(of_first + np.exp(-0.5 * misfit.min(axis=0)).sum(axis=0), dtype=np.float64)


def _angles_apart(first: Reals, second: Reals, tolerance: float) -> Reals:
    """Return ((angle between) / tolerance)^2, float64[K, L, P]; the angles lie in [-pi, pi)."""
    apart = np.abs(first[:, None] - second[None])
    apart -= np.pi
    np.abs(apart, out=apart)
    np.subtract(np.pi, apart, out=apart)
    apart /= tolerance
    apart *= apart
    return apart
