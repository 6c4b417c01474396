"""A person who answers the station's questions by looking at the cards, and always tells the truth."""

from collections.abc import Callable

from simulators.rig import CardView
from station.cards.questions import QuestionEvidence
from station.journal import JournalRow

FACE = ("y", "m", "c", "k", "o")  # a whole card
Look = Callable[[str], CardView | None]


def truthful_verdict(question: JournalRow, look: Look) -> str:
    """Say what is so.

    Args:
        question: what is asked.
        look: finds a card by its UID, wherever it is.

    Raises:
        LookupError: nobody can say anything to a question of this kind.
    """
    uid = QuestionEvidence.model_validate_json(question.payload).card
    card = look(uid) if uid else None
    if question.name == "print_unknown":
        return "printed_good" if card is not None and is_good(card) else "spoiled"
    if question.name == "load_unknown":
        return "spoiled"  # the caretaker never puts a blank back
    if question.name == "card_missing":
        return "spoiled" if card is not None else "missing"
    if question.name == "reject_unknown":
        return "in_reject_box"  # there by the printer's hand or by the caretaker's
    if question.name == "quality_check":
        return "good" if card is not None and is_good(card) else "spoiled"
    if question.name == "print_again":
        return "print_again"
    raise LookupError(f"what shall a person say to {question.name}?")


def is_good(card: CardView) -> bool:
    """Whether this is a whole card that came out into the good tray; somebody may have emptied it since."""
    return came_out_good(card) and card.prints["front"].panels == FACE


def came_out_good(card: CardView) -> bool:
    """Whether the card went to the good tray."""
    return "tray" in (card.place, card.taken_from)
