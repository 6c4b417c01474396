"""What must hold after every single step: the simulators' truth and the model beside the books."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from simulators.chip.store import load_state
from simulators.evolis.truth import CardRecord, Place
from station.blanks import store as blanks
from station.blanks.ledger import Account, Balances
from station.database import Transaction
from station.journal.store import broken_at
from tests.fakes.software_keys import SoftPersonKeys
from tests.reliability.invariants import BIODATA
from tests.reliability.model_ledger import ModelLedger, Promise, Standing
from tests.reliability.office_under_test import OfficeUnderTest
from tests.reliability.person import FACE
from tests.reliability.station import LANE

CARD_CONTROL = 0x6FF0
ISSUE = slice(
    17, 19
)  # docs/reference/ktp-el-open.md, 6FF0: length 2, magic 4, version 2, key version 1, UID 8
LIVE = ("queued", "working", "waiting", "ready")


@dataclass(frozen=True)
class Making:
    """What the station is at: cards of attempts that are not closed, and whether one has no card yet."""

    cards: frozenset[str]
    unbound: bool


class WholeTruth:
    """Compares, and says what differs."""

    def __init__(self, office: OfficeUnderTest, model: ModelLedger) -> None:
        self._office, self._model, self._people = office, model, model.people
        self._identities: dict[str, Promise] = {}

    def differences(self) -> list[str]:
        """Everything that is not as it must be."""
        with self._office.database.reading() as transaction:
            balances = blanks.balances(transaction)
            making = making_of(transaction)
            found = [*self._journal(transaction), *self._ledger(balances), *self._jobs(transaction)]
            found += self._accounts(transaction, making)
        return [*found, *self._lane(balances, making), *self._identity_twice()]

    # ---- the books alone ----

    def _journal(self, transaction: Transaction) -> Iterator[str]:
        if (row := broken_at(transaction)) is not None:
            yield f"the journal's chain is broken at row {row}"

    def _jobs(self, transaction: Transaction) -> Iterator[str]:
        live = Counter[Promise]()
        for person, issue, state in transaction.execute(text("SELECT person, issue, state FROM jobs")):
            if state in LIVE:
                live[self._people[person], issue] += 1
        wanted = Counter(
            promise for promise, standing in self._model.promises.items() if standing is Standing.LIVE
        )
        if live != wanted:
            yield f"live jobs are {dict(live)}, promised were {dict(wanted)}"
        asked = text(
            "SELECT j.id, j.state, count(q.sequence) FROM jobs j LEFT JOIN journal q ON q.job = j.id"
            " AND q.kind = 'question' AND NOT EXISTS"
            " (SELECT 1 FROM journal a WHERE a.question = q.sequence) GROUP BY j.id"
        )
        for job, state, questions in transaction.execute(asked):
            if questions != (state == "waiting"):
                yield f"job {job} is {state} with {questions} open questions"

    def _ledger(self, balances: Balances) -> Iterator[str]:
        model, totals = self._model, balances.totals
        if balances.difference:
            yield f"the blanks equation is off by {balances.difference}"
        expected = {
            Account.RECEIVED: model.received,
            Account.LENT_IN: model.lent_in,
            Account.LENT_OUT: model.lent_out,
            Account.RETURNED: model.returned,
            Account.STOCK: model.stock,
            Account.DESTROYED: model.destroyed,
        }
        for account, amount in expected.items():
            if totals[account] != amount:
                yield f"{account} must be {amount}, the books say {totals[account]}"
        used = totals[Account.IN_MACHINE] + totals[Account.ISSUED] + totals[Account.SPOILED]
        if used != model.lane + model.by_count - model.destroyed:
            yield f"in the lane, issued and spoiled are {used} blanks, not as many as were loaded"

    # ---- the books and the cards ----

    def used(self) -> list[CardRecord]:
        """The cards that have been taken from the hopper for an attempt, wherever they are."""
        return [
            card
            for card in self._office.lane.printer.machine.mechanism.cards.records()
            if not was_squeezed(card)
            and (card.place is not Place.HOPPER or card_uid(card) in self._model.laid_back)
        ]

    def missing_from_hopper(self) -> int:
        """What really lies in the hopper, less what should: the difference that a right count must find."""
        return len(self._office.lane.printer.machine.mechanism.truth.hopper) - (
            self._model.lane - len(self.used()) - self.booked_again()
        )

    def booked_again(self) -> int:
        """How many used cards, laid into the hopper again, were booked as spoiled blanks once more.

        A station that cannot read such a card's chip cannot know it. It must be one that came in again,
        and that the station has not turned away as known.
        """
        if not self._model.laid_back:
            return 0
        with self._office.database.reading() as transaction:
            bound = bound_cards(transaction)
            nameless = _number(
                transaction, "SELECT count(*) FROM attempts WHERE state = 'spoiled' AND card IS NULL"
            )
            known = _number(transaction, "SELECT count(*) FROM journal WHERE name = 'card_known'")
        unread = sum(card_uid(card) not in bound for card in self.used())
        cards = self._office.lane.printer.machine.mechanism.cards.records()
        came_in_again = sum(
            times_fed_again(card) for card in cards if card_uid(card) in self._model.laid_back
        )
        return max(0, min(nameless - unread, came_in_again - known))

    def _lane(self, balances: Balances, making: Making) -> Iterator[str]:
        booked = balances.in_machine.get(LANE, 0)
        closed = sum(card_uid(card) not in making.cards for card in self.used()) + self.booked_again()
        expected = self._model.lane - closed
        if booked - expected not in self.slack(making):
            yield f"{expected} blanks must be booked in the lane, the books say {booked}"

    def slack(self, making: Making) -> tuple[int, ...]:
        """How far the lane's books may be off while nobody knows yet what an attempt has taken."""
        if not making.unbound:
            return (0,)
        return (-1, 0, 1) if self._model.laid_back else (0, 1)

    def _accounts(self, transaction: Transaction, making: Making) -> Iterator[str]:
        bound = bound_cards(transaction)
        moves = text("SELECT card, target FROM blank_moves WHERE card IS NOT NULL ORDER BY id")
        last = {row.card: Account(row.target) for row in transaction.execute(moves)}
        for card in self._office.lane.printer.machine.mechanism.cards.records():
            uid = card_uid(card)
            booked = last.get(uid)
            if uid in making.cards or (uid not in bound and booked is None):
                expected = None
            else:
                expected = self.account(card)
            if booked is not expected:
                yield f"card {uid} is {card.place} ({expected}), the books say {booked}"

    def account(self, card: CardRecord) -> Account | None:
        """Where a card that is done with belongs."""
        uid = card_uid(card)
        if uid in self._model.burnt:
            return Account.DESTROYED
        if uid in self._model.laid_back:
            return Account.SPOILED
        if card.place is Place.HOPPER:
            return None
        good = Place.TRAY in (card.place, card.taken_from) and uid not in self._model.condemned
        return Account.ISSUED if good else Account.SPOILED

    # ---- the cards alone ----

    def identities(self) -> Counter[Promise]:
        """Who has a whole, living card that came out into the good tray and that nobody has rejected."""
        return Counter(
            self._identity(card)
            for card in self._office.lane.printer.machine.mechanism.cards.records()
            if self._is_whole(card) and card_uid(card) not in self._model.condemned
        )

    def _is_whole(self, card: CardRecord) -> bool:
        return Place.TRAY in (card.place, card.taken_from) and tuple(card.prints["front"].panels) == FACE

    def _identity(self, card: CardRecord) -> Promise:
        if card.uid not in self._identities:
            files = load_state(self._office.lane.printer.machine.mechanism.cards.chip_folder(card.uid)).files
            issue = int.from_bytes(files[CARD_CONTROL].content[ISSUE], "big")
            person = next(nik for nik in self._people.values() if nik.encode() in files[BIODATA].content)
            self._identities[card.uid] = person, issue
        return self._identities[card.uid]

    def _identity_twice(self) -> Iterator[str]:
        for (_, issue), cards in self.identities().items():
            if cards > 1:
                yield f"one person has {cards} cards of issue {issue}"


