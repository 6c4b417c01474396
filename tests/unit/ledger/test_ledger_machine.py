"""Random days at the counter against a small model: no blank is lost or negative, every card has a place."""

import shutil
from collections import Counter as Tally
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import text

from station.acts import store as acts
from station.acts.store import ActKind
from station.blanks import store as blanks
from station.blanks.ledger import SOURCES, Account, BlankMove
from station.counts import adjusting
from station.counts import store as counts
from station.counts.counting import CountedPlace, CountKind, ShiftCount
from station.database import Database, Transaction
from station.destruction.listing import Wanted, choose
from station.destruction.store import destruction_list
from station.errors import Refused
from station.journal.store import Journal, NoPayload, broken_at
from station.staff import store as staff
from station.staff.store import Role, StaffMember
from station.statements import daily
from station.statements.store import flows
from tests.fakes.clock import FakeClock

AMOUNTS = st.integers(1, 9)
LANES = st.sampled_from("AB")
OFFICES = st.sampled_from(["Lumajang", "Bondowoso"])
SHORTAGES = st.sampled_from(["missing", "damaged"])
SIGNERS = ("Siti", "Budi")
TEMPLATE: list[Path] = []


def fresh_database(folder: Path) -> Database:
    """A database with this program's tables, copied from one that was migrated once."""
    if not TEMPLATE:
        TEMPLATE.append(Path(mkdtemp(prefix="ledger-")))
        made = Database("sqlite:///station.db", TEMPLATE[0])
        made.migrate()
        with made.transaction() as transaction:
            for name, role in zip(SIGNERS, (Role.SUPERVISOR, Role.OPERATOR), strict=True):
                staff.add(transaction, Journal(FakeClock()), StaffMember(name=name, role=role))
        made.close()
    for file in TEMPLATE[0].iterdir():
        shutil.copy(file, folder)
    return Database("sqlite:///station.db", folder)


