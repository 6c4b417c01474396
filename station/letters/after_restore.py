"""Numbers after a restore: what was issued since the backup is in no book, and must not be issued again.

The journal that was put back tells of some of it, paper of the rest: a person says which was the last number
of the year that is found on paper. The places up to it are void here, for good.
"""

from typing import Final

from pydantic import BaseModel, ConfigDict

from station.database import Transaction
from station.errors import Refused
from station.journal.store import Journal
from station.letters import store
from station.letters.numbers import printed, take, void
from station.letters.rows import NumberTaken, VoidCause
from station.restoration import store as restorations

NUMBERS_KNOWN: Final = "letter_numbers_known"
MOST_AT_ONCE: Final = 100_000


class NumbersKnown(BaseModel):
    """Payload: a person has said which number was the last on paper. `void`: how many are void for that."""

    model_config = ConfigDict(frozen=True)

    year: int
    last: int
    void: int
    reason: str


def require_numbers_known(transaction: Transaction) -> None:
    """After a restore, see that somebody has said which numbers were used since the backup.

    Raises:
        Refused: LETTER_NUMBERS_UNKNOWN.
    """
    restored = restorations.latest(transaction)
    if restored is not None and not store.has_event_after(transaction, NUMBERS_KNOWN, restored.journal):
        raise Refused("LETTER_NUMBERS_UNKNOWN", state_of=restored.state_of[:10])


def tell_last(
    transaction: Transaction, journal: Journal, pattern: str, said: NumbersKnown, by: str
) -> NumbersKnown:
    """Take a person's word for the last number of a year on paper; the unknown ones before it become void.

    Raises:
        Refused: LETTER_LAST_WRONG: it lies before what the books have, or too far behind it.
    """
    known = store.last_place_of_year(transaction, said.year)
    if not known <= said.last <= known + MOST_AT_ONCE:
        raise Refused("LETTER_LAST_WRONG", last=said.last, known=known, year=said.year)
    for place in range(known + 1, said.last + 1):
        facts = _unknown(said.year, place, printed(pattern, said.year, place))
        take(transaction, journal, "", facts, by)
        letter = store.at(transaction, said.year, place)
        if letter is not None:
            void(transaction, journal, letter, (VoidCause.AFTER_RESTORE, ""), by)
    done = said.model_copy(update={"void": said.last - known})
    journal.event(transaction, NUMBERS_KNOWN, done, signed_by=by)
    return done


def _unknown(year: int, place: int, number: str) -> NumberTaken:
    return NumberTaken(
        year=year,
        place=place,
        number=number,
        record="",
        reason="",
        issued=0,
        expires=0,
        issued_on="",
        valid_until="",
        signer="",
        status_code="",
    )
