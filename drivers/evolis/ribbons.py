"""Ribbons as data: their numbers, their words, and the panels they print on each side."""

from dataclasses import dataclass

COLOUR = ("y", "m", "c")


@dataclass(frozen=True)
class Ribbon:
    """A ribbon set.

    Attributes:
        number: In `Pr;n;t` and `Rrt;type` (evolis.md, Ribbon numbers).
        name: The vendor's name.
        word: In the older `Pr;word` (evolis.md, Commands: Pr), or None where no word is known.
        front: Panels that print a front side, in order.
        back: Panels that print a back side, in order.
    """

    number: int
    name: str
    word: str | None
    front: tuple[str, ...]
    back: tuple[str, ...]


_YMCKO = ("y", "m", "c", "k", "o")
_K = ("k",)

YMCKO = Ribbon(0, "YMCKO", "ymcko", _YMCKO, _YMCKO)
KO = Ribbon(1, "KO", "ko", ("k", "o"), ("k", "o"))
YMCKOK = Ribbon(4, "YMCKOK", "ymckok", _YMCKO, _K)
YMCK = Ribbon(1000, "YMCK", None, ("y", "m", "c", "k"), ("y", "m", "c", "k"))
K_BLACK = Ribbon(100, "K black", "k", _K, _K)

RIBBONS: tuple[Ribbon, ...] = (
    YMCKO,
    KO,
    YMCKOK,
    YMCK,
    K_BLACK,
    Ribbon(101, "K blue", None, _K, _K),
    Ribbon(102, "K green", None, _K, _K),
    Ribbon(103, "K red", None, _K, _K),
    Ribbon(105, "K white", "kw", _K, _K),
    Ribbon(106, "K gold", None, _K, _K),
    Ribbon(107, "K silver", None, _K, _K),
    Ribbon(1100, "K black retransfer", None, _K, _K),
)
"""The ribbons that the driver can print with; others are read as their bare number."""


def find_ribbon(reported: str) -> Ribbon | None:
    """Return the ribbon that an answer to `Rrt;type` names, or None for one the driver cannot print with.

    Whether the printer answers with the number, the name or the word is unknown (evolis.md, Unknown): all
    three are taken.
    """
    wanted = reported.lower()
    for ribbon in RIBBONS:
        if wanted in (str(ribbon.number), ribbon.name.lower(), ribbon.word):
            return ribbon
    return None
