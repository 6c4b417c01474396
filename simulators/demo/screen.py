"""What the demo says: Indonesian first, English below it."""

from __future__ import annotations

import sys
import threading


class Screen:
    """Writes whole lines, from any thread; the station's own lines stand between them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def title(self, indonesian: str, english: str) -> None:
        """Begin a part of the demo."""
        self._write(f"\n=== {indonesian}\n    {english}\n")

    def say(self, indonesian: str, english: str) -> None:
        """Say one thing."""
        self._write(f">>> {indonesian}\n    {english}\n")

    def line(self, text: str) -> None:
        """Write a line that needs no translation."""
        self._write(text + "\n")

    def prompt(self, indonesian: str, english: str) -> None:
        """Ask for a line of input."""
        self._write(f"{indonesian} / {english}: ")

    def _write(self, text: str) -> None:
        with self._lock:
            sys.stdout.write(text)
            sys.stdout.flush()
