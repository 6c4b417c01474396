"""A menu at the prompt: numbers, lines of input, and their defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TextIO

from simulators.demo.screen import Screen


class InputEnded(Exception):
    """There are no more lines of input."""


class Prompt:
    """Asks a person for one line after the other."""

    def __init__(self, screen: Screen, lines: TextIO) -> None:
        self._screen, self._lines = screen, lines

    def ask(self, indonesian: str, english: str, default: str = "") -> str:
        """Return a line without its end; an empty one means the default.

        Raises:
            InputEnded: there is none.
        """
        shown = f" [{default}]" if default else ""
        self._screen.prompt(indonesian, english + shown)
        line = self._lines.readline()
        if not line:
            raise InputEnded
        return line.strip() or default


@dataclass(frozen=True)
class MenuItem:
    """One thing to do."""

    indonesian: str
    english: str
    action: Callable[[], None]


@dataclass(frozen=True)
class Menu:
    """The things to do, by the text that chooses them."""

    items: Mapping[str, MenuItem]
    leave: str = "0"

    def show(self, screen: Screen) -> None:
        """Write the menu."""
        for key, item in self.items.items():
            screen.line(f"  {key:>2}  {item.indonesian}  ({item.english})")
        screen.line(f"  {self.leave:>2}  selesai  (leave)")
