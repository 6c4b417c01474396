"""Somebody who watches a device and does what is to be done there: a thread."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Self

from simulators.rig import RigError


class Watcher(ABC):
    """Looks again and again until it is told to go home.

    Attributes:
        trouble: the simulator that did not answer; then nobody watches any more.
    """

    def __init__(self, name: str, interval: float) -> None:
        """Prepare a watcher; `interval` is the seconds of wall time between two looks."""
        self._interval = interval
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=name, daemon=True)
        self.trouble: RigError | None = None

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Go home."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        try:
            while not self._stop.wait(self._interval):
                self._look()
            self._leave()
        except RigError as error:
            self.trouble = error

    @abstractmethod
    def _look(self) -> None:
        """Look once, and do what is to be done.

        Raises:
            RigError: the simulator does not answer.
        """

    def _leave(self) -> None:
        """Do what is to be done before going home; nothing unless somebody says what.

        Raises:
            RigError: the simulator does not answer.
        """
