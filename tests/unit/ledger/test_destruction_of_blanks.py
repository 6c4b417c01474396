"""What is burnt: only what is on the list, void chips first, once, before witnesses, with two signatures."""

from pathlib import Path

import pytest
from sqlalchemy import text

from station.blanks.ledger import Account, BlankMove
from station.blanks.store import book
from station.cards.store import AttemptState
from station.centre.messages import CardMessage, Topic
from station.centre.store import queue
from station.errors import ExitStatus
from station.journal.store import broken_at
from station.ports import CardPosition
from tests.fakes.station import LANE, records
from tests.unit.ledger.ledger_counter import OPERATOR, SECOND, Counter
from tests.unit.station.office_desk import assert_explained

NEEDED = "SIGNATURES_NEEDED"


def spoil_some(counter: Counter, folder: Path) -> tuple[str, str]:
    """One card spoiled by its chip, one spoiled after its chip was locked; give the two, void one last."""
    counter.devices.cards[0].bad = True
    counter.add(records(folder / "records", 2))
    counter.worker().run_batch()
    with_lock = counter.policy.model_copy(update={"quality_check_every": 1})
    counter.policy = with_lock
    counter.add(records(folder / "more", 3)[2:])
    counter.worker().run_batch()
    counter.answer_everything()
    spoiled = [
        attempt
        for job in (1, 2, 3)
        for attempt in counter.attempts(job)
        if attempt.state is AttemptState.SPOILED
    ]
    dead, void = (attempt.card for attempt in spoiled)
    assert dead is not None
    assert void is not None
    return dead, void


def lose_blanks(counter: Counter) -> None:
    """Two blanks of the stock are gone, one is unusable, and one was spoiled before its chip was read."""
    counter.receive(10)
    for stock, cause in (("8", "missing"), ("7", "damaged")):
        counter.count("--stock", stock)
        counter.signed("blanks", "adjust", "--reason", "looked", "--cause", cause)
    with counter.database.transaction() as transaction:
        jam = BlankMove(source=Account.IN_MACHINE, source_lane=LANE, target=Account.SPOILED, cause="load_jam")
        book(transaction, counter.journal, jam)


def test_the_list_begins_with_the_void_chips_and_says_what_is_not_there(
    counter: Counter, tmp_path: Path
) -> None:
    dead, void = spoil_some(counter, tmp_path)
    lose_blanks(counter)
    keys = ("card", "cause", "count", "is_void", "here")
    shown = [tuple(one[key] for key in keys) for one in counter.listed()]
    assert shown == [
        (void, "quality", 1, True, True),
        (dead, "chip_readback", 1, False, True),
        (None, "damaged", 1, False, True),
        (None, "load_jam", 1, False, True),
        (None, "missing", 2, False, False),
    ]
    words = counter.must("blanks", "destruction-list").words
    assert words.splitlines()[-1].startswith("2 di antaranya ")
    assert words.splitlines()[1].startswith(void)


def test_a_chip_whose_lock_is_not_known_is_void(counter: Counter, tmp_path: Path) -> None:
    """Nobody knows whether it carries an identity: it is burnt first, and not kept as a harmless one."""
    devices = counter.devices

    def lost_while_locking() -> None:
        devices.leave("hand")
        devices.position = CardPosition.NONE

    devices.arm("activate", lost_while_locking)
    counter.add(records(tmp_path / "records", 1))
    counter.worker().run_batch()
    counter.answer_everything()
    counter.worker().run_batch()
    (item,) = counter.listed()
    assert (item["card"], item["is_void"]) == (devices.cards[0].uid.hex(), True)


def test_a_card_is_void_by_the_message_to_the_centre_alone(counter: Counter) -> None:
    """A found card that is declared void without an attempt of ours: the outbox is what we know of it."""
    uid = counter.devices.cards[0].uid.hex()
    with counter.database.transaction() as transaction:
        move = BlankMove(
            source=Account.IN_MACHINE, source_lane=LANE, target=Account.SPOILED, card=uid, cause="quality"
        )
        row = book(transaction, counter.journal, move)
        message = CardMessage(card=uid, record="r", issue=1, person="p")
        queue(transaction, counter.clock, row, Topic.CARD_VOID, message)
    assert [(one["card"], one["is_void"]) for one in counter.listed()] == [(uid, True)]


def test_a_card_is_void_by_its_lock_alone(counter: Counter, tmp_path: Path) -> None:
    """Whatever becomes of sent messages, a locked chip stays a locked chip."""
    _, void = spoil_some(counter, tmp_path)
    with counter.database.transaction() as transaction:
        transaction.execute(text("DELETE FROM outbox"))
    assert (counter.listed()[0]["card"], counter.listed()[0]["is_void"]) == (void, True)


def test_everything_that_is_there_is_destroyed_and_what_is_missing_stays(
    counter: Counter, tmp_path: Path
) -> None:
    dead, void = spoil_some(counter, tmp_path)
    lose_blanks(counter)
    said = counter.destroy("--all")
    assert said.fields() == {
        "number": "001/BA-PEMUSNAHAN/2017",
        "count": 4,
        "old_cards": 0,
        "file": str(counter.office_folder / "burnt.pdf"),
    }
    balances = counter.balances()
    assert (balances.totals[Account.DESTROYED], balances.totals[Account.SPOILED]) == (4, 2)
    assert balances.difference == 0
    assert [(one["cause"], one["count"]) for one in counter.listed()] == [("missing", 2)]
    assert_explained(counter.run("cards", "show", "8004").complaints, "CARD_UNKNOWN")
    for card in (dead, void):
        again = counter.destroy("--card", card, out="again.pdf")
        assert again.error()["code"] == "CARD_NOT_LISTED"
    with counter.database.reading() as transaction:
        assert broken_at(transaction) is None


