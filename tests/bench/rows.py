"""What a group of figures is, and what one figure is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


class BenchFailed(Exception):
    """Something could not be measured; the text says why."""


@dataclass(frozen=True)
class Row:
    """One figure of ours beside its peer.

    Attributes:
        name: what was measured, with its unit.
        ours, peer: both in that unit; the peer is not 0.
        against: what the peer is, in a few words.
        goal: the largest ratio that is good; None for a figure that only informs.
    """

    name: str
    ours: float
    peer: float
    against: str
    goal: float | None = None

    @property
    def ratio(self) -> float:
        """Ours over the peer."""
        return self.ours / self.peer

    @property
    def missed(self) -> bool:
        """Whether there is a goal and the ratio is above it."""
        return self.goal is not None and self.ratio > self.goal

    def document(self) -> dict[str, object]:
        """The row as a JSON value."""
        return {
            "name": self.name,
            "ours": round(self.ours, 4),
            "peer": round(self.peer, 4),
            "ratio": round(self.ratio, 4),
            "goal": self.goal,
        }


@dataclass(frozen=True)
class Group:
    """Figures that are measured together.

    Attributes:
        name: as the command line has it.
        about: one line of what is measured.
        measure: does it.
    """

    name: str
    about: str
    measure: Callable[[], Sequence[Row]]
