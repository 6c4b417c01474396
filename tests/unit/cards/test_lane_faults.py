"""Faults of devices on a lane: what is spoiled, what is asked, what is never done by itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from station.blanks.ledger import Account, BlankMove
from station.blanks.store import book
from station.cards.store import AttemptState, JobState
from station.errors import (
    DeviceAbsent,
    DeviceFault,
    LaneLatched,
    OutcomeUnknown,
    Refused,
    WrongCard,
)
from station.journal.store import Place
from station.lanes.store import LaneState, clear, status
from station.ports import CardPosition, ChipState
from tests.fakes.devices import PANELS, FakeLane, raising
from tests.fakes.station import LANE, FakeStation, records


@pytest.fixture
def station(tmp_path: Path) -> Iterator[FakeStation]:
    station = FakeStation(tmp_path, FakeLane(8))
    station.prepare(8)
    yield station
    station.close()


def _free_the_card(devices: FakeLane) -> None:
    """The technician loosens the card; the printer takes it from there."""
    devices.errors = ()


def test_a_chip_that_fails_its_read_back_is_spoiled_and_the_job_takes_another(
    station: FakeStation, tmp_path: Path
) -> None:
    station.devices.cards[0].bad = True
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    first, second = station.attempts(job.id)
    assert (first.state, first.cause) == (AttemptState.SPOILED, "chip_readback")
    assert second.state is AttemptState.READY
    assert station.devices.cards[0].place == "reject_box"
    assert station.devices.cards[0].faces == []
    assert station.balances().totals[Account.SPOILED] == 1


def test_a_job_takes_no_more_blanks_than_the_policy_allows(station: FakeStation, tmp_path: Path) -> None:
    for card in station.devices.cards[:3]:
        card.bad = True
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert station.job(job.id).state is JobState.WAITING
    assert station.balances().totals[Account.SPOILED] == 3
    assert [question.name for question in station.questions()] == ["print_again"]


def test_chip_after_chip_that_fails_latches_the_lane_before_the_hopper_is_eaten(
    station: FakeStation, tmp_path: Path
) -> None:
    for card in station.devices.cards:
        card.bad = True
    station.add(records(tmp_path / "records", 4))
    with pytest.raises(LaneLatched):
        station.worker().run_batch()
    assert station.balances().totals[Account.SPOILED] == 4
    with pytest.raises(LaneLatched):
        station.worker().run_batch()


def test_a_jam_in_the_print_station_spoils_the_card_and_asks_before_a_second_one(
    station: FakeStation, tmp_path: Path
) -> None:
    station.devices.arm("print", station.devices.jam_while_printing)
    station.devices.on_clear = lambda: _free_the_card(station.devices)
    jobs = station.add(records(tmp_path / "records", 2))
    station.worker().run_batch()
    (attempt,) = station.attempts(jobs[0].id)
    jammed = station.devices.cards[0]
    assert (attempt.state, attempt.cause) == (AttemptState.SPOILED, "print_jam")
    assert jammed.place == "reject_box"
    assert jammed.state is ChipState.TERMINATED
    assert station.job(jobs[0].id).state is JobState.WAITING
    assert station.job(jobs[1].id).state is JobState.READY
    (question,) = station.questions()
    station.answering.answer(question.sequence, "print_again", "Siti", "the holder waits")
    station.worker().run_batch()
    assert station.job(jobs[0].id).state is JobState.READY
    assert len(station.attempts(jobs[0].id)) == 2


def test_a_jobs_answer_give_up_frees_the_person_for_a_later_card(
    station: FakeStation, tmp_path: Path
) -> None:
    station.devices.arm("print", station.devices.jam_while_printing)
    station.devices.on_clear = lambda: _free_the_card(station.devices)
    (folder,) = records(tmp_path / "records", 1)
    (job,) = station.add([folder])
    station.worker().run_batch()
    (question,) = station.questions()
    station.answering.answer(question.sequence, "give_up", "Siti", "the record is being corrected")
    assert station.job(job.id).state is JobState.GIVEN_UP
    assert station.add([folder])[0].state is JobState.QUEUED


def test_a_silent_printer_that_has_printed_gets_no_second_print(station: FakeStation, tmp_path: Path) -> None:
    def printed_but_silent() -> None:
        card = station.devices.inside
        assert card is not None
        card.faces.append("printed")
        station.devices.panels_printed += 5
        station.devices.leave("tray")
        raise OutcomeUnknown("PRINTER_SILENT", operation="print")

    station.devices.arm("print", printed_but_silent)
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert station.job(job.id).state is JobState.READY
    assert station.devices.cards[0].faces == ["printed"]


def test_a_print_that_did_not_begin_is_begun_again_on_the_same_card(
    station: FakeStation, tmp_path: Path
) -> None:
    station.devices.arm("print", raising(OutcomeUnknown("PRINTER_SILENT", operation="print")))
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert len(station.attempts(job.id)) == 1
    assert len(station.devices.cards[0].faces) == 1


@pytest.mark.parametrize(
    ("verdict", "state"), [("printed_good", JobState.READY), ("spoiled", JobState.WAITING)]
)
def test_a_card_that_left_its_path_is_a_question_and_the_lane_waits(
    station: FakeStation, tmp_path: Path, verdict: str, state: JobState
) -> None:
    def pulled_out_half_printed() -> None:
        station.devices.panels_printed += 3
        station.devices.leave("hand")
        raise DeviceFault("PRINTER_REFUSED", operation="print", reply="ERR MECHANICAL")

    station.devices.arm("print", pulled_out_half_printed)
    jobs = station.add(records(tmp_path / "records", 2))
    station.worker().run_batch()
    assert station.job(jobs[1].id).state is JobState.QUEUED
    (question,) = station.questions()
    assert question.name == "print_unknown"
    station.answering.answer(question.sequence, verdict, "Siti", "I looked at it")
    station.worker().run_batch()
    assert station.job(jobs[0].id).state is state
    assert station.job(jobs[1].id).state is JobState.READY
    assert station.balances().difference == 0


def test_a_reader_that_is_away_costs_no_blank(station: FakeStation, tmp_path: Path) -> None:
    for _ in range(20):
        station.devices.arm("look", raising(DeviceAbsent("READER_ABSENT", reader="fake")))
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert station.job(job.id).state is JobState.READY
    assert station.balances().totals[Account.SPOILED] == 0
    with station.database.reading() as transaction:
        assert status(transaction, LANE).state is LaneState.READY


def test_another_card_at_the_station_latches_the_lane_and_writes_nothing_on_it(
    station: FakeStation, tmp_path: Path
) -> None:
    def swapped() -> None:
        raise WrongCard("WRONG_CARD", expected="a", found="b")

    station.devices.arm("write", swapped)
    station.add(records(tmp_path / "records", 1))
    with pytest.raises(LaneLatched):
        station.worker().run_batch()
    with station.database.reading() as transaction:
        latched = status(transaction, LANE)
    assert latched.state is LaneState.BROKEN
    assert "WRONG_CARD" in (latched.cause or "")


def test_an_undefined_exception_latches_and_keeps_the_first_cause(
    station: FakeStation, tmp_path: Path
) -> None:
    def boom() -> None:
        raise ZeroDivisionError("in the middle")

    station.devices.arm("write", boom)
    (job,) = station.add(records(tmp_path / "records", 1))
    with pytest.raises(LaneLatched):
        station.worker().run_batch()
    with pytest.raises(LaneLatched):
        station.worker().run_batch()
    with station.database.transaction() as transaction:
        assert "ZeroDivisionError" in (status(transaction, LANE).cause or "")
        clear(transaction, station.clock, station.journal, Place(lane=LANE), "Siti", "restarted")
    station.worker().run_batch()
    assert station.job(job.id).state is JobState.READY
    assert len(station.attempts(job.id)) == 1


def test_a_card_taken_out_of_the_printer_is_a_question(station: FakeStation, tmp_path: Path) -> None:
    def boom() -> None:
        raise ZeroDivisionError

    station.devices.arm("activate", boom)
    (job,) = station.add(records(tmp_path / "records", 1))
    with pytest.raises(LaneLatched):
        station.worker().run_batch()
    station.devices.leave("hand")
    with station.database.transaction() as transaction:
        clear(transaction, station.clock, station.journal, Place(lane=LANE), "Siti", "took it out")
    station.worker().run_batch()
    assert station.attempts(job.id)[0].state is AttemptState.SPOILED
    assert station.balances().difference == 0


def test_a_known_card_from_the_hopper_goes_to_the_reject_box_and_costs_no_blank(
    station: FakeStation, tmp_path: Path
) -> None:
    jobs = station.add(records(tmp_path / "records", 2))
    station.worker().run_batch(limit=1)
    known = station.devices.cards[0]
    station.devices.hopper.appendleft(known)
    station.worker().run_batch()
    assert known.place == "reject_box"
    assert len(known.faces) == 1
    assert station.job(jobs[1].id).state is JobState.READY
    assert station.balances().totals[Account.ISSUED] == 2
    assert station.balances().totals[Account.SPOILED] == 0


def test_a_foreign_card_is_never_written(station: FakeStation, tmp_path: Path) -> None:
    station.devices.cards[0].state = ChipState.ACTIVATED
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert station.devices.cards[0].content is None
    assert station.attempts(job.id)[0].cause == "foreign_card"


def test_a_chip_that_does_not_say_whether_it_locked_is_read_again(
    station: FakeStation, tmp_path: Path
) -> None:
    def locked_but_silent() -> None:
        card = station.devices.inside
        assert card is not None
        card.state = ChipState.ACTIVATED
        raise OutcomeUnknown("CHIP_SILENT", operation="activate")

    station.devices.arm("activate", locked_but_silent)
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert len(station.attempts(job.id)) == 1
    assert station.job(job.id).state is JobState.READY


Change = Callable[[Path], None]


def _remove_photo(folder: Path) -> None:
    (folder / "photo.jpg").unlink()


def _change_status(folder: Path) -> None:
    file = folder / "record.json"
    file.write_text(file.read_text().replace("PRINT_READY_RECORD", "SENT_FOR_ENROLLMENT"))


@pytest.mark.parametrize("change", [_remove_photo, _change_status])
def test_a_record_that_changed_after_it_was_added_is_refused_before_a_blank_moves(
    station: FakeStation, tmp_path: Path, change: Change
) -> None:
    (folder,) = records(tmp_path / "records", 1)
    (job,) = station.add([folder])
    change(folder)
    station.worker().run_batch()
    assert station.job(job.id).state is JobState.REFUSED
    assert station.devices.cards_inserted == 0


def test_answers_are_checked(station: FakeStation, tmp_path: Path) -> None:
    station.devices.arm("print", station.devices.jam_while_printing)
    station.devices.on_clear = lambda: _free_the_card(station.devices)
    station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    (question,) = station.questions()
    wrong = [
        (question.sequence + 50, "print_again", "Siti", "r", "QUESTION_UNKNOWN"),
        (question.sequence, "perhaps", "Siti", "r", "VERDICT_UNKNOWN"),
        (question.sequence, "print_again", "Nobody", "r", "STAFF_UNKNOWN"),
        (question.sequence, "print_again", "Siti", "  ", "REASON_MISSING"),
    ]
    for number, verdict, by, reason, code in wrong:
        with pytest.raises(Refused) as refused:
            station.answering.answer(number, verdict, by, reason)
        assert refused.value.code == code
    station.answering.answer(question.sequence, "print_again", "Siti", "again")
    with pytest.raises(Refused):
        station.answering.answer(question.sequence, "print_again", "Siti", "again")


def test_a_stuck_blank_is_spoiled_without_a_number(station: FakeStation, tmp_path: Path) -> None:
    def jam_while_loading() -> None:
        station.devices.inside = station.devices.hopper.popleft()
        station.devices.cards_inserted += 1
        station.devices.position = CardPosition.FEEDER
        raise DeviceFault("PRINTER_REFUSED", operation="feed", reply="ERR MECHANICAL")

    station.devices.arm("feed", jam_while_loading)
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    first, second = station.attempts(job.id)
    assert (first.cause, first.card) == ("load_jam", None)
    assert second.state is AttemptState.READY
    assert station.balances().difference == 0


def test_a_print_that_only_moved_the_card_brings_it_back_and_prints_it_once(
    station: FakeStation, tmp_path: Path
) -> None:
    def moved_but_not_printed() -> None:
        station.devices.position = CardPosition.PRINT
        raise OutcomeUnknown("PRINTER_SILENT", operation="print")

    for _ in range(2):
        station.devices.arm("print", moved_but_not_printed)
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert len(station.attempts(job.id)) == 1
    assert station.job(job.id).state is JobState.READY
    assert len(station.devices.cards[0].faces) == 1


def test_blanks_that_nobody_booked_are_not_taken(tmp_path: Path) -> None:
    station = FakeStation(tmp_path, FakeLane(3))
    station.prepare(1)
    first, second = station.add(records(tmp_path / "records", 2))

    def book_at_last() -> None:
        with station.database.reading() as transaction:
            waits = status(transaction, LANE).state is LaneState.ATTENTION
        if waits:
            assert station.devices.cards_inserted == 1
            _book_one(station)

    station.clock.on_sleep = book_at_last
    station.worker().run_batch()
    assert [station.job(job.id).state for job in (first, second)] == [JobState.READY] * 2
    assert station.balances().difference == 0
    station.close()


def _book_one(station: FakeStation) -> None:
    with station.database.transaction() as transaction:
        for move in (
            BlankMove(source=Account.RECEIVED, target=Account.STOCK),
            BlankMove(source=Account.STOCK, target=Account.IN_MACHINE, target_lane=LANE),
        ):
            book(transaction, station.journal, move)


def test_a_card_left_in_the_path_is_never_taken_for_a_blank(station: FakeStation, tmp_path: Path) -> None:
    """Found in mass simulation: a card in the exit held the next feed back, and a blank was written off."""
    devices = station.devices
    left = devices.cards[0]
    devices.hopper.remove(left)
    devices.inside, left.place, devices.position = left, "inside", CardPosition.EJECT
    with station.database.transaction() as transaction:
        book(
            transaction,
            station.journal,
            BlankMove(source=Account.IN_MACHINE, source_lane=LANE, target=Account.SPOILED, cause="missing"),
        )
    looks: list[LaneState] = []

    def somebody_takes_it_out() -> None:
        with station.database.reading() as transaction:
            looks.append(status(transaction, LANE).state)
        if len(looks) == 3:
            devices.leave("removed")

    station.clock.on_sleep = somebody_takes_it_out
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert looks[:3] == [LaneState.ATTENTION] * 3
    assert station.job(job.id).state is JobState.READY
    assert len(station.attempts(job.id)) == 1
    assert station.balances().totals[Account.SPOILED] == 1
    assert station.balances().totals[Account.IN_MACHINE] == len(devices.hopper)


@pytest.mark.parametrize("question", ["identify", "supplies"])
@pytest.mark.parametrize(
    "error",
    [
        DeviceAbsent("PRINTER_ABSENT", url="socket://127.0.0.1:9100"),
        OutcomeUnknown("PRINTER_SILENT", operation="read_supplies"),
    ],
)
@pytest.mark.parametrize("times", [1, 5])
def test_a_lost_answer_to_a_question_is_asked_for_again(
    station: FakeStation, tmp_path: Path, question: str, error: DeviceAbsent | OutcomeUnknown, times: int
) -> None:
    """A question uses nothing up: no lane is latched for it, and a printer that is away is waited for."""
    for _ in range(times):
        station.devices.arm(question, raising(error))
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert station.job(job.id).state is JobState.READY
    with station.database.reading() as transaction:
        assert status(transaction, LANE).state is LaneState.READY


# ---- a blank that is fed while the printer waits ----


def _swap_the_card(devices: FakeLane) -> None:
    """Somebody pulls the card out, and the printer takes the next blank in: fed by hand, or by itself."""
    devices.leave("hand")
    devices.feed_to_chip_station()


def _print_on_another(devices: FakeLane) -> None:
    _swap_the_card(devices)
    other = devices.inside
    assert other is not None
    other.faces.append("face")
    devices.panels_printed += PANELS
    devices.leave("tray")


def test_a_face_on_a_blank_that_was_fed_meanwhile_is_no_printed_card(
    station: FakeStation, tmp_path: Path
) -> None:
    """The panels add up and the path is empty; but the face is on a blank whose chip is empty."""
    station.devices.arm("print", lambda: _print_on_another(station.devices))
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert station.job(job.id).state is JobState.WAITING
    (question,) = station.questions()
    assert question.name == "print_unknown"
    station.answering.answer(question.sequence, "spoiled", "Siti", "the face is on an empty chip")
    station.worker().run_batch()
    bound, other = station.devices.cards[:2]
    assert station.attempts(job.id)[0].card == bound.uid.hex()
    assert bound.faces == []
    assert other.faces == ["face"]
    assert station.balances().totals[Account.ISSUED] == 0


def test_nothing_is_printed_on_a_blank_that_was_fed_meanwhile(station: FakeStation, tmp_path: Path) -> None:
    """No panel was used and a card is inside: it is another one, and printing again would use it up."""
    station.devices.arm("print", lambda: _swap_the_card(station.devices))
    (job,) = station.add(records(tmp_path / "records", 1))
    station.worker().run_batch()
    assert [question.name for question in station.questions()] == ["print_unknown"]
    assert station.job(job.id).state is JobState.WAITING
    station.answering.answer(station.questions()[0].sequence, "spoiled", "Siti", "pulled out by hand")
    with pytest.raises(LaneLatched, match="WRONG_CARD"):
        station.worker().run_batch()  # another card than the bound one is inside: a person must look
    bound, other = station.devices.cards[:2]
    assert (bound.faces, other.faces) == ([], [])
    assert other.state is ChipState.BLANK