def test_single_cards_and_counts_are_destroyed_and_the_rest_stays_listed(
    counter: Counter, tmp_path: Path
) -> None:
    dead, void = spoil_some(counter, tmp_path)
    lose_blanks(counter)
    assert counter.destroy("--card", void.upper(), "--without-uid", "load_jam=1").status == ExitStatus.DONE
    assert [one["card"] or one["cause"] for one in counter.listed()] == [dead, "damaged", "missing"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "DESTRUCTION_EMPTY"),
        (("--card", "8004000000000008"), "CARD_NOT_LISTED"),
        (("--without-uid", "load_jam=2"), "DESTRUCTION_SHORT"),
        (("--without-uid", "load_jam=0"), "QUANTITY_WRONG"),
        (("--without-uid", "missing=1"), "DESTRUCTION_SHORT"),
        (("--without-uid", "nonsense=1"), "DESTRUCTION_SHORT"),
        (("--without-uid", "load_jam"), "COUNT_MALFORMED"),
        (("--all", "--date", "2017-03-18"), "DATE_WRONG"),
        (("--all", "--date", "17-03-2017"), "DATE_WRONG"),
        (("--all", "--witness", "Joko"), "WITNESS_MISSING"),
        (("--all", "--place", " "), "WITNESS_MISSING"),
    ],
)
def test_what_cannot_be_destroyed_is_refused_before_anybody_signs(
    counter: Counter, words: tuple[str, ...], code: str
) -> None:
    lose_blanks(counter)
    before = counter.balances()
    said = counter.destroy(*words)
    assert said.error()["code"] == code
    assert counter.balances() == before
    assert not (counter.office_folder / "burnt.pdf").exists()


@pytest.mark.parametrize(
    ("by", "code"),
    [
        ((OPERATOR, SECOND), "SUPERVISOR_NEEDED"),
        ((OPERATOR,), "SIGNATURES_NEEDED"),
        ((), "SIGNATURES_NEEDED"),
    ],
)
def test_a_destruction_needs_two_who_sign(counter: Counter, by: tuple[str, ...], code: str) -> None:
    lose_blanks(counter)
    assert counter.destroy("--all", by=by).error()["code"] == code
    assert counter.balances().totals[Account.DESTROYED] == 0


def test_a_file_that_is_there_is_not_overwritten_and_nothing_is_booked(counter: Counter) -> None:
    lose_blanks(counter)
    target = counter.office_folder / "burnt.pdf"
    target.write_text("last year's")
    assert counter.destroy("--all").error()["code"] == "FILE_EXISTS"
    assert target.read_text() == "last year's"
    assert counter.destroy("--all", out="absent/burnt.pdf").error()["code"] == "FILE_UNWRITABLE"
    assert counter.balances().totals[Account.DESTROYED] == 0


def test_a_paper_that_cannot_be_drawn_is_not_booked(counter: Counter) -> None:
    """The minutes are drawn first: blanks booked as burnt without minutes would be an audit's finding."""
    lose_blanks(counter)
    said = counter.destroy("--all", "--burnt-by", "\U0001f525")
    assert said.error()["code"] == "REPORT_UNDRAWABLE"
    assert counter.balances().totals[Account.DESTROYED] == 0


def test_numbers_run_through_the_year_and_none_is_given_twice(counter: Counter) -> None:
    lose_blanks(counter)
    first = counter.destroy("--without-uid", "damaged=1", "--number", "002/BA-PEMUSNAHAN/2017", out="1.pdf")
    assert first.fields()["number"] == "002/BA-PEMUSNAHAN/2017"
    taken = counter.destroy("--all", "--number", "002/BA-PEMUSNAHAN/2017", out="2.pdf")
    assert taken.error()["code"] == "ACT_NUMBER_TAKEN"
    assert counter.destroy("--all", out="3.pdf").fields()["number"] == "003/BA-PEMUSNAHAN/2017"


def test_minutes_are_written_again_with_the_same_bytes(counter: Counter) -> None:
    lose_blanks(counter)
    counter.destroy("--all")
    again = counter.office_folder / "again.pdf"
    counter.must("blanks", "minutes", "001/BA-PEMUSNAHAN/2017", "--out", str(again))
    assert again.read_bytes() == (counter.office_folder / "burnt.pdf").read_bytes()
    unknown = counter.run("blanks", "minutes", "9/X", "--out", str(counter.office_folder / "x.pdf"))
    assert_explained(unknown.complaints, "ACT_UNKNOWN")


def test_a_card_booked_as_missing_that_turns_up_is_destroyed_by_its_number(counter: Counter) -> None:
    uid = counter.devices.cards[0].uid.hex()
    with counter.database.transaction() as transaction:
        move = BlankMove(
            source=Account.IN_MACHINE, source_lane=LANE, target=Account.SPOILED, card=uid, cause="missing"
        )
        book(transaction, counter.journal, move)
    assert counter.destroy("--all").error()["code"] == "DESTRUCTION_EMPTY"
    assert counter.destroy("--card", uid).fields()["count"] == 1


def test_the_audit_finds_nothing_wrong_after_counts_adjustments_and_destruction(counter: Counter) -> None:
    lose_blanks(counter)
    counter.destroy("--all")
    assert counter.must("audit", "verify", "--json").fields()["faults"] == []
