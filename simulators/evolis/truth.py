"""What really is, on disk: the printer's counters, supplies and card inside; each card's place and history.

`printer.json` is the authority for the hopper and the card inside; `cards/UID/card.json` follows it, and is
the authority for what was printed. Both are replaced whole: SIGKILL leaves the state before or after a step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from simulators.files import write_durably

Side = Literal["front", "back"]
SIDES: tuple[Side, Side] = ("front", "back")


class Place(StrEnum):
    """Where a card can be."""

    HOPPER = "hopper"
    FEEDER = "feeder"
    CONTACT = "contact"
    CONTACTLESS = "contactless"
    PRINT = "print"
    FLIP = "flip"
    EJECT = "eject"
    TRAY = "tray"
    REJECT_BOX = "reject_box"
    REMOVED = "removed"  # taken by a person


INSIDE = frozenset(
    {Place.FEEDER, Place.CONTACT, Place.CONTACTLESS, Place.PRINT, Place.FLIP, Place.EJECT}
)  # where a card keeps the path occupied


@dataclass
class Ribbon:
    """The ribbon in the printer; a print of one side uses one set, whatever panels it prints."""

    kind: str = "YMCKO"
    sets_left: int = 200  # facts: a YMCKO roll has 200-300
    capacity: int = 200
    broken: bool = False  # ended or torn in mid-card
    changed: bool = False
    window: str = ""  # panels of the set under the head that are not used yet


@dataclass
class PrinterTruth:
    """All that outlives a power cut. Card serials are the chip's UID in hex."""

    model: str
    serial: str
    panels_printed: int = 0
    cards_inserted: int = 0
    cards_made: int = 0
    hopper: list[str] = field(default_factory=list)  # the next card first
    inside: str | None = None
    place: Place | None = None
    upper_side: Side = "front"
    stuck: bool = False
    cover_open: bool = False
    feeder_empty: bool = False  # shown after a feed that found nothing, until the feeder is filled
    tray: int = 0
    reject_box: int = 0
    reject_box_full: bool = False
    cleaning_due: bool = False
    saved_error_mode: int = 0
    ribbon: Ribbon = field(default_factory=Ribbon)
    last_moved: str | None = None
    last_place: Place | None = None


@dataclass
class Event:
    """One thing that happened to a card, at a simulated second since the simulator's start."""

    at: float
    what: str
    place: Place


@dataclass
class SidePrint:
    """What was printed on one side of a card."""

    times: int = 0  # print runs begun on this side
    panels: list[str] = field(default_factory=list)
    sha256: dict[str, str] = field(default_factory=dict)  # of each panel's ink, one byte a dot


@dataclass
class CardRecord:
    """One card: where it is, what was printed on it, what happened to it."""

    uid: str
    place: Place
    taken_from: Place | None = None
    prints: dict[Side, SidePrint] = field(default_factory=lambda: {side: SidePrint() for side in SIDES})
    history: list[Event] = field(default_factory=list)


_PRINTER = TypeAdapter(PrinterTruth)
_CARD = TypeAdapter(CardRecord)


def save_printer(path: Path, truth: PrinterTruth) -> None:
    """Write the printer's truth durably."""
    write_durably(path, _PRINTER.dump_json(truth, indent=1))


def load_printer(path: Path) -> PrinterTruth:
    """Read the printer's truth back."""
    return _PRINTER.validate_json(path.read_bytes())


def save_card(path: Path, record: CardRecord) -> None:
    """Write one card's record durably."""
    write_durably(path, _CARD.dump_json(record, indent=1))


def load_card(path: Path) -> CardRecord:
    """Read one card's record back."""
    return _CARD.validate_json(path.read_bytes())


def printer_as_json(truth: PrinterTruth) -> dict[str, object]:
    """Return the printer's truth as a JSON object."""
    value: dict[str, object] = _PRINTER.dump_python(truth, mode="json")
    return value


def card_as_json(record: CardRecord) -> dict[str, object]:
    """Return a card's record as a JSON object."""
    value: dict[str, object] = _CARD.dump_python(record, mode="json")
    return value
