"""The blanks ledger under moves of every kind: the equation holds, nothing is negative or half booked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from station.blanks import store as blanks
from station.blanks.ledger import PLACES, SOURCES, Account, Balances, BlankMove
from station.database import Database
from station.errors import Refused
from station.journal.store import Journal
from tests.fakes.clock import FakeClock

LANES = ("", "A", "B")
MOVES = st.builds(
    BlankMove,
    source=st.sampled_from(Account),
    target=st.sampled_from(Account),
    quantity=st.integers(-1, 6),
    source_lane=st.sampled_from(LANES),
    target_lane=st.sampled_from(LANES),
    card=st.none() | st.sampled_from(["8004000000000001", "8004000000000002"]),
    cause=st.none() | st.just("chip_readback"),
)
# Moves of an ordinary day, so that there is something to move at all.
ORDINARY = st.one_of(
    st.builds(
        BlankMove,
        source=st.just(Account.RECEIVED),
        target=st.just(Account.STOCK),
        quantity=st.integers(1, 9),
        cause=st.just("K-1"),
    ),
    st.builds(
        BlankMove,
        source=st.just(Account.STOCK),
        target=st.just(Account.IN_MACHINE),
        target_lane=st.sampled_from("AB"),
        quantity=st.integers(1, 9),
    ),
    st.builds(
        BlankMove,
        source=st.just(Account.IN_MACHINE),
        source_lane=st.sampled_from("AB"),
        target=st.sampled_from([Account.STOCK, Account.SPOILED]),
        quantity=st.integers(1, 4),
        cause=st.just("load_jam"),
    ),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database("sqlite:///station.db", tmp_path)
    database.migrate()
    yield database
    database.close()


def look(database: Database) -> Balances:
    with database.reading() as transaction:
        return blanks.balances(transaction)


def try_to_book(database: Database, move: BlankMove) -> bool:
    """Book a move; False where it is refused, with a code."""
    journal = Journal(FakeClock())
    try:
        with database.transaction() as transaction:
            blanks.book(transaction, journal, move)
    except Refused as refused:
        assert refused.code
        return False
    return True


def count(database: Database, table: str) -> int:
    with database.reading() as transaction:
        return int(transaction.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(ORDINARY | MOVES, min_size=5, max_size=25))
def test_no_moves_whatever_break_the_equation(database: Database, moves: list[BlankMove]) -> None:
    for move in moves:
        before, rows = look(database), count(database, "blank_moves")
        booked = try_to_book(database, move)
        after = look(database)
        assert after.difference == 0
        assert min(after.totals.values()) >= 0
        assert min(after.in_machine.values(), default=0) >= 0
        assert sum(after.in_machine.values()) == after.totals[Account.IN_MACHINE]
        assert count(database, "blank_moves") == rows + booked
        if booked:
            _assert_moved(before, after, move)
        else:
            assert after == before


def _assert_moved(before: Balances, after: Balances, move: BlankMove) -> None:
    """What left one account arrived in the other, and no third one changed."""
    expected = dict(before.totals)
    expected[move.source] += move.quantity if move.source in SOURCES else -move.quantity
    expected[move.target] += move.quantity
    assert move.quantity >= 1
    assert dict(after.totals) == expected


def test_the_ledger_and_the_sum_of_its_moves_are_the_same(database: Database) -> None:
    for quantity in (5, 7):
        move = BlankMove(
            source=Account.RECEIVED, target=Account.STOCK, quantity=quantity, cause=f"K-{quantity}"
        )
        assert try_to_book(database, move)
    loaded = BlankMove(source=Account.STOCK, target=Account.IN_MACHINE, target_lane="A", quantity=4)
    assert try_to_book(database, loaded)
    sums = "SELECT target, SUM(quantity) FROM blank_moves GROUP BY target"
    with database.reading() as transaction:
        arrived = {Account(target): int(total) for target, total in transaction.execute(text(sums))}
    balances = look(database)
    assert arrived[Account.STOCK] - arrived[Account.IN_MACHINE] == balances.totals[Account.STOCK] == 8
    assert balances.totals[Account.RECEIVED] == 12
    assert balances.in_machine == {"A": 4}


@pytest.mark.parametrize("source", [account for account in PLACES if account is not Account.IN_MACHINE])
def test_nothing_leaves_an_empty_account(database: Database, source: Account) -> None:
    assert not try_to_book(database, BlankMove(source=source, target=Account.DESTROYED, cause="x"))
    assert not try_to_book(database, BlankMove(source=source, target=Account.STOCK, cause="x"))


def test_a_lane_gives_only_what_it_holds_itself(database: Database) -> None:
    assert try_to_book(
        database, BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=3, cause="K")
    )
    into_a = BlankMove(source=Account.STOCK, target=Account.IN_MACHINE, target_lane="A", quantity=3)
    assert try_to_book(database, into_a)
    out_of_b = BlankMove(source=Account.IN_MACHINE, source_lane="B", target=Account.STOCK)
    assert not try_to_book(database, out_of_b)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE blank_moves SET quantity = 2",
        "DELETE FROM blank_moves",
        "INSERT INTO blank_moves (journal, source, source_lane, target, target_lane, quantity)"
        " VALUES (1, 'stock', '', 'issued', '', 99)",
        "INSERT INTO blank_moves (journal, source, source_lane, target, target_lane, quantity)"
        " VALUES (1, 'received', '', 'lent_in', '', 1)",
        "UPDATE blank_accounts SET balance = -1 WHERE account = 'stock'",
    ],
)
def test_the_database_itself_refuses_what_no_program_may_do(database: Database, statement: str) -> None:
    assert try_to_book(database, BlankMove(source=Account.RECEIVED, target=Account.STOCK, cause="K"))
    before = look(database)
    with pytest.raises(Refused), database.transaction() as transaction:
        transaction.execute(text(statement))
    assert look(database) == before


def test_a_booking_that_is_not_committed_has_never_been(database: Database) -> None:
    journal, before, rows = Journal(FakeClock()), look(database), count(database, "journal")
    with pytest.raises(ZeroDivisionError), database.transaction() as transaction:
        move = BlankMove(source=Account.RECEIVED, target=Account.STOCK, quantity=5, cause="K")
        blanks.book(transaction, journal, move)
        raise ZeroDivisionError
    assert look(database) == before
    assert count(database, "journal") == rows
