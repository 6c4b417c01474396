"""What a batch will need, and what will run out first: said before the first blank moves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from station.batches import store
from station.cards.hopper import booked_in_hopper
from station.database import Database
from station.ports import CardPrinter

PUBLISHED_SPOIL_RATE = 2707 / 57540  # Pekalongan 2016: blanks spoiled in printing of blanks received
ENOUGH_HISTORY = 200  # attempts of our own after which our own rate counts
ASSUMED_SECONDS = 35.0  # a card with its chip: assumed 16 s print + 4 s moves + 15 s chip
RECENT = 50


@dataclass(frozen=True)
class LaneStock:
    """What one lane has: blanks booked in its hopper, faces left on its ribbon (None: it does not say)."""

    lane: str
    blanks: int
    faces: int | None
    panels_per_face: int


@dataclass(frozen=True)
class Forecast:
    """The forecast of a batch.

    Attributes:
        cards: cards to be made. blanks: with the spoiled ones. panels: ribbon panels.
        minutes: with all lanes at work.
        spoil_rate, spoil_source: expected share of spoiled blanks, and whether it is "own" or "published".
        first_out: `blanks` or `ribbon` of a lane that runs out before the batch is done, and after how many
            cards of it; None when all is enough.
    """

    cards: int
    blanks: int
    panels: int
    minutes: float
    spoil_rate: float
    spoil_source: str
    first_out: tuple[str, str, int] | None


def stock_of(database: Database, lane: str, printer: CardPrinter) -> LaneStock:
    """Look at a lane.

    Raises:
        DeviceAbsent: the printer is not there.
    """
    supplies = printer.supplies()
    with database.reading() as transaction:
        booked = booked_in_hopper(transaction, lane)
    return LaneStock(lane, booked, supplies.faces_left, supplies.panels_per_face)


def forecast(database: Database, cards: int, lanes: Sequence[LaneStock]) -> Forecast:
    """Forecast a batch that the lanes share evenly."""
    with database.reading() as transaction:
        ends = store.attempts_by_end(transaction)
        seconds = store.seconds_of_recent_cards(transaction, RECENT)
    rate, source = _spoil_rate(ends)
    tries = cards / (1 - rate)
    each = median(seconds) if seconds else ASSUMED_SECONDS
    panels = max(lane.panels_per_face for lane in lanes)
    return Forecast(
        cards=cards,
        blanks=math.ceil(tries),
        panels=math.ceil(tries) * panels,
        minutes=tries * each / len(lanes) / 60,
        spoil_rate=rate,
        spoil_source=source,
        first_out=_first_out(tries / len(lanes), lanes),
    )


def _spoil_rate(ends: dict[str, int]) -> tuple[float, str]:
    spoiled, ready = ends.get("spoiled", 0), ends.get("ready", 0)
    if spoiled + ready >= ENOUGH_HISTORY:
        return min(spoiled / (spoiled + ready), 0.9), "own"
    return PUBLISHED_SPOIL_RATE, "published"


def _first_out(tries: float, lanes: Sequence[LaneStock]) -> tuple[str, str, int] | None:
    """The supply that is gone after the fewest tries of one lane's share."""
    ends = [(lane.blanks, "blanks", lane.lane) for lane in lanes]
    ends += [(lane.faces, "ribbon", lane.lane) for lane in lanes if lane.faces is not None]
    least, what, lane_name = min(ends)
    return (what, lane_name, least) if least < tries else None
