"""Counting by hand: what should be there, what is missing and since when, and how the books follow."""

from pathlib import Path

import pytest
from sqlalchemy import text

from station.blanks.ledger import Account
from station.errors import DeviceFault, ExitStatus, Refused
from tests.fakes.station import records
from tests.unit.ledger.ledger_counter import OPERATOR, SECOND, SUPERVISOR, Counter
from tests.unit.station.office_desk import Said, assert_explained

ACT = (
    "INSERT INTO signed_acts (journal, kind, first_signer, second_signer, settles)"
    f" VALUES ({{row}}, 'adjustment', '{SUPERVISOR}', '{OPERATOR}', 1)"
)
SHORTAGE = (
    "INSERT INTO blank_moves (journal, source, source_lane, target, target_lane, quantity, cause, act)"
    " VALUES ({row}, 'stock', '', 'spoiled', '', {quantity}, 'missing', {row})"
)


def listed(said: Said, name: str) -> list[dict[str, object]]:
    found = said.fields()[name]
    assert isinstance(found, list)
    return found


def places(said: Said) -> dict[object, dict[str, object]]:
    return {one["lane"] or one["account"]: one for one in listed(said, "places")}


def open_places(counter: Counter) -> list[tuple[object, object, object]]:
    shown = listed(counter.must("blanks", "show", "--json"), "open_differences")
    return [(one["account"], one["lane"], one["difference"]) for one in shown]


def adjust(counter: Counter, *words: str) -> Said:
    return counter.signed("blanks", "adjust", "--reason", "looked everywhere", *words)


def test_a_count_that_agrees_leaves_nothing_open(counter: Counter) -> None:
    counter.receive(10)
    said = counter.count("--stock", "10", "--lane", "A=8")
    assert said.status == ExitStatus.DONE
    assert said.fields()["not_counted"] == []
    assert {place: one["difference"] for place, one in places(said).items()} == {"stock": 0, "A": 0}
    assert open_places(counter) == []


def test_a_difference_is_named_and_stays_open_until_it_is_adjusted(counter: Counter) -> None:
    counter.receive(10)
    said = counter.count("--stock", "8", "--lane", "A=9")
    assert said.status == ExitStatus.WAITS_FOR_PERSON
    assert open_places(counter) == [("stock", "", -2), ("in_machine", "A", 1)]
    words = counter.must("blanks", "show").words
    assert "KURANG: 2 blangko, persediaan" in words
    assert "LEBIH: 1 blangko, lajur A" in words
    counter.receive(5, "K-0002")
    assert open_places(counter) == [("stock", "", -2), ("in_machine", "A", 1)]
    assert adjust(counter, "--lane", "A").status == ExitStatus.DONE
    assert open_places(counter) == [("stock", "", -2)]
    assert adjust(counter).status == ExitStatus.DONE
    assert open_places(counter) == []
    balances = counter.balances()
    assert balances.difference == 0
    assert balances.totals[Account.STOCK] == 13
    assert balances.in_machine == {"A": 9}
    assert balances.totals[Account.SPOILED] == 2
    assert balances.totals[Account.RECEIVED] == 8 + 10 + 5 + 1


def test_a_blank_that_turns_up_is_found_by_counting_again(counter: Counter) -> None:
    counter.receive(10)
    counter.count("--stock", "9")
    assert counter.count("--stock", "10", kind="closing").status == ExitStatus.DONE
    assert open_places(counter) == []
    assert_explained(adjust(counter).complaints, "ADJUSTMENT_NEEDS_COUNT")


def test_a_count_is_settled_once(counter: Counter) -> None:
    counter.receive(10)
    counter.count("--stock", "9")
    adjust(counter)
    assert_explained(adjust(counter).complaints, "ADJUSTMENT_NEEDS_COUNT")
    assert counter.balances().totals[Account.STOCK] == 9


def test_unusable_blanks_that_lie_there_go_on_the_destruction_list(counter: Counter) -> None:
    counter.receive(10)
    counter.count("--stock", "7")
    assert adjust(counter, "--cause", "damaged").status == ExitStatus.DONE
    (item,) = counter.listed()
    assert (item["cause"], item["count"], item["here"]) == ("damaged", 3, True)


def test_a_shortage_of_a_lane_goes_through_the_stock(counter: Counter) -> None:
    counter.receive(10)
    counter.count("--lane", "A=5")
    assert adjust(counter, "--lane", "A").status == ExitStatus.DONE
    balances = counter.balances()
    assert balances.in_machine == {"A": 5}
    assert (balances.totals[Account.STOCK], balances.totals[Account.SPOILED]) == (10, 3)


def test_an_adjustment_needs_two_who_sign_and_a_reason(counter: Counter) -> None:
    counter.receive(10)
    counter.count("--stock", "9")
    words = ("blanks", "adjust", "--reason")
    assert_explained(counter.signed(*words, " ").complaints, "REASON_MISSING")
    one = counter.signed(*words, "looked", by=(SUPERVISOR,))
    assert_explained(one.complaints, "SIGNATURES_NEEDED")
    twice = counter.signed(*words, "looked", by=(SUPERVISOR, SUPERVISOR))
    assert_explained(twice.complaints, "SIGNATURES_NEEDED")
    unsupervised = counter.signed(*words, "looked", by=(OPERATOR, SECOND))
    assert_explained(unsupervised.complaints, "SUPERVISOR_NEEDED")
    assert counter.balances().totals[Account.STOCK] == 10


