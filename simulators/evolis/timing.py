"""How long the machine takes, as data with its evidence. Nothing here was measured on a printer.

t(card) = feed + seat + panels * t_panel + flip + eject; the facts set t_panel from the published cards per
hour of a YMCKO card with one side: 225/h = 16.0 s.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulators.evolis.models import Model

SECONDS_PER_HOUR = 3600
YMCKO_PANELS = 5


@dataclass(frozen=True)
class MachineTiming:
    """Seconds of each mechanical step."""

    panel: float  # from cards per hour (reseller pages, unverified, +-20 %)
    mono_panel: float = 1.0  # assumed: with a K ribbon 3600 / (1.5 + 1.0 + 1.5) = 900/h; facts: 850-1000
    feed: float = 1.5  # assumed: hopper to feeder rollers
    eject: float = 1.5  # assumed: print station to tray
    seat: float = 1.0  # assumed: under the contacts, which are pressed on; facts: real time of Sis unknown
    field: float = 0.5  # assumed: to the antenna
    to_print: float = 1.0  # assumed: from a chip station to the print sync position
    flip: float = 2.0  # assumed
    ribbon_check: float = 0.0  # assumed: done while the card is fed
    status_line: float = 0.0  # assumed: a status text takes no time
    cooling: float = 60.0  # assumed: a hot head cools down in a minute


def timing_of(model: Model) -> MachineTiming:
    """Return the times of one model, the panel's set so that a plain YMCKO card takes its hour's share."""
    moves = MachineTiming.feed + MachineTiming.eject
    return MachineTiming(panel=(SECONDS_PER_HOUR / model.cards_per_hour - moves) / YMCKO_PANELS)
