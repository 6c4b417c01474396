"""How far a long work is: a bar on a terminal, a plain line from time to time elsewhere."""

import shutil
import sys
from typing import Final, TextIO

from station.clock import Clock
from station.commands.context import Output
from station.language import marked

WIDEST: Final = 40
EVERY: Final = 10.0  # seconds between two plain lines


class ProgressBar:
    """Shows how many of a number are done, and about how long the rest takes; nothing with `--json`."""

    def __init__(self, output: Output, clock: Clock, total: int, screen: TextIO | None = None) -> None:
        self._output, self._clock, self._total = output, clock, total
        self._screen = screen or sys.stderr
        self._begun = self._told = clock.monotonic()
        self._is_bar = self._screen.isatty()

    def show(self, done: int) -> None:
        """So many are done."""
        if self._output.as_json or not self._total:
            return
        if self._is_bar:
            self._screen.write(
                "\r" + self._bar(done) + "\x1b[K"
            )  # ECMA-48 clause 8.3.41: erase to the line's end
            self._screen.flush()
        elif done < self._total and self._clock.monotonic() - self._told >= EVERY:
            self._told = self._clock.monotonic()
            self._output.say(marked("{done} of {total}"), done=done, total=self._total)

    def clear(self) -> None:
        """Give the line back to other words."""
        if self._is_bar and not self._output.as_json:
            self._screen.write("\r\x1b[K")
            self._screen.flush()

    def _bar(self, done: int) -> str:
        text = self._output.language.text
        words = text(marked("{done} of {total}"), done=done, total=self._total)
        if 0 < done < self._total:
            spent = self._clock.monotonic() - self._begun
            words += ", " + text(marked("{time} left"), time=_shown(spent * (self._total - done) / done))
        room = shutil.get_terminal_size().columns - len(words) - 4
        width = max(0, min(WIDEST, room))
        full = width * done // self._total
        return f"[{'#' * full}{'.' * (width - full)}] {words}"


def _shown(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
