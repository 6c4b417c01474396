"""Finding the person at the counter, and the card that is ready for them."""

from pydantic import BaseModel, ConfigDict

from station.database import Transaction
from station.errors import Refused
from station.handover import store
from station.handover.rows import Conclusion
from station.handover.store import ReadyCard
from station.journal import Outcome
from station.letters import store as letters


class WaitingCard(BaseModel):
    """A finished card of a person, and how its handover stands.

    Attributes:
        handed_over: it has left the office. conclusion: how its last check ended.
        letter: number of the letter that the holder must give back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ready: ReadyCard
    handed_over: bool
    conclusion: Conclusion | None
    letter: str | None


def describe(transaction: Transaction, ready: ReadyCard) -> WaitingCard:
    """Say how the handover of a finished card stands."""
    checks = store.of_job(transaction, ready.job)
    letter = letters.issued_of_person(transaction, ready.person)
    return WaitingCard(
        ready=ready,
        handed_over=any(check.outcome is Outcome.DONE for check in checks),
        conclusion=checks[-1].conclusion if checks else None,
        letter=letter.number if letter else None,
    )


def cards_of(transaction: Transaction, persons: tuple[str, ...]) -> list[WaitingCard]:
    """The finished cards of some people (HMACs of their NIK), oldest first."""
    return [describe(transaction, ready) for ready in store.ready_cards(transaction, persons=persons)]


def card_with_uid(transaction: Transaction, card: str) -> WaitingCard:
    """The finished card with a UID, hexadecimal.

    Raises:
        Refused: HANDOVER_CARD_UNKNOWN.
    """
    found = store.ready_cards(transaction, card=card)
    if not found:
        raise Refused("HANDOVER_CARD_UNKNOWN", card=card)
    return describe(transaction, found[0])


def person_of_letter(transaction: Transaction, number: str) -> str:
    """Whose letter it is.

    Raises:
        Refused: LETTER_UNKNOWN.
    """
    letter = letters.find(transaction, number)
    if letter is None:
        raise Refused("LETTER_UNKNOWN", number=number)
    return letter.person


def the_one_to_give(found: list[WaitingCard]) -> WaitingCard:
    """The one card among a person's that is to be handed over.

    Raises:
        Refused: HANDOVER_NO_CARD, HANDOVER_DONE_ALREADY, HANDOVER_SEVERAL_CARDS.
    """
    waiting = [one for one in found if not one.handed_over]
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        numbers = ", ".join(str(one.ready.job) for one in waiting)
        raise Refused("HANDOVER_SEVERAL_CARDS", jobs=numbers)
    if found:
        raise Refused("HANDOVER_DONE_ALREADY", job=found[-1].ready.job, row="-")
    raise Refused("HANDOVER_NO_CARD")
