"""What waits for destruction, and what one destruction takes from it.

SE Mendagri 470.13/11176/SJ of 13 December 2018: record, burn, and write a berita acara each time. No official
form was read; the content of the act is proposed (facts: domain.md section 6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from station.blanks.ledger import MISSING
from station.errors import Refused


class DestructionItem(BaseModel):
    """One card, or several blanks without a known chip number, of one cause.

    Attributes:
        card: UID, hexadecimal; None for blanks whose chip was never read.
        job, lane: for whom and where it was spoiled.
        is_void: its chip was or may have been locked with an identity: these go first.
    """

    model_config = ConfigDict(frozen=True)

    card: str | None
    job: int | None
    cause: str
    count: int
    is_void: bool

    @property
    def is_here(self) -> bool:
        """Whether there is anything to burn."""
        return self.cause != MISSING


class Witness(BaseModel):
    """Who saw it, and for which office: Satpol PP, police, inspectorate."""

    model_config = ConfigDict(frozen=True)

    name: str
    office: str


class Destruction(BaseModel):
    """One act of destruction; the payload of its journal row.

    Attributes:
        on: the office's local date.
        old_cards: cards taken in at handovers: they never were blanks of this office.
    """

    model_config = ConfigDict(frozen=True)

    number: str
    on: date
    place: str
    burnt_by: str
    witnesses: tuple[Witness, ...]
    items: tuple[DestructionItem, ...]
    spoiled_before: int
    spoiled_after: int
    signers: tuple[str, str]
    signer_roles: tuple[str, str]
    old_cards: int = 0

    @property
    def count(self) -> int:
        """How many were destroyed."""
        return sum(item.count for item in self.items)


@dataclass(frozen=True)
class Wanted:
    """What a person wants destroyed: cards by UID, counts by cause for those without, or all that is here."""

    cards: Sequence[str]
    nameless: Mapping[str, int]
    everything: bool = False


def choose(listed: Sequence[DestructionItem], wanted: Wanted) -> tuple[DestructionItem, ...]:
    """Take from the list what is wanted, in the list's order.

    Blanks booked as missing are not here, so none of them can be burnt; a *card* booked as missing that has
    turned up can, by its UID.

    Raises:
        Refused: CARD_NOT_LISTED, DESTRUCTION_SHORT, DESTRUCTION_EMPTY.
    """
    if wanted.everything:
        chosen = tuple(item for item in listed if item.is_here)
    else:
        chosen = _cards(listed, wanted.cards) + _nameless(listed, wanted.nameless)
    if not chosen:
        raise Refused("DESTRUCTION_EMPTY")
    return chosen


def _cards(listed: Sequence[DestructionItem], cards: Sequence[str]) -> tuple[DestructionItem, ...]:
    named = {card.strip().lower() for card in cards}
    found = tuple(item for item in listed if item.card in named)
    for missing in sorted(named - {item.card for item in found}):
        raise Refused("CARD_NOT_LISTED", uid=missing)
    return found


def _nameless(listed: Sequence[DestructionItem], nameless: Mapping[str, int]) -> tuple[DestructionItem, ...]:
    kept = {item.cause: item for item in listed if item.card is None and item.is_here}
    for cause, count in nameless.items():
        have = kept[cause].count if cause in kept else 0
        if count < 1:
            raise Refused("QUANTITY_WRONG")
        if count > have:
            raise Refused("DESTRUCTION_SHORT", cause=cause, have=have, needed=count)
    return tuple(
        item.model_copy(update={"count": nameless[cause]})
        for cause, item in kept.items()
        if cause in nameless
    )
