"""The person at the counter: lays a finger on the scanner when its light asks for one."""

from __future__ import annotations

from typing import Final

from simulators.demo.watcher import Watcher
from simulators.rig import ScannerClient

LOOK: Final = 0.1  # seconds of wall time
FIRST_PRESS: Final = 1  # seed of the first touch; no two are alike
DIFFICULTY: Final = 0.5  # of a holder who is shown how to press


class Holder(Watcher):
    """Watches the scanner's light.

    Args:
        scanner: on the counter.
        finger: seed of the finger that is laid on it.
    """

    def __init__(self, scanner: ScannerClient, finger: int) -> None:
        super().__init__("holder", LOOK)
        self._scanner, self._finger = scanner, finger
        self.touches = 0

    def _look(self) -> None:
        seen = self._scanner.truth()
        lies_there = seen.lying.what == "finger"
        if seen.asks_for_finger and not lies_there:
            self._scanner.press(self._finger, FIRST_PRESS + self.touches, DIFFICULTY)
            self.touches += 1
        elif lies_there and not seen.asks_for_finger:
            self._scanner.lift()

    def _leave(self) -> None:
        self._scanner.lift()
