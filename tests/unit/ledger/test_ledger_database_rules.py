"""What the database itself refuses, whatever a program asks of it."""

import pytest
from sqlalchemy import text

from station.blanks.ledger import Account, BlankMove
from station.blanks.store import book
from station.errors import Refused
from tests.fakes.station import LANE
from tests.unit.ledger.ledger_counter import OPERATOR, SECOND, SUPERVISOR, Counter

CARD = "8004000000000099"
ALLOWED = {
    ("received", "stock"), ("lent_in", "stock"), ("stock", "in_machine"), ("in_machine", "stock"),
    ("stock", "lent_out"), ("lent_out", "stock"), ("stock", "returned"), ("stock", "spoiled"),
    ("in_machine", "issued"), ("in_machine", "spoiled"), ("issued", "spoiled"), ("spoiled", "destroyed"),
}  # fmt: skip


def refusal(counter: Counter, *moves: BlankMove) -> str | None:
    """Book moves in one transaction; the rule that refused them, or None. Nothing stays."""
    try:
        with counter.database.transaction() as transaction:
            for move in moves:
                book(transaction, counter.journal, move)
            raise ZeroDivisionError
    except ZeroDivisionError:
        return None
    except Refused as error:
        return str(error.values.get("rule", error.code))


def lane_of(account: Account) -> str:
    return LANE if account is Account.IN_MACHINE else ""


def spoil(card: str | None = CARD) -> BlankMove:
    return BlankMove(
        source=Account.IN_MACHINE, source_lane=LANE, target=Account.SPOILED, cause="quality", card=card
    )


def issue(card: str | None = CARD) -> BlankMove:
    return BlankMove(source=Account.IN_MACHINE, source_lane=LANE, target=Account.ISSUED, card=card)


@pytest.mark.parametrize(
    ("source", "target"),
    [(a, b) for a in Account for b in Account if (a.value, b.value) not in ALLOWED],
    ids=lambda account: str(account),
)
def test_blanks_take_no_other_way(counter: Counter, source: Account, target: Account) -> None:
    move = BlankMove(
        source=source,
        target=target,
        source_lane=lane_of(source),
        target_lane=lane_of(target),
        cause="quality",
    )
    assert refusal(counter, move) is not None


def test_a_lane_is_named_for_in_machine_and_for_nothing_else(counter: Counter) -> None:
    rule = "a lane belongs to in_machine and to no other account"
    counter.receive(5)
    assert refusal(counter, BlankMove(source=Account.STOCK, target=Account.IN_MACHINE)) == rule
    lend = BlankMove(source=Account.STOCK, target=Account.LENT_OUT, target_lane=LANE, counterpart="X")
    assert refusal(counter, lend) == rule


def test_a_card_is_in_one_account_only(counter: Counter) -> None:
    rule = "a card leaves only the account that it is in"
    assert refusal(counter, issue(), issue()) == rule
    assert refusal(counter, issue(), spoil()) == rule
    assert refusal(counter, issue(None)) == rule
    again = BlankMove(source=Account.ISSUED, target=Account.SPOILED, cause="quality", card=CARD)
    assert refusal(counter, issue(), again) is None
    assert refusal(counter, issue(), again, again.model_copy(update={"card": None})) in (rule, "BLANKS_SHORT")
    assert refusal(counter, issue("8004000000000098"), again) == rule


def test_nothing_is_destroyed_without_two_signatures(counter: Counter) -> None:
    burn = BlankMove(source=Account.SPOILED, target=Account.DESTROYED, card=CARD, cause="quality")
    assert refusal(counter, spoil(), burn) == "this needs the signatures of two people"
    act = _act(counter, "handover")
    signed = burn.model_copy(update={"act": act})
    assert refusal(counter, spoil(), signed) == "this needs the signatures of two people"
    signed = burn.model_copy(update={"act": _act(counter, "destruction")})
    assert refusal(counter, spoil(), signed) is None


def test_stock_is_not_written_off_nor_made_up_without_two_signatures(counter: Counter) -> None:
    counter.receive(5)
    rule = "this needs the signatures of two people"
    uncounted = "an adjustment books the difference that was counted, no more and no less"
    lost = BlankMove(source=Account.STOCK, target=Account.SPOILED, cause="missing")
    made_up = BlankMove(source=Account.RECEIVED, target=Account.STOCK, cause="found")
    assert refusal(counter, lost) == rule
    assert refusal(counter, made_up) == rule
    act = _act(counter, "destruction")
    assert refusal(counter, lost.model_copy(update={"act": act})) in (rule, uncounted)
    assert refusal(counter, made_up.model_copy(update={"act": act, "cause": "K-7"})) in (rule, uncounted)


def test_more_blanks_without_a_number_than_lie_there_are_not_destroyed(counter: Counter) -> None:
    act = _act(counter, "destruction")
    burn = BlankMove(source=Account.SPOILED, target=Account.DESTROYED, cause="quality", act=act)
    rule = "only what lies in the office spoiled can be destroyed"
    assert refusal(counter, spoil(), burn) == rule, "a card with a number is not burnt as one without"
    assert refusal(counter, spoil(None), burn) is None
    assert refusal(counter, spoil(None), spoil(), burn, burn) == rule
    missing = spoil(None).model_copy(update={"cause": "missing"})
    assert refusal(counter, missing, burn.model_copy(update={"cause": "missing"})) == rule


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("destruction", OPERATOR, SECOND),
        ("destruction", SUPERVISOR, SUPERVISOR),
        ("handover", OPERATOR, OPERATOR),
        ("handover", OPERATOR, "Nobody"),
        ("nonsense", SUPERVISOR, OPERATOR),
    ],
)
def test_an_act_that_two_people_may_not_sign_is_refused(
    counter: Counter, kind: str, first: str, second: str
) -> None:
    with pytest.raises(Refused):
        _act(counter, kind, first, second)
    assert _act(counter, "handover", OPERATOR, SECOND), "a handover needs no supervisor"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE signed_acts SET second_signer = 'Siti'",
        "DELETE FROM signed_acts",
        "UPDATE blank_counts SET counted = 0",
        "DELETE FROM blank_counts",
        "INSERT INTO blank_counts (journal, kind, account, lane, counted, expected)"
        " VALUES (1, 'opening', 'issued', '', 1, 1)",
        "INSERT INTO blank_counts (journal, kind, account, lane, counted, expected)"
        " VALUES (1, 'opening', 'stock', 'A', 1, 1)",
        "INSERT INTO blank_counts (journal, kind, account, lane, counted, expected)"
        " VALUES (1, 'opening', 'stock', '', -1, 1)",
    ],
)
def test_counts_and_acts_are_never_changed(counter: Counter, statement: str) -> None:
    _act(counter, "handover")
    counter.count("--lane", "A=8")
    with pytest.raises(Refused), counter.database.transaction() as transaction:
        transaction.execute(text(statement))


def _act(counter: Counter, kind: str, first: str = SUPERVISOR, second: str = OPERATOR) -> int:
    with counter.database.transaction() as transaction:
        row = counter.journal.event(transaction, "blanks_destroyed")
        transaction.execute(
            text(
                "INSERT INTO signed_acts (journal, kind, number, first_signer, second_signer)"
                " VALUES (:row, :kind, :number, :first, :second)"
            ),
            {"row": row, "kind": kind, "number": f"{row}", "first": first, "second": second},
        )
    return row
