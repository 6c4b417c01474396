"""The ribbons: their panels in the order of the roll, and the names hosts give them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RibbonKind:
    """One kind of ribbon. `panels` is one set, in the order in which it passes the head."""

    name: str
    panels: str
    number: int | None  # the library's number (S)
    words: tuple[str, ...]  # what Pr;x calls it (G; k: W)

    @property
    def is_mono(self) -> bool:
        """Whether the ribbon is a single panel of one colour, which prints fast."""
        return len(self.panels) == 1


# The panels are the letters of the name. Capacities in sets are the command line's; facts: a YMCKO roll has
# 200-300.
RIBBONS = (
    RibbonKind("YMCKO", "ymcko", 0, ("ymcko",)),
    RibbonKind("KO", "ko", 1, ("ko",)),
    RibbonKind("YMCKOK", "ymckok", 4, ("ymckok",)),
    RibbonKind("K", "k", 100, ("k", "kb")),
    RibbonKind("WHITE", "k", 105, ("kw",)),
    RibbonKind("YMCK", "ymck", 1000, ()),
    RibbonKind("HOLO", "o", 91, ("h",)),
)


def ribbon_named(name: str) -> RibbonKind:
    """Return the ribbon kind of that name.

    Raises:
        ValueError: there is no such kind in the table.
    """
    for kind in RIBBONS:
        if kind.name == name.upper():
            return kind
    raise ValueError(f"no such ribbon: {name} (known: {', '.join(kind.name for kind in RIBBONS)})")


def ribbon_asked(parameters: tuple[str, ...]) -> RibbonKind | None:
    """Return the ribbon that `Pr` asks for: a word (G, W), or a number and `t` (S); None if unknown."""
    for kind in RIBBONS:
        by_word = len(parameters) == 1 and parameters[0] in kind.words
        by_number = len(parameters) == 2 and parameters[1] == "t" and parameters[0] == str(kind.number)
        if by_word or by_number:
            return kind
    return None
