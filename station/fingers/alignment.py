"""Laying one finger over the other, from many starts at once, and pairing what then lies together."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from station.fingers.minutiae import Integers, Minutiae, Reals, wrapped

TOLERANCE: Final = 12.0  # px
FIRST_TOLERANCE: Final = 16.2  # px, before the first fit
ANGLE_TOLERANCE: Final = 0.35  # radians
COST_WEIGHT: Final = 0.35
FEWEST_PAIRS: Final = 4
ROUNDS: Final = 3


@dataclass(frozen=True, eq=False)
class Motions:
    """H rigid motions of the plane: turn by `turn`, then shift. float64[H] each."""

    turn: Reals
    across: Reals
    down: Reals

    def of(self, which: Integers) -> "Motions":
        """Return these of them."""
        return Motions(self.turn[which], self.across[which], self.down[which])

    def moved(self, x: Reals, y: Reals) -> tuple[Reals, Reals]:
        """Move points: float64[H, n] twice."""
        cosine, sine = np.cos(self.turn)[:, None], np.sin(self.turn)[:, None]
        return (cosine * x - sine * y + self.across[:, None], sine * x + cosine * y + self.down[:, None])


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs under H motions, sorted by motion: three arrays of one length, and the cost of each pair.

    Attributes:
        motion, first, second: which motion, which minutia of either finger.
        cost: 0 to 2; 0 lies exactly.
    """

    motion: Integers
    first: Integers
    second: Integers
    cost: Reals

    def of(self, which: Integers) -> "Pairs":
        """Return these of them."""
        return Pairs(self.motion[which], self.first[which], self.second[which], self.cost[which])


@dataclass(frozen=True, eq=False)
class Alignment:
    """What has come of the motions that were not given up, H of them.

    Attributes:
        pairs: those of the last round.
        worth: float64[H], the sum over the pairs of 1 - 0.35 * cost.
        x, y: float64[H, n], the first finger's minutiae, moved as in the last round.
    """

    pairs: Pairs
    worth: Reals
    x: Reals
    y: Reals


def starts(first: Minutiae, second: Minutiae, i: Integers, j: Integers) -> Motions:
    """Return the motions that lay minutia i of the first on minutia j of the second, turned alike."""
    turn = wrapped(second.direction[j] - first.direction[i])
    cosine, sine = np.cos(turn), np.sin(turn)
    across = second.x[j] - (cosine * first.x[i] - sine * first.y[i])
    return Motions(turn, across, second.y[j] - (sine * first.x[i] + cosine * first.y[i]))


def align(first: Minutiae, second: Minutiae, motions: Motions) -> Alignment | None:
    """Pair and fit three times from each start; None when every start is given up."""
    tolerance = FIRST_TOLERANCE
    for left in reversed(range(ROUNDS)):
        x, y = motions.moved(first.x, first.y)
        near = _near(first, second, motions.turn, x, y, tolerance)
        pairs = _one_to_one(_cheapest(near, len(first) + len(second)), len(first), len(second), len(x))
        count = np.bincount(pairs.motion, minlength=len(x))
        going = np.flatnonzero(count >= FEWEST_PAIRS)
        if not len(going):
            return None
        pairs = _renumbered(pairs, count >= FEWEST_PAIRS)
        if not left:
            each = 1 - COST_WEIGHT * pairs.cost
            worth = np.asarray(np.bincount(pairs.motion, each, len(going)), dtype=np.float64)
            return Alignment(pairs, worth, x[going], y[going])
        motions, tolerance = _fitted(first, second, pairs, len(going)), TOLERANCE
    return None


def _near(first: Minutiae, second: Minutiae, turn: Reals, x: Reals, y: Reals, tolerance: float) -> Pairs:
    """Return all pairs within the tolerances, by motion, then first, then second."""
    across = x[:, :, None] - second.x
    down = y[:, :, None] - second.y
    across *= across
    down *= down
    across += down
    flat = np.flatnonzero(across < tolerance * tolerance)
    place, j = np.divmod(flat, len(second))
    motion, i = np.divmod(place, len(first))
    apart = np.abs(wrapped(first.direction[i] + turn[motion] - second.direction[j]))
    cost = np.sqrt(across.ravel()[flat]) / tolerance + apart / ANGLE_TOLERANCE
    return Pairs(motion, i, j, cost).of(np.flatnonzero(apart < ANGLE_TOLERANCE))


def _cheapest(pairs: Pairs, most: int) -> Pairs:
    """Sort by motion and rising cost, and keep so many of each motion."""
    ordered = pairs.of(np.lexsort((pairs.cost, pairs.motion)))
    begin = np.searchsorted(ordered.motion, ordered.motion)
    return ordered.of(np.flatnonzero(np.arange(len(begin)) - begin < most))


def _one_to_one(pairs: Pairs, firsts: int, seconds: int, motions: int) -> Pairs:
    """Take pairs greedily in their order, each minutia once.

    All at once and not one by one: a pair is taken when no pair before it that is still there shares a
    minutia with it. That gives the pairs of the greedy walk, in three or four passes.
    """
    row = pairs.motion * firsts + pairs.first
    column = pairs.motion * seconds + pairs.second
    row_free, column_free = np.ones(motions * firsts, bool), np.ones(motions * seconds, bool)
    row_leads, column_leads = np.empty(motions * firsts, np.int64), np.empty(motions * seconds, np.int64)
    waiting, taken = np.arange(len(row)), list[Integers]()
    while len(waiting):
        rows, columns = row[waiting], column[waiting]
        row_leads[rows[::-1]] = waiting[::-1]  # the first of each stays: it is written last
        column_leads[columns[::-1]] = waiting[::-1]
        leads = (row_leads[rows] == waiting) & (column_leads[columns] == waiting)
        taken.append(waiting[leads])
        row_free[rows[leads]] = False
        column_free[columns[leads]] = False
        waiting = waiting[row_free[rows] & column_free[columns]]
    return pairs.of(np.sort(np.concatenate(taken))) if taken else pairs


def _renumbered(pairs: Pairs, going: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Pairs:
    """Keep the pairs of the motions that go on, and number these from 0."""
    numbers = np.cumsum(going) - 1
    kept = pairs.of(np.flatnonzero(going[pairs.motion]))
    return Pairs(numbers[kept.motion], kept.first, kept.second, kept.cost)


def _fitted(first: Minutiae, second: Minutiae, pairs: Pairs, motions: int) -> Motions:
    """Return the rigid motion of least squares for the pairs of each motion."""
    motion = pairs.motion
    count = np.bincount(motion, minlength=motions)

    def mean(values: Reals) -> Reals:
        return np.asarray(np.bincount(motion, values, motions) / count, dtype=np.float64)

    x, y, u, v = first.x[pairs.first], first.y[pairs.first], second.x[pairs.second], second.y[pairs.second]
    mean_x, mean_y, mean_u, mean_v = mean(x), mean(y), mean(u), mean(v)
    x, y, u, v = x - mean_x[motion], y - mean_y[motion], u - mean_u[motion], v - mean_v[motion]
    turn = np.arctan2(mean(x * v - y * u), mean(x * u + y * v))
    cosine, sine = np.cos(turn), np.sin(turn)
    across = mean_u - (cosine * mean_x - sine * mean_y)
    return Motions(turn, across, mean_v - (sine * mean_x + cosine * mean_y))
