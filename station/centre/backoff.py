"""How long to wait after a failure: twice as long each time, never two stations at the same moment."""

from random import Random

FIRST = 0.5  # seconds
HALF = 0.5


class Backoff:
    """Exponential backoff with jitter.

    One failure alone says nothing of the centre, and costs no time; from the second in a row on it is the
    centre, and waits grow. Each is drawn between half of the step and the whole of it.
    """

    def __init__(self, longest: float, random: Random) -> None:
        """Begin without a failure.

        Args:
            longest: the longest wait, in seconds.
            random: where the jitter comes from; seeded in tests.
        """
        self._longest, self._random = longest, random
        self.failures = 0

    def succeeded(self) -> None:
        """Forget what went before."""
        self.failures = 0

    def failed(self) -> float:
        """Count a failure; return how many seconds to wait now."""
        self.failures += 1
        return self.wait_after(self.failures - 1)

    def wait_after(self, failures: int) -> float:
        """How long to wait after so many failures in a row; none after none."""
        if failures < 1:
            return 0.0
        step = min(self._longest, FIRST * 2.0 ** min(failures - 1, 40))
        return step * self._random.uniform(HALF, 1.0)
