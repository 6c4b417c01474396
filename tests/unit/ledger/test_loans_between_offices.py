"""Blanks lent, borrowed and given back: every office's debt is known, and no more comes back than lent."""

import pytest

from station.blanks.ledger import Account, BlankMove
from station.blanks.store import book
from station.errors import ExitStatus, Refused
from tests.unit.ledger.ledger_counter import OPERATOR, Counter
from tests.unit.station.office_desk import Said, assert_explained

LUMAJANG, BONDOWOSO = "Dispendukcapil Kab. Lumajang", "Dispendukcapil Kab. Bondowoso"


def loan(counter: Counter, verb: str, way: str, office: str, count: int, *words: str) -> Said:
    return counter.run("blanks", verb, way, office, "--count", str(count), "--by", OPERATOR, *words)


def debts(counter: Counter) -> object:
    return counter.must("blanks", "show", "--json").fields()["loans"]


def test_debts_are_kept_for_each_office(counter: Counter) -> None:
    counter.receive(100)
    assert loan(counter, "lend", "--to", LUMAJANG, 30).status == ExitStatus.DONE
    assert loan(counter, "borrow", "--from", BONDOWOSO, 20).status == ExitStatus.DONE
    assert loan(counter, "return", "--from", f"  {LUMAJANG} ", 10).status == ExitStatus.DONE
    assert loan(counter, "return", "--to", BONDOWOSO, 5).status == ExitStatus.DONE
    assert debts(counter) == [
        {"office": BONDOWOSO, "lent": 0, "borrowed": 15},
        {"office": LUMAJANG, "lent": 20, "borrowed": 0},
    ]
    totals = counter.balances().totals
    assert counter.balances().difference == 0
    assert (totals[Account.LENT_IN], totals[Account.LENT_OUT], totals[Account.RETURNED]) == (20, 20, 5)
    assert totals[Account.STOCK] == 100 - 30 + 20 + 10 - 5
    assert f"{LUMAJANG}: kami pinjamkan 20" in counter.must("blanks", "show").words


def test_a_settled_loan_is_no_longer_shown(counter: Counter) -> None:
    loan(counter, "borrow", "--from", BONDOWOSO, 20)
    loan(counter, "return", "--to", BONDOWOSO, 20)
    assert debts(counter) == []


@pytest.mark.parametrize(
    ("way", "office", "count"),
    [("--from", LUMAJANG, 31), ("--from", BONDOWOSO, 1), ("--to", BONDOWOSO, 21), ("--to", LUMAJANG, 1)],
)
def test_no_more_comes_back_than_was_lent_and_a_misspelt_office_is_found_out(
    counter: Counter, way: str, office: str, count: int
) -> None:
    counter.receive(100)
    loan(counter, "lend", "--to", LUMAJANG, 30)
    loan(counter, "borrow", "--from", BONDOWOSO, 20)
    before = counter.balances()
    assert_explained(loan(counter, "return", way, office, count).complaints, "LOAN_EXCEEDED")
    assert counter.balances() == before


def test_a_carton_sent_back_to_the_province_settles_no_loan(counter: Counter) -> None:
    counter.receive(100)
    loan(counter, "borrow", "--from", BONDOWOSO, 20)
    assert loan(counter, "return", "--to", "Provinsi", 50, "--surplus").status == ExitStatus.DONE
    assert debts(counter) == [{"office": BONDOWOSO, "lent": 0, "borrowed": 20}]
    assert counter.balances().totals[Account.STOCK] == 70


@pytest.mark.parametrize(
    "words",
    [(), ("--from", LUMAJANG, "--to", LUMAJANG), ("--from", LUMAJANG, "--surplus")],
)
def test_a_return_goes_one_way(counter: Counter, words: tuple[str, ...]) -> None:
    said = counter.run("blanks", "return", "--count", "1", "--by", OPERATOR, *words)
    assert said.status == ExitStatus.USAGE
    assert_explained(said.complaints, "RETURN_UNCLEAR")


def test_what_is_not_in_stock_is_not_lent(counter: Counter) -> None:
    assert_explained(loan(counter, "lend", "--to", LUMAJANG, 1).complaints, "BLANKS_SHORT")
    counter.receive(5)
    assert_explained(loan(counter, "lend", "--to", " ", 1).complaints, "OFFICE_MISSING")
    assert_explained(loan(counter, "lend", "--to", LUMAJANG, 0).complaints, "QUANTITY_WRONG")


def test_a_carton_is_received_once(counter: Counter) -> None:
    counter.receive(100)
    again = counter.run("blanks", "receive", "--carton", "K-0001", "--count", "100", "--by", OPERATOR)
    assert_explained(again.complaints, "CARTON_KNOWN")
    assert counter.balances().totals[Account.RECEIVED] == 108


def test_the_database_itself_keeps_the_debts(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the program's own check wrong, the trigger would still refuse."""
    monkeypatch.setattr("station.blanks.store._check_loan", lambda transaction, move: None)
    counter.receive(100)
    loan(counter, "lend", "--to", LUMAJANG, 30)
    loan(counter, "lend", "--to", "Probolinggo", 5)
    loan(counter, "borrow", "--from", BONDOWOSO, 20)
    for move in (
        BlankMove(source=Account.LENT_OUT, target=Account.STOCK, quantity=31, counterpart=LUMAJANG),
        BlankMove(source=Account.LENT_OUT, target=Account.STOCK, quantity=1, counterpart=BONDOWOSO),
        BlankMove(source=Account.STOCK, target=Account.RETURNED, quantity=21, counterpart=BONDOWOSO),
        BlankMove(source=Account.STOCK, target=Account.LENT_OUT, quantity=1),
        BlankMove(source=Account.STOCK, target=Account.LENT_OUT, quantity=1, counterpart=""),
        BlankMove(source=Account.STOCK, target=Account.IN_MACHINE, target_lane="A", counterpart=BONDOWOSO),
    ):
        with pytest.raises(Refused) as caught, counter.database.transaction() as transaction:
            book(transaction, counter.journal, move)
        assert caught.value.code == "JOURNAL_REFUSED"
