"""Start, separator and end of a command, which `Psc` can change (G)."""

from __future__ import annotations

from dataclasses import dataclass

ESC, SEPARATOR, CR = 0x1B, 0x3B, 0x0D


@dataclass
class Framing:
    """The three characters that frame commands; one set for all front ends of a printer."""

    start: int = ESC
    separator: int = SEPARATOR
    end: int = CR

    def change(self, parameters: tuple[str, ...]) -> bool:
        """Obey `Psc;start;sep;end` (decimal codes), or plain `Psc`, which restores them; False = refused."""
        if not parameters:
            self.start, self.separator, self.end = ESC, SEPARATOR, CR
            return True
        if len(parameters) != 3 or not all(text.isascii() and text.isdigit() for text in parameters):
            return False
        start, separator, end = (int(text) for text in parameters)
        # assumed: the three differ, and none may be NUL, which is padding
        if len({0, start, separator, end}) != 4 or max(start, separator, end) > 0xFF:
            return False
        self.start, self.separator, self.end = start, separator, end
        return True
