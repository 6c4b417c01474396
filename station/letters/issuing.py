"""Issuing letters, one or many: a number first, then the letter, then both in the books.

The order of durability, for a group of letters as for one:

1. `take`: one transaction; for each letter its number, with everything that the letter will state.
2. `compose` and the signing of the file: nothing is written. It may be done in threads.
3. `finish`: the sealed files on the disk with one sync, then one transaction that makes them letters.

A death after 1 leaves numbers without letters: `begun` lists them, and whoever asks for a letter of the same
record with the same reason and signer finishes that number. A death within 3 leaves bytes that no row names.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station.clock import Clock
from station.database import Database, Transaction
from station.errors import Refused, StationError
from station.journal.store import Journal, Place
from station.letter_settings import LetterSettings
from station.letters import store
from station.letters.after_restore import require_numbers_known
from station.letters.bulk import store as bulk
from station.letters.deciding import LONG_PLACE, Deciding, LetterOrder, facts_of
from station.letters.files import LetterFile, LetterFiles
from station.letters.making import Composed, LetterMaker, sign_file
from station.letters.numbers import Taken, Term, term
from station.letters.rows import ISSUED, LetterIssued, LetterState, NumberTaken, WithdrawalCause
from station.letters.rules import LetterRules, Person
from station.letters.store import Letter, sealed_as
from station.letters.withdrawing import require_letter, withdraw
from station.local_time import TimeZone
from station.restoration import store as restorations
from station.vault.holding import Holding
from station.vault.vault import Kept

if TYPE_CHECKING:
    from station.letters.signing.plug import PdfSigner


@dataclass(frozen=True)
class Made:
    """A letter that is signed and not yet in the books."""

    taken: Taken
    file: LetterFile


@dataclass(frozen=True)
class LetterDesk:
    """What issuing works with.

    Attributes:
        require_room: refuses while the disk has no room for a letter.
    """

    database: Database
    journal: Journal
    clock: Clock
    zone: TimeZone
    settings: LetterSettings
    holding: Holding
    files: LetterFiles
    rules: LetterRules
    maker: LetterMaker
    require_room: Callable[[], None]


class Issuing:
    """Issues letters. A caller gives it one person or a group; a group shares transactions and syncs."""

    def __init__(self, desk: LetterDesk, pdf_signer: "PdfSigner") -> None:
        self._desk, self._pdf_signer = desk, pdf_signer

    # ---- one letter ----

    def issue(self, record: str, order: LetterOrder) -> Letter:
        """Issue the letter of one held record.

        Raises:
            Refused: RECORD_NOT_HELD, RECORD_ERASED, LETTER_VALID_ALREADY, RESTORE_HOLDS,
                LETTER_NUMBERS_UNKNOWN, DISK_STOPS_CARDS, and every refusal of the policy.
            InputFault: LETTER_UNDRAWABLE, PHOTO_UNREADABLE, or the record is broken.
            DeviceAbsent: the token is not there; a number that was taken stays for this record.
        """
        person = self.open(record)
        (outcome,) = self.take([person], order)
        if isinstance(outcome, StationError):
            raise outcome
        return self._complete(person, outcome, order.by)

    def renew(self, number: str, order: LetterOrder) -> Letter:
        """Issue the letter that follows another one; the other is withdrawn with it.

        Raises:
            Refused: LETTER_UNKNOWN, LETTER_NOT_ISSUED, and as `issue`.
        """
        with self._desk.database.reading() as transaction:
            old = require_letter(transaction, number)
            if old.state is not LetterState.ISSUED:
                raise Refused("LETTER_NOT_ISSUED", number=number, state=f"letter_is_{old.state.value}")
            record = store.newest_record_of(transaction, old.person) or old.record
        return self.issue(record, LetterOrder(order.reason, order.signer, order.by, renews=number))

    def finish_begun(self, letter: Letter, by: str) -> Letter:
        """Finish a number that a crash has left without its letter.

        Raises:
            Refused, InputFault, DeviceAbsent: as `issue`.
        """
        with self._desk.database.reading() as transaction:
            facts = store.taken_payload(transaction, letter)
        return self._complete(self.open(letter.record), Taken(facts, letter.person, resumed=True), by)

    def _complete(self, person: Person, taken: Taken, by: str) -> Letter:
        made = Made(taken, sign_file(self.compose(person, taken), self._pdf_signer))
        return self.finish([made], by)[0]

    # ---- the steps, for one or for many ----

    def open(self, record: str) -> Person:
        """Read a held record; nothing is written.

        Raises:
            Refused: RECORD_NOT_HELD, RECORD_ERASED.
            InputFault: it is broken. DeviceAbsent: the token is not there.
        """
        held = self._desk.holding.require(record)
        return Person(self._desk.holding.content(record), held)

    def take(self, people: Sequence[Person], order: LetterOrder) -> list[Taken | StationError]:
        """Take a number for each person who gets a letter, in their order, in one transaction.

        Returns:
            For each person the number, or why there is none. A person whose number was taken before a crash
            gets that one.

        Raises:
            Refused: LETTER_SIGNER_UNKNOWN, RESTORE_HOLDS, LETTER_NUMBERS_UNKNOWN, DISK_STOPS_CARDS.
            StationError: DATABASE_UNUSABLE; no number was taken.
        """
        desk = self._desk
        desk.require_room()
        signer = desk.maker.signer(order.signer).key
        moment = desk.clock.now()
        now = term(moment, desk.settings.months, desk.zone)
        undrawable = [self._undrawable(person, order, signer, now) for person in people]
        with desk.database.transaction() as transaction:
            restorations.require_released(transaction)
            require_numbers_known(transaction)
            office = desk.rules.of_office(transaction, moment, now.first)
            deciding = Deciding(
                transaction, desk.journal, desk.rules, desk.settings, office, order, signer, now
            )
            return [
                fault or deciding.decide(person) for person, fault in zip(people, undrawable, strict=True)
            ]

    def compose(self, person: Person, taken: Taken) -> Composed:
        """Sign a letter's code and draw its page; nothing is written.

        Raises:
            InputFault: LETTER_UNDRAWABLE, PHOTO_UNREADABLE. DeviceAbsent: TOKEN_ABSENT.
        """
        return self._desk.maker.compose(person.record, taken.facts)

    def finish(self, made: Sequence[Made], by: str) -> list[Letter]:
        """Seal signed letters, and make them letters in the books: one sync and one transaction for all.

        Raises:
            Refused: LETTER_NOT_BEGUN: a number was made void meanwhile; none of these letters is issued.
            DeviceAbsent, StationError: none of them is issued; their numbers stay for them.
        """
        desk = self._desk
        kept = desk.files.keep(
            [(sealed_as(one.taken.facts.year, one.taken.facts.place), one.file) for one in made]
        )
        with desk.database.transaction() as transaction:
            for one in made:
                self._clear_the_way(transaction, one.taken, by)
            payloads = [self._issued(one, file) for one, file in zip(made, kept, strict=True)]
            places = [Place(person=one.taken.person) for one in made]
            rows = desk.journal.events(
                transaction, ISSUED, list(zip(payloads, places, strict=True)), signed_by=by
            )
            for one, row, file in zip(made, rows, kept, strict=True):
                store.put_issued(transaction, row, one.taken.facts.year, one.taken.facts.place, file)
            return [_require_at(transaction, one.taken.facts) for one in made]

    def begun(self) -> list[Letter]:
        """The numbers that carry no letter yet, oldest first."""
        with self._desk.database.reading() as transaction:
            return store.begun(transaction)

    def signer_of(self, order: LetterOrder) -> str:
        """The key of the signer that an order means.

        Raises:
            Refused: LETTER_SIGNER_UNKNOWN.
        """
        return self._desk.maker.signer(order.signer).key

    def in_force_of(self, records: Sequence[str]) -> dict[str, Letter]:
        """The letters in force that were issued for these records, by record."""
        desk = self._desk
        today = term(desk.clock.now(), desk.settings.months, desk.zone).first.isoformat()
        with desk.database.reading() as transaction:
            return bulk.in_force_of(transaction, records, today)

    def _undrawable(self, person: Person, order: LetterOrder, signer: str, now: Term) -> StationError | None:
        """Why the letter could not be drawn, with a number as long as any."""
        facts = facts_of(
            self._desk.settings, now, order, person, place=LONG_PLACE, signer=signer, status_code=""
        )
        try:
            self._desk.maker.check(person.record, facts)
        except StationError as error:
            return error
        return None

    def _clear_the_way(self, transaction: Transaction, taken: Taken, by: str) -> None:
        """See that the number still waits for its letter, and take the letter back that it follows."""
        begun = _require_at(transaction, taken.facts)
        if begun.state is not LetterState.TAKEN:
            raise Refused("LETTER_NOT_BEGUN", number=begun.number, state=f"letter_is_{begun.state.value}")
        old = store.issued_of_person(transaction, taken.person)
        if old is not None:
            over = old.valid_until < taken.facts.issued_on
            cause = WithdrawalCause.EXPIRED if over else WithdrawalCause.RENEWED
            withdraw(transaction, self._desk.journal, old, cause, by, note=taken.facts.number)

    def _issued(self, made: Made, kept: Kept) -> LetterIssued:
        facts = made.taken.facts
        return LetterIssued(
            year=facts.year,
            place=facts.place,
            number=facts.number,
            content_hash=kept.content_hash,
            pdf_sha256=hashlib.sha256(made.file.pdf).hexdigest(),
            key=self._desk.maker.key.key_id.hex(),
        )


def _require_at(transaction: Transaction, facts: NumberTaken) -> Letter:
    letter = store.at(transaction, facts.year, facts.place)
    if letter is None:
        raise LookupError("the number that was just taken is not there")
    return letter
