"""One line taken out of our code, or changed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One change.

    Attributes:
        name: what is gone.
        file: below the project's root.
        line: the text that is replaced; it must stand in the file exactly once.
        instead: what stands there then.
        many: whether it takes more than the extremes at each cut to notice.
        day: the day that shows it.
    """

    name: str
    file: str
    line: str
    instead: str = ""
    many: bool = False
    day: str = "short"