@pytest.mark.parametrize(
    ("places", "code"),
    [
        ([], "COUNT_EMPTY"),
        (["--lane", "A=1", "--lane", "A=2"], "COUNT_EMPTY"),
        (["--lane", "Z=1"], "LANE_UNKNOWN"),
        (["--lane", "A"], "COUNT_MALFORMED"),
        (["--lane", "A=-1"], "COUNT_MALFORMED"),
        (["--lane", "A=1e3"], "COUNT_MALFORMED"),
        (["--stock", "-1"], "COUNT_MALFORMED"),
    ],
)
def test_a_count_that_cannot_be_meant_is_refused(counter: Counter, places: list[str], code: str) -> None:
    said = counter.run("blanks", "count", *places, "--kind", "opening", "--by", OPERATOR)
    assert said.status != ExitStatus.DONE
    assert_explained(said.complaints, code)


def test_a_card_that_waits_for_its_quality_check_is_not_missing_from_the_hopper(
    counter: Counter, tmp_path: Path
) -> None:
    counter.policy = counter.policy.model_copy(update={"quality_check_every": 1})
    counter.add(records(tmp_path / "records", 1))
    counter.worker().run_batch()
    said = counter.count("--lane", "A=7")
    line = places(said)["A"]
    assert (line["booked"], line["expected"], line["difference"]) == (8, 7, 0)
    assert line["elsewhere"] == [counter.attempts(1)[0].card]


def test_the_card_that_may_be_missing_is_named_with_the_last_that_is_known_of_it(
    counter: Counter, tmp_path: Path
) -> None:
    """Somebody has said where a card went, and the hopper is one short: that card is the first suspect."""
    assert counter.count("--lane", "A=8").status == ExitStatus.DONE
    devices = counter.devices

    def pulled_out_half_printed() -> None:
        devices.panels_printed += 3
        devices.leave("hand")
        raise DeviceFault("PRINTER_REFUSED", operation="print", reply="ERR MECHANICAL")

    devices.arm("print", pulled_out_half_printed)
    counter.add(records(tmp_path / "records", 1))
    counter.worker().run_batch()
    card = counter.attempts(1)[0].card
    counter.answer_everything()
    counter.worker().run_batch()
    in_hopper = counter.balances().in_machine["A"] - 1
    said = counter.count("--lane", f"A={in_hopper}", kind="closing")
    assert said.status == ExitStatus.WAITS_FOR_PERSON
    (difference,) = listed(said, "open_differences")
    assert difference["cards"] == [card]
    text_said = counter.run(
        "blanks", "count", "--lane", f"A={in_hopper}", "--kind", "closing", "--by", OPERATOR
    )
    assert f"mungkin kartu {card} dari tugas" in text_said.words


def _ready(counter: Counter) -> set[str | None]:
    return {a.card for job in (1, 2) for a in counter.attempts(job) if a.state == "ready"}


def open_an_attempt(counter: Counter, card: str | None) -> None:
    with counter.database.transaction() as transaction:
        transaction.execute(
            text(
                "INSERT INTO jobs (record, folder, record_sha256, person, issue, priority, purpose, state,"
                " created_at) VALUES ('r', 'f', 's', 'p', 1, 5, 'card', 'working', 'now')"
            )
        )
        opened = "INSERT INTO attempts (job, number, lane, state, card) VALUES (1, 1, 'A', 'open', :card)"
        transaction.execute(text(opened), {"card": card})


def test_a_lane_with_a_card_in_the_making_is_not_adjusted(counter: Counter) -> None:
    open_an_attempt(counter, "8004112233445566")
    counter.count("--lane", "A=6")
    assert_explained(adjust(counter, "--lane", "A").complaints, "LANE_AT_WORK")


def test_a_lane_that_waits_for_its_blanks_to_be_booked_is_adjusted(counter: Counter) -> None:
    """Blanks that nobody booked lie in the hopper, and the stock's books have none left: they are found."""
    counter.must("blanks", "unload", "--lane", "A", "--count", "8", "--by", OPERATOR)
    open_an_attempt(counter, None)
    counter.count("--lane", "A=8")
    assert adjust(counter, "--lane", "A").status == ExitStatus.DONE
    assert counter.balances().in_machine["A"] == 8


def test_what_a_count_found_while_a_blank_was_on_its_way_is_counted_again(
    counter: Counter, tmp_path: Path
) -> None:
    """The blank is missing from the hopper, and no row says so yet; later it is a card that was issued."""

    class Death(BaseException):
        """The power goes when the blank has moved, and before the station knows it."""

    def move_and_die() -> None:
        counter.devices.feed_to_chip_station()
        raise Death

    counter.add(records(tmp_path / "records", 1))
    counter.devices.arm("feed", move_and_die)
    with pytest.raises(Death):
        counter.worker().run_batch()
    said = counter.count("--lane", "A=7")
    assert listed(said, "open_differences")[0]["difference"] == -1
    counter.worker().run_batch()
    assert "[COUNT_UNSURE]" in adjust(counter, "--lane", "A").complaints
    assert counter.count("--lane", "A=7").status == ExitStatus.DONE
    assert counter.balances().in_machine["A"] == 7


def test_the_database_lets_an_adjustment_book_only_the_counted_difference(counter: Counter) -> None:
    counter.receive(10)
    counter.count("--stock", "8")
    for quantity in (1, 3):
        with pytest.raises(Refused) as caught, counter.database.transaction() as transaction:
            row = counter.journal.event(transaction, "blanks_adjusted")
            transaction.execute(text(ACT.format(row=row)))
            transaction.execute(text(SHORTAGE.format(row=row, quantity=quantity)))
        assert "counted" in str(caught.value.values["rule"])
