"""Deciding, inside one transaction, who of a group gets a number, and taking it."""

from dataclasses import dataclass, field
from typing import Final

from station.database import Transaction
from station.errors import Refused, StationError
from station.journal.store import Journal
from station.letter_settings import LetterReason, LetterSettings
from station.letters import store
from station.letters.numbers import Taken, Term, printed, take, void
from station.letters.rows import NumberTaken, VoidCause
from station.letters.rules import NO_CODE, LetterRules, OfficeRules, Person
from station.letters.store import Letter

LONG_PLACE: Final = 99_999  # for trying whether a letter can be drawn; more in a year are not expected


@dataclass(frozen=True)
class LetterOrder:
    """Why letters are issued, who signs them, and who has asked for them.

    Attributes:
        signer: key of a signer in the settings; None for the first.
        by: name of the member of staff.
        renews: number of the letter that is renewed; for one person alone.
    """

    reason: LetterReason
    signer: str | None
    by: str
    renews: str | None = None


@dataclass
class Deciding:
    """One group at one moment.

    Attributes:
        office: what holds for all of them.
        signer: key of the signer. now: when the letters begin and end.
    """

    transaction: Transaction
    journal: Journal
    rules: LetterRules
    settings: LetterSettings
    office: OfficeRules
    order: LetterOrder
    signer: str
    now: Term
    _seen: set[str] = field(default_factory=set)

    def decide(self, person: Person) -> Taken | StationError:
        """Take a number for a person, or tell why there is none; then nothing of the person was written."""
        begun = store.begun_of_person(self.transaction, person.key)
        if begun is not None and (begun.record != person.held.record or person.key in self._seen):
            return Refused("LETTER_BEGUN", number=begun.number, record=begun.record)
        self._seen.add(person.key)
        if begun is not None:
            facts = store.taken_payload(self.transaction, begun)
            if self._is_what_was_begun(facts):
                return Taken(facts, person.key, resumed=True)
        valid = store.issued_of_person(self.transaction, person.key)
        refused = self._why_not(person, valid)
        if refused is not None:
            return refused
        if begun is not None:
            void(self.transaction, self.journal, begun, (VoidCause.OTHER_FACTS, ""), self.order.by)
        return self._take(person, valid)

    def _is_what_was_begun(self, facts: NumberTaken) -> bool:
        """Whether a number that a crash has left behind can be finished for this order."""
        return (
            facts.reason == self.order.reason
            and facts.signer == self.signer
            and self.order.renews in (None, facts.renews)
            and facts.valid_until >= self.now.first.isoformat()
        )

    def _why_not(self, person: Person, valid: Letter | None) -> StationError | None:
        today = self.now.first.isoformat()
        renews = self.order.renews
        if renews is not None and (valid is None or valid.number != renews):
            return Refused("LETTER_NOT_ISSUED", number=renews, state="letter_is_withdrawn")
        if valid is not None and renews is None and valid.valid_until >= today:
            return Refused("LETTER_VALID_ALREADY", number=valid.number, until=_shown(valid.valid_until))
        found = self.rules.refusals(self.transaction, self.office, person, self.order.reason)
        return found[0] if found else None

    def _take(self, person: Person, valid: Letter | None) -> Taken:
        year = self.now.first.year
        facts = facts_of(
            self.settings,
            self.now,
            self.order,
            person,
            place=store.last_place_of_year(self.transaction, year) + 1,
            signer=self.signer,
            status_code=self.rules.status_code(self.transaction, person),
            renews=valid.number if valid else None,
            policy=self.office.sources,
        )
        take(self.transaction, self.journal, person.key, facts, self.order.by)
        return Taken(facts, person.key)


def facts_of(
    settings: LetterSettings,
    now: Term,
    order: LetterOrder,
    person: Person,
    *,
    place: int,
    signer: str,
    status_code: str,
    renews: str | None = None,
    policy: tuple[str, ...] = (),
) -> NumberTaken:
    """Put together what a number is taken with."""
    return NumberTaken(
        year=now.first.year,
        place=place,
        number=printed(settings.number, now.first.year, place),
        record=person.held.record,
        reason=order.reason,
        issued=now.issued,
        expires=now.expires,
        issued_on=now.first.isoformat(),
        valid_until=now.last.isoformat(),
        signer=signer,
        status_code=status_code or NO_CODE,
        renews=renews,
        policy=policy,
    )


def _shown(day: str) -> str:
    year, month, date = day.split("-")
    return f"{date}-{month}-{year}"
