"""Are these the minutiae of one finger? A score for two sets that different extractors may have made.

Method, parameters and evidence: docs/reference/fingers.md. The parameters were written down once and never
tuned. The same input gives the same score.
"""

from typing import Final

import numpy as np

from station.fingers.alignment import Alignment, align, starts
from station.fingers.local_similarity import local_similarity, surroundings
from station.fingers.minutiae import Integers, Minutiae, Reals, wrapped

MOST_MINUTIAE: Final = 60
FEWEST_MINUTIAE: Final = 6
MOST_TURN: Final = np.pi / 3
STARTS: Final = 24
GROWN: Final = 15.0  # px, the margin round the other finger's minutiae
FEWEST_COMMON: Final = 8
BASE_WEIGHT: Final = 0.4
LOCAL_WEIGHT: Final = 0.15

THRESHOLD: Final = 3.32
"""The lowest score that is a match: false match rate 0.1 % a comparison, or less.

Written down before our extractor existed: with MINDTCT's minutiae 0 of 2,880 strangers reached it (facts:
fingerprint.md). With ours 0 of 5,760 did against a vendor's records and 0 of 2,880 live against live; 0.1 %
was reached at 2.56 and at 2.92. Ten fingers only, and a check makes up to six comparisons: hence not lower.
"""
FALSE_MATCH_RATE: Final = 0.001
"""What `THRESHOLD` claims for one comparison."""


def match_score(live: Minutiae, reference: Minutiae) -> float:
    """Compare a live finger with a reference.

    Returns:
        0 or more; `THRESHOLD` and above is a match. 0 when either has fewer than 6 minutiae.
    """
    first, second = live.best(MOST_MINUTIAE), reference.best(MOST_MINUTIAE)
    if min(len(first), len(second)) < FEWEST_MINUTIAE:
        return 0.0
    similarity = _similarities(first, second)
    i, j = _best_pairs(similarity)
    alignment = align(first, second, starts(first, second, i, j))
    return 0.0 if alignment is None else float(_scores(second, alignment, similarity).max())


def _similarities(first: Minutiae, second: Minutiae) -> Reals:
    """Return float64[nA, nB]: 0 where one would have to be turned by 60 degrees or more."""
    turn = wrapped(second.direction[None, :] - first.direction[:, None])
    i, j = np.nonzero(np.abs(turn) < MOST_TURN)
    similarity = np.zeros(turn.shape)
    similarity[i, j] = local_similarity(surroundings(first).of(i), surroundings(second).of(j))
    return similarity


def _best_pairs(similarity: Reals) -> tuple[Integers, Integers]:
    """Return the pairs with the greatest similarity; at equal similarity the first ones."""
    best = np.argsort(-similarity, axis=None, kind="stable")[:STARTS]
    i, j = np.divmod(best, similarity.shape[1])
    return i, j


def _scores(second: Minutiae, alignment: Alignment, similarity: Reals) -> Reals:
    """Return the score of each motion: float64[H]."""
    x, y = alignment.x, alignment.y
    commons_first = _inside(x, y, second.x[None, :], second.y[None, :])
    commons_second = _inside(second.x[None, :], second.y[None, :], x, y)
    common = np.sqrt(np.maximum(commons_first, FEWEST_COMMON) * np.maximum(commons_second, FEWEST_COMMON))
    pairs = alignment.pairs
    local = np.bincount(pairs.motion, similarity[pairs.first, pairs.second]) / np.bincount(pairs.motion)
    return np.asarray(alignment.worth**2 / common * (BASE_WEIGHT + LOCAL_WEIGHT * local), dtype=np.float64)


def _inside(x: Reals, y: Reals, box_x: Reals, box_y: Reals) -> Integers:
    """Count, for each motion, the points in the grown bounding box of the others."""
    across = (x >= box_x.min(axis=1)[:, None] - GROWN) & (x <= box_x.max(axis=1)[:, None] + GROWN)
    down = (y >= box_y.min(axis=1)[:, None] - GROWN) & (y <= box_y.max(axis=1)[:, None] + GROWN)
    return np.asarray(np.count_nonzero(across & down, axis=1), dtype=np.int64)
