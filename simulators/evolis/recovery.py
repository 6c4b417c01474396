"""Starting again: what the disk says after a restart or SIGKILL at any moment."""

from __future__ import annotations

from pathlib import Path

from simulators.evolis.cards import CardStore
from simulators.evolis.models import Model
from simulators.evolis.truth import INSIDE, Place, PrinterTruth, Ribbon, load_printer, save_printer


class OtherPrinter(Exception):
    """The folder holds the truth of another model."""


def load_truth(
    path: Path, cards: CardStore, model: Model, seed: int, ribbon: Ribbon
) -> tuple[PrinterTruth, bool]:
    """Read the printer's truth, or begin one; True = begun now.

    Raises:
        OtherPrinter: the folder belongs to another model.
    """
    if not path.exists():
        return PrinterTruth(model.name, f"SIM{seed:06d}", ribbon=ribbon), True
    truth = load_printer(path)
    if truth.model != model.name:
        raise OtherPrinter(f"the folder holds a {truth.model}, not a {model.name}")
    _settle_cards(truth, cards)
    # A panel is written to its card first: the cards are right when the process died in between.
    truth.panels_printed = max(truth.panels_printed, cards.panels_printed())
    save_printer(path, truth)
    return truth, False


def _settle_cards(truth: PrinterTruth, cards: CardStore) -> None:
    """Let the card records follow the printer's truth, which is written first."""
    for record in cards.records():
        should_be = record.place
        if record.uid == truth.inside:
            should_be = truth.place or record.place
        elif record.uid in truth.hopper:
            should_be = Place.HOPPER
        elif record.uid == truth.last_moved and truth.last_place is not None:
            should_be = truth.last_place if record.place is not Place.REMOVED else record.place
        elif record.place in INSIDE or (record.place is Place.HOPPER and len(record.history) > 1):
            should_be = Place.REMOVED
        if should_be is not record.place:
            cards.note(record.uid, should_be, "found at restart")
        cards.develop(record.uid)
        if should_be not in INSIDE:
            cards.drop_ink(record.uid)