class CounterDays(RuleBasedStateMachine):
    """Everything that people and lanes do to blanks, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(prefix="ledger-"))
        self.database = fresh_database(self.folder)
        self.journal = Journal(FakeClock())
        self.places = Tally[tuple[Account, str]]()
        self.cards = dict[str, Account]()
        self.lent, self.borrowed = Tally[str](), Tally[str]()
        self.cartons = 0

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    def _do(self, work: Callable[[Transaction], None], *, possible: bool) -> None:
        """Do something; it must be refused exactly where the model says that it cannot be."""
        try:
            with self.database.transaction() as transaction:
                work(transaction)
        except Refused:
            assert not possible
        else:
            assert possible

    def _move(self, move: BlankMove, *, possible: bool) -> None:
        self._do(lambda transaction: self._book(transaction, move), possible=possible)
        if not possible:
            return
        for place, sign in (((move.source, move.source_lane), -1), ((move.target, move.target_lane), 1)):
            self.places[place] += -sign * move.quantity if place[0] in SOURCES else sign * move.quantity
        if move.card:
            self.cards[move.card] = move.target

    def _book(self, transaction: Transaction, move: BlankMove) -> None:
        blanks.book(transaction, self.journal, move)

    @rule(amount=AMOUNTS)
    def receive(self, amount: int) -> None:
        self.cartons += 1
        carton = f"K-{self.cartons}"
        move = BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=amount, cause=carton)
        self._move(move, possible=True)
        self._move(move, possible=False)

    @rule(lane=LANES, amount=AMOUNTS)
    def load(self, lane: str, amount: int) -> None:
        move = BlankMove(source=Account.STOCK, target=Account.IN_MACHINE, target_lane=lane, quantity=amount)
        self._move(move, possible=self.places[Account.STOCK, ""] >= amount)

    @rule(lane=LANES, amount=AMOUNTS)
    def unload(self, lane: str, amount: int) -> None:
        move = BlankMove(source=Account.IN_MACHINE, source_lane=lane, target=Account.STOCK, quantity=amount)
        self._move(move, possible=self.places[Account.IN_MACHINE, lane] >= amount)

    @rule(lane=LANES, good=st.booleans(), known=st.booleans())
    def make(self, lane: str, good: bool, known: bool) -> None:
        card = f"{len(self.cards):016x}" if known or good else None
        target = Account.ISSUED if good else Account.SPOILED
        cause = None if good else "chip_readback"
        move = BlankMove(source=Account.IN_MACHINE, source_lane=lane, target=target, card=card, cause=cause)
        self._move(move, possible=self.places[Account.IN_MACHINE, lane] >= 1)

    @precondition(lambda self: self.cards)
    @rule(data=st.data(), lane=LANES)
    def find_a_finished_card_bad(self, data: st.DataObject, lane: str) -> None:
        card = data.draw(st.sampled_from(sorted(self.cards)))
        move = BlankMove(source=Account.ISSUED, target=Account.SPOILED, card=card, cause="quality")
        self._move(move, possible=self.cards[card] is Account.ISSUED)

    @precondition(lambda self: self.cards)
    @rule(data=st.data(), lane=LANES)
    def make_a_known_card_again(self, data: st.DataObject, lane: str) -> None:
        card = data.draw(st.sampled_from(sorted(self.cards)))
        move = BlankMove(source=Account.IN_MACHINE, source_lane=lane, target=Account.ISSUED, card=card)
        self._move(move, possible=False)

    @rule(office=OFFICES, amount=AMOUNTS)
    def lend(self, office: str, amount: int) -> None:
        move = BlankMove(source=Account.STOCK, target=Account.LENT_OUT, quantity=amount, counterpart=office)
        possible = self.places[Account.STOCK, ""] >= amount
        self._move(move, possible=possible)
        self.lent[office] += amount * possible

    @rule(office=OFFICES, amount=AMOUNTS)
    def take_back(self, office: str, amount: int) -> None:
        move = BlankMove(source=Account.LENT_OUT, target=Account.STOCK, quantity=amount, counterpart=office)
        possible = self.lent[office] >= amount
        self._move(move, possible=possible)
        self.lent[office] -= amount * possible

    @rule(office=OFFICES, amount=AMOUNTS)
    def borrow(self, office: str, amount: int) -> None:
        move = BlankMove(source=Account.LENT_IN, target=Account.STOCK, quantity=amount, counterpart=office)
        self._move(move, possible=True)
        self.borrowed[office] += amount

    @rule(office=OFFICES, amount=AMOUNTS)
    def give_back(self, office: str, amount: int) -> None:
        move = BlankMove(source=Account.STOCK, target=Account.RETURNED, quantity=amount, counterpart=office)
        possible = self.borrowed[office] >= amount and self.places[Account.STOCK, ""] >= amount
        self._move(move, possible=possible)
        self.borrowed[office] -= amount * possible

    @rule(
        lane=st.sampled_from(["", "A", "B"]),
        off=st.integers(-4, 4),
        cause=st.sampled_from(["missing", "damaged"]),
    )
    def count_and_adjust(self, lane: str, off: int, cause: str) -> None:
        account = Account.IN_MACHINE if lane else Account.STOCK
        booked = self.places[account, lane]
        off = max(off, -booked)

        def work(transaction: Transaction) -> None:
            line = counts.compare(transaction, CountedPlace(account=account, lane=lane, counted=booked + off))
            count = ShiftCount(kind=CountKind.CLOSING, lines=(line,))
            counts.record(transaction, self.journal, count, SIGNERS[0])
            for found in counts.open_differences(transaction):
                assert (found.lane, found.difference) == (lane, off)
                row = self.journal.event(transaction, "blanks_adjusted", NoPayload())
                acts.record(transaction, row, ActKind.ADJUSTMENT, SIGNERS, settles=found.id)
                for move in adjusting.moves(found, cause, row):
                    self._book(transaction, move)
            assert counts.open_differences(transaction) == []

        self._do(work, possible=True)
        self.places[account, lane] += off
        if off > 0:
            self.places[Account.RECEIVED, ""] += off
        else:
            self.places[Account.SPOILED, ""] -= off

    @rule(data=st.data())
    def destroy(self, data: st.DataObject) -> None:
        with self.database.reading() as transaction:
            listed = [item for item in destruction_list(transaction) if item.is_here]
        wanted = data.draw(st.lists(st.sampled_from(listed), unique=True)) if listed else []
        if not wanted:
            return
        chosen = Wanted(
            [item.card for item in wanted if item.card],
            {item.cause: item.count for item in wanted if not item.card},
        )

        def work(transaction: Transaction) -> None:
            row = self.journal.event(transaction, "blanks_destroyed", NoPayload())
            acts.record(transaction, row, ActKind.DESTRUCTION, SIGNERS, f"{row}")
            for item in choose(destruction_list(transaction), chosen):
                move = BlankMove(
                    source=Account.SPOILED,
                    target=Account.DESTROYED,
                    quantity=item.count,
                    card=item.card,
                    cause=item.cause,
                    act=row,
                )
                self._book(transaction, move)

        self._do(work, possible=True)
        for item in wanted:
            self.places[Account.SPOILED, ""] -= item.count
            self.places[Account.DESTROYED, ""] += item.count
            if item.card:
                self.cards[item.card] = Account.DESTROYED

    @invariant()
    def the_books_and_the_model_agree(self) -> None:
        with self.database.reading() as transaction:
            balances = blanks.balances(transaction)
            stored = {
                (Account(row.account), row.lane): row.balance
                for row in transaction.execute(text("SELECT account, lane, balance FROM blank_accounts"))
            }
            owed = {one.office: (one.lent, one.borrowed) for one in blanks.loans(transaction)}
            placed = {card: blanks.account_of_card(transaction, card) for card in self.cards}
            all_flows = flows(transaction, "", "9")
        assert balances.difference == 0
        assert min(stored.values(), default=0) >= 0
        assert +Tally(stored) == +self.places
        assert placed == self.cards
        assert daily.balances(all_flows) == dict(balances.totals)
        assert {one.office: (one.lent, one.borrowed) for one in daily.open_loans(all_flows)} == owed
        assert owed == {
            office: (self.lent[office], self.borrowed[office])
            for office in sorted(self.lent.keys() | self.borrowed.keys())
            if self.lent[office] or self.borrowed[office]
        }

    @invariant()
    def the_destruction_list_is_the_spoiled_account(self) -> None:
        with self.database.reading() as transaction:
            listed = destruction_list(transaction)
            assert broken_at(transaction) is None
        assert sum(item.count for item in listed) == self.places[Account.SPOILED, ""]
        spoiled = {card for card, account in self.cards.items() if account is Account.SPOILED}
        assert {item.card for item in listed if item.card} == spoiled


TestCounterDays = CounterDays.TestCase
TestCounterDays.settings = settings(max_examples=15, stateful_step_count=30)
