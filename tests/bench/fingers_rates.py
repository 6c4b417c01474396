"""Error rates of a set of scores."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trial:
    """Scores of pairs of one finger, and of pairs of different fingers; both hold at least one."""

    genuine: Scores
    impostor: Scores

    def misses(self, threshold: float) -> float:
        """Return the share of genuine pairs below a threshold (FNMR)."""
        return float(np.mean(self.genuine < threshold))

    def false_matches(self, threshold: float) -> float:
        """Return the share of impostor pairs at a threshold or above it (FMR)."""
        return float(np.mean(self.impostor >= threshold))

    def threshold_at(self, rate: float) -> float:
        """Return the lowest score at which no more than this share of impostor pairs would match."""
        candidates = np.append(np.unique(np.concatenate([self.genuine, self.impostor])), np.inf)
        return next(float(one) for one in candidates if self.false_matches(float(one)) <= rate)

    def equal_error(self) -> float:
        """Return the rate where both kinds of error are as nearly equal as they get: their mean there."""
        candidates = np.unique(np.concatenate([self.genuine, self.impostor]))
        rates = [(self.misses(float(one)), self.false_matches(float(one))) for one in candidates]
        missed, false = min(rates, key=lambda both: abs(both[0] - both[1]))
        return (missed + false) / 2
