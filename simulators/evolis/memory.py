"""What the printer forgets without power: error mode, trays, latched errors, the job in hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulators.evolis.errors import ERROR_MODES, NO_BITS, ErrorMode
from simulators.evolis.raster import Ink
from simulators.evolis.status import Error
from simulators.evolis.truth import Side


@dataclass(frozen=True)
class Panel:
    """One panel as downloaded."""

    side: Side
    name: str
    ink: Ink


@dataclass
class Job:
    """What stands between `Ss` and `Se`."""

    owner: object  # the session that opened it
    side: Side = "front"
    pending: Panel | None = None  # arrived, its printing starts with the next one (G)
    arrived: dict[Side, list[str]] = field(default_factory=lambda: {"front": [], "back": []})
    printed: list[Panel] = field(default_factory=list)
    again: list[Panel] = field(default_factory=list)  # to be printed anew on another card
    sides_begun: set[Side] = field(default_factory=set)
    failed: bool = False
    ended: bool = False  # Se was accepted


@dataclass
class Memory:
    """The printer's working memory; made anew at power on and at `Srs`."""

    error_mode: ErrorMode = ERROR_MODES[0]  # G: default after power on
    insertion: str = "F"  # assumed defaults of the three trays
    ejection: str = "D"
    rejection: str = "D"
    ribbon: str | None = None  # kind asked for with Pr
    fills: dict[str, int] = field(default_factory=dict)  # Wcb: panel -> byte
    settings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Error = NO_BITS
    just_rebooted: bool = True
    waits_for_card: bool = False
    waits_for_person: bool = False
    job: Job | None = None
