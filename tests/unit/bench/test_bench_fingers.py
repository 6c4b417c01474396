"""Error rates on scores that can be counted by hand."""

import math

import numpy as np

from tests.bench.fingers_rates import Trial

TRIAL = Trial(np.array([5.0, 4.0, 3.0, 1.0]), np.array([0.0, 0.5, 2.0, 0.1, 0.2]))


def test_rates_at_a_threshold() -> None:
    assert TRIAL.misses(3.0) == 0.25  # a score at the threshold is a match
    assert TRIAL.false_matches(2.0) == 0.2


def test_the_threshold_of_a_rate() -> None:
    assert TRIAL.threshold_at(0.2) == 1.0  # one of five reaches it, and none below would do better
    assert TRIAL.threshold_at(0.0) == 3.0
    assert Trial(np.array([1.0]), np.array([2.0])).threshold_at(0.0) == math.inf


def test_the_equal_error() -> None:
    assert TRIAL.equal_error() == (0.25 + 0.2) / 2
    assert Trial(np.array([3.0, 4.0]), np.array([1.0, 2.0])).equal_error() == 0
