"""Numbers of letters: without a gap in each year, taken before a letter is made, never used twice.

A number is taken in a transaction of its own. Until its letter is sealed nothing of it was on paper: after a
crash it is finished with the very facts that it was taken with, or it is made void, with a cause.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from station.database import Transaction
from station.errors import Refused
from station.journal.store import Journal, Place
from station.letters import store
from station.letters.rows import TAKEN, VOIDED, LetterState, LetterVoided, NumberTaken, VoidCause
from station.letters.store import Letter
from station.local_time import TimeZone, local


@dataclass(frozen=True)
class Term:
    """From when to when a letter counts.

    Attributes:
        issued: second of the Unix epoch. expires: first second at which it no longer counts.
        first, last: days of the office.
    """

    issued: int
    expires: int
    first: date
    last: date


@dataclass(frozen=True)
class Taken:
    """A number that is taken, and for whom. `resumed`: it was taken before, and a crash came between."""

    facts: NumberTaken
    person: str
    resumed: bool = False


def term(moment: datetime, months: int, zone: TimeZone) -> Term:
    """The time of a letter that is issued now: to the end of the day with the same number, months later.

    Six months from 31 August end on the last day of February.
    """
    first = local(moment, zone).date()
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))
    end = datetime.combine(last + timedelta(days=1), time(), zone.offset)
    return Term(int(moment.timestamp()), int(end.timestamp()), first, last)


def printed(pattern: str, year: int, place: int) -> str:
    """A number as it stands on paper."""
    return pattern.format(number=place, year=year)


def take(transaction: Transaction, journal: Journal, person: str, facts: NumberTaken, signed_by: str) -> None:
    """Take the place that the facts name; the database refuses every other than the next."""
    row = journal.event(transaction, TAKEN, facts, Place(person=person), signed_by=signed_by)
    store.put_taken(transaction, row, person, facts)


def void(
    transaction: Transaction, journal: Journal, letter: Letter, said: tuple[VoidCause, str], by: str | None
) -> None:
    """Make a number void that carries no letter; said are the cause and a note for the journal.

    Raises:
        Refused: LETTER_NOT_BEGUN.
    """
    if letter.state is not LetterState.TAKEN:
        raise Refused("LETTER_NOT_BEGUN", number=letter.number, state=f"letter_is_{letter.state.value}")
    cause, note = said
    payload = LetterVoided(year=letter.year, place=letter.place, number=letter.number, cause=cause, note=note)
    row = journal.event(transaction, VOIDED, payload, Place(person=letter.person), signed_by=by)
    store.put_void(transaction, row, letter.year, letter.place, cause)