def making_of(transaction: Transaction) -> Making:
    """What the station is at."""
    rows = transaction.execute(text("SELECT card, state FROM attempts WHERE state IN ('open', 'checking')"))
    cards = [row.card for row in rows]
    return Making(frozenset(card for card in cards if card), None in cards)


def bound_cards(transaction: Transaction) -> set[str]:
    """Every card that an attempt was bound to."""
    return {row.card for row in transaction.execute(text("SELECT card FROM attempts WHERE card IS NOT NULL"))}


def _number(transaction: Transaction, question: str) -> int:
    return int(transaction.execute(text(question)).scalar_one())


def times_fed_again(card: CardRecord) -> int:
    """How often a card has come out of the hopper after somebody laid it in there."""
    happened = [event.what for event in card.history]
    first = happened.index("laid in by a person") if "laid in by a person" in happened else len(happened)
    return happened[first:].count("fed")


def card_uid(card: CardRecord) -> str:
    """The 8 bytes by which the station knows a card."""
    return "80" + card.uid


def was_squeezed(card: CardRecord) -> bool:
    """Whether it was the second card of a double feed: no attempt knows of it."""
    return any(event.what == "double feed" for event in card.history)


def people_of(niks: list[str]) -> dict[str, str]:
    """NIK by the name that the journal has for the person."""
    return {SoftPersonKeys().person_key(nik): nik for nik in niks}
