"""Erasing the letters of a record with it: their keys are destroyed, the register's lines stay as proof."""

from station.clock import Clock, timestamp
from station.database import Transaction
from station.journal.store import Journal, Place
from station.letters import store
from station.letters.numbers import void
from station.letters.rows import ERASED, LetterErased, LetterState, VoidCause


def is_in_force(transaction: Transaction, record: str, day: str) -> bool:
    """Whether a letter of this record is good on a day (ISO 8601): who may still need a copy of it."""
    return any(letter.holds_on(day) for letter in store.of_record(transaction, record))


def erase_of_record(
    transaction: Transaction, journal: Journal, clock: Clock, record: str, by: str | None
) -> list[bytes]:
    """Destroy the keys of a record's letters, in the transaction that erases the record.

    A number that was begun becomes void. Call `scrub` after the commit, with the keys that this returns.
    """
    keys = []
    for letter in store.of_record(transaction, record):
        if letter.state is LetterState.TAKEN:
            void(transaction, journal, letter, (VoidCause.RECORD_ERASED, ""), by)
        elif letter.wrapped_key is not None and letter.content_hash is not None:
            keys.append(letter.wrapped_key)
            store.put_erased(transaction, letter.year, letter.place, timestamp(clock.now()))
            payload = LetterErased(
                year=letter.year,
                place=letter.place,
                number=letter.number,
                content_hash=letter.content_hash,
            )
            journal.event(transaction, ERASED, payload, Place(person=letter.person), signed_by=by)
    return keys
