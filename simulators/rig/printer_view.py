"""What a printer simulator tells of itself on its admin port, as far as anybody asks."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RibbonView(_View):
    """The ribbon in the printer."""

    kind: str
    sets_left: int
    broken: bool


class SideView(_View):
    """What was printed on one side of a card: the print runs begun, and the panels in order."""

    times: int
    panels: tuple[str, ...]


class CardView(_View):
    """One card. `uid` is the chip's, 7 bytes in hex; `life_cycle` is `blank` or a state of the chip.

    `taken_from` is where a person took it from, if one did.
    """

    uid: str
    place: str
    taken_from: str | None = None
    life_cycle: str
    prints: dict[str, SideView]

    @property
    def card_uid(self) -> str:
        """The 8 bytes by which the station knows the card: 80 before those of a type A chip."""
        return "80" + self.uid


class FaultView(_View):
    """A fault that is armed and has not struck."""

    name: str
    argument: str
    at: int
    count: int


class PrinterView(_View):
    """The truth of one printer.

    `device_seconds` is what the machine and the chips in it have taken themselves, in simulated seconds.
    """

    device_seconds: float
    model: str
    serial: str
    panels_printed: int
    cards_inserted: int
    cards_made: int
    hopper_count: int
    tray: int
    reject_box: int
    inside: str | None
    place: str | None
    stuck: bool
    cover_open: bool
    powered: bool
    feeder_empty: bool
    ribbon: RibbonView
    faults: tuple[FaultView, ...]
    cards: tuple[CardView, ...]

    def cards_at(self, place: str) -> tuple[CardView, ...]:
        """The cards that are in one place."""
        return tuple(card for card in self.cards if card.place == place)
