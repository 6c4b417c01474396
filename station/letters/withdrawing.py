"""Taking a letter back: at the handover of the card, at a renewal, or because it was a mistake."""

from dataclasses import dataclass

from station.database import Transaction
from station.errors import Refused
from station.journal.store import Journal, Place
from station.letters import store
from station.letters.numbers import void
from station.letters.rows import WITHDRAWN, LetterState, LetterWithdrawn, VoidCause, WithdrawalCause
from station.letters.store import Letter


@dataclass(frozen=True)
class TakenBack:
    """What a handover has taken back.

    Attributes:
        letter: number of the letter whose paper is to be collected; None where the person had none.
        void: number that was begun and never became a letter.
    """

    letter: str | None
    void: str | None


def require_letter(transaction: Transaction, number: str) -> Letter:
    """Find a letter by its number.

    Raises:
        Refused: LETTER_UNKNOWN.
    """
    letter = store.find(transaction, number)
    if letter is None:
        raise Refused("LETTER_UNKNOWN", number=number)
    return letter


def withdraw(
    transaction: Transaction,
    journal: Journal,
    letter: Letter,
    cause: WithdrawalCause,
    by: str | None,
    note: str = "",
) -> None:
    """Withdraw an issued letter, in the caller's transaction, for good. A note never names a person.

    Raises:
        Refused: LETTER_NOT_ISSUED.
    """
    if letter.state is not LetterState.ISSUED:
        raise Refused("LETTER_NOT_ISSUED", number=letter.number, state=f"letter_is_{letter.state.value}")
    payload = LetterWithdrawn(
        year=letter.year, place=letter.place, number=letter.number, cause=cause, note=note
    )
    row = journal.event(transaction, WITHDRAWN, payload, Place(person=letter.person), signed_by=by)
    store.put_withdrawn(transaction, row, letter.year, letter.place, cause)


def take_back_at_handover(
    transaction: Transaction, journal: Journal, person: str, by: str | None
) -> TakenBack:
    """Withdraw the letter of a person (HMAC of the NIK) whose card `by` hands over, in that transaction."""
    letter, begun = store.issued_of_person(transaction, person), store.begun_of_person(transaction, person)
    if letter is not None:
        withdraw(transaction, journal, letter, WithdrawalCause.CARD_HANDED_OVER, by)
    if begun is not None:
        void(transaction, journal, begun, (VoidCause.CARD_HANDED_OVER, ""), by)
    return TakenBack(letter.number if letter else None, begun.number if begun else None)
