"""The person at the counter: lays a finger on the scanner when its light asks for one."""

from __future__ import annotations

import threading
from typing import Final

from simulators.rig import RigError, ScannerClient

LOOK: Final = 0.1  # seconds of wall time
FIRST_PRESS: Final = 1  # seed of the first touch; no two are alike
DIFFICULTY: Final = 0.5  # of a holder who is shown how to press


class Holder:
    """A thread that watches the scanner's light.

    Args:
        scanner: on the counter.
        finger: seed of the finger that is laid on it.
    """

    def __init__(self, scanner: ScannerClient, finger: int) -> None:
        self._scanner, self._finger = scanner, finger
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="holder", daemon=True)
        self.touches = 0
        self.trouble: RigError | None = None

    def __enter__(self) -> Holder:
        """Step up to the counter."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave it."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        try:
            while not self._stop.wait(LOOK):
                self._do_as_the_light_says()
            self._scanner.lift()
        except RigError as error:
            self.trouble = error

    def _do_as_the_light_says(self) -> None:
        seen = self._scanner.truth()
        lies_there = seen.lying.what == "finger"
        if seen.asks_for_finger and not lies_there:
            self._scanner.press(self._finger, FIRST_PRESS + self.touches, DIFFICULTY)
            self.touches += 1
        elif lies_there and not seen.asks_for_finger:
            self._scanner.lift()
