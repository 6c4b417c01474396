"""`station handover …` as an operator gives it, and what the journal and the books say afterwards."""

import json
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from station.cards.store import set_folder
from station.errors import DeviceAbsent, DeviceFault, ExitStatus, OutcomeUnknown
from station.fingers.minutiae import Finger
from station.fingers.record import read_record
from station.handover.rows import BeforeHandover, CardHandedOver, HandoverReport
from station.journal import Outcome, RowKind
from station.letters.rows import LetterState
from station.ports import ChipState
from tests.fakes.counter import BAD, GOOD, THRESHOLD, holder_of
from tests.unit.handover.handover_desk import LETTER, HandoverDesk
from tests.unit.ledger.ledger_counter import OPERATOR, SECOND, SUPERVISOR

ABSENT = DeviceFault("FINGER_ABSENT")
TORN = OutcomeUnknown("FINGER_TORN")
SIX_BAD = (BAD,) * 6


def outcome_of(desk: HandoverDesk, job: int = 1) -> tuple[str | None, str | None]:
    last = desk.checks(job)[-1]
    return last.outcome, last.conclusion


# ---- match ----


def test_a_matching_finger_hands_the_card_over_and_takes_the_letter_back(desk: HandoverDesk) -> None:
    desk.give_letter(1)
    desk.reader.lay(desk.card(1))
    said = desk.start("--old-card", "ktp_el", presses=(BAD, GOOD))
    assert said.status == ExitStatus.DONE, said
    found = said.fields()
    assert (found["outcome"], found["conclusion"], found["source"]) == ("DONE", "matched", "chip")
    assert (found["score"], found["touches"], found["letter"]) == (GOOD, 2, LETTER)
    assert desk.letter_state() == (LetterState.WITHDRAWN, "card_handed_over")
    assert desk.messages("card_handed_over") == 1
    assert desk.faults() == []
    assert desk.scanner.closed == 1


def test_the_journal_tells_all_of_it_and_nothing_of_the_finger(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    assert desk.start(presses=(BAD, GOOD)).status == ExitStatus.DONE
    intent, outcome = desk.named("handover")
    assert (intent.kind, outcome.kind, outcome.outcome) == (RowKind.INTENT, RowKind.OUTCOME, Outcome.DONE)
    assert intent.signed_by == outcome.signed_by == OPERATOR
    before = BeforeHandover.model_validate_json(intent.payload)
    assert (before.card, before.threshold, before.chip) == (desk.card(1), THRESHOLD, "")
    report = HandoverReport.model_validate_json(outcome.payload)
    assert [touch.score for touch in report.touches] == [BAD, GOOD]
    (given,) = desk.named("card_handed_over")
    told = CardHandedOver.model_validate_json(given.payload)
    assert (told.check, told.finger, told.quality) == (intent.sequence, before.fingers[0], 61)
    content = desk.devices.cards[0].content
    assert content is not None
    rows = " ".join(row.payload for row in desk.rows(1))
    assert content.nik not in rows
    assert content.fingers[0].hex() not in rows


def test_each_finger_meets_its_own_minutiae_of_the_chip(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    assert desk.start(presses=(BAD, BAD, BAD, GOOD)).status == ExitStatus.DONE
    content = desk.devices.cards[0].content
    assert content is not None
    views = [read_record(file).views[0] for file in content.fingers]
    assert desk.scanner.asked == [Finger(views[0].finger)] * 3 + [Finger(views[1].finger)]
    lengths = [len(reference) for reference in desk.comparer.compared_with]
    assert lengths == [len(views[0].minutiae)] * 3 + [len(views[1].minutiae)]


def test_a_card_is_handed_over_once(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    assert desk.start().status == ExitStatus.DONE
    again = desk.start()
    assert again.status == ExitStatus.REFUSED
    assert again.error()["code"] == "HANDOVER_DONE_ALREADY"
    assert len(desk.checks(1)) == 1


def test_the_database_itself_refuses_a_second_handover(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    assert desk.start().status == ExitStatus.DONE
    intent = desk.named("handover")[0]
    with sqlite3.connect(desk.database.file) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="not begun again"):
            connection.execute(
                "INSERT INTO journal SELECT (SELECT max(sequence) + 1 FROM journal), at, kind, name, lane,"
                " job, attempt, intent, question, outcome, person, signed_by, payload,"
                " (SELECT hash FROM journal ORDER BY sequence DESC LIMIT 1), 'x'"
                " FROM journal WHERE sequence = ?",
                (intent.sequence,),
            )
        with pytest.raises(sqlite3.IntegrityError, match="not handed over again"):
            connection.execute(
                "INSERT INTO handovers (journal, attempt, job, card, source, begun_by, touches)"
                " SELECT journal + 1, attempt, job, card, source, begun_by, 0 FROM handovers"
            )
        with pytest.raises(sqlite3.IntegrityError, match="ends once"):
            connection.execute("UPDATE handovers SET outcome = 'NOT_DONE'")
        with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
            connection.execute("DELETE FROM handovers")


def test_words_on_the_screen_are_for_the_operator(desk: HandoverDesk) -> None:
    desk.give_letter(1)
    desk.reader.lay(desk.card(1))
    desk.scanner.presses = [BAD, GOOD]
    said = desk.run("handover", "start", "--by", OPERATOR)
    assert said.status == ExitStatus.DONE, said
    assert LETTER in said.words
    assert desk.card(1) in said.words
    assert "{" not in said.words
    assert "Traceback" not in said.complaints


# ---- no match ----


def test_a_strangers_finger_leaves_everything_as_it_is(desk: HandoverDesk) -> None:
    desk.give_letter(1)
    desk.reader.lay(desk.card(1))
    said = desk.start(presses=SIX_BAD)
    assert said.status == ExitStatus.REFUSED
    assert said.error()["code"] == "HANDOVER_NO_MATCH"
    assert outcome_of(desk) == ("NOT_DONE", "no_match")
    assert desk.checks(1)[0].touches == 6
    assert desk.letter_state() == (LetterState.ISSUED, None)
    assert desk.messages("card_handed_over") == 0
    assert desk.named("card_handed_over") == []
    assert desk.faults() == []


def test_just_below_the_threshold_is_no_match(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    below = (THRESHOLD - 0.0001,) * 6
    assert desk.start(presses=below).error()["code"] == "HANDOVER_NO_MATCH"
    assert desk.start(presses=(THRESHOLD,)).status == ExitStatus.DONE


def test_after_a_failed_check_another_may_succeed(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    assert desk.start(presses=SIX_BAD).status == ExitStatus.REFUSED
    assert desk.start().status == ExitStatus.DONE
    assert [check.conclusion for check in desk.checks(1)] == ["no_match", "matched"]
    assert desk.faults() == []


def test_no_finger_at_all_is_no_picture(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    said = desk.start(presses=(ABSENT,) * 6)
    assert said.error()["code"] == "HANDOVER_NO_PICTURE"
    assert outcome_of(desk) == ("NOT_DONE", "no_picture")


# ---- the card on the reader ----


def test_the_card_of_another_is_refused_and_explained(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(2))
    said = desk.run("handover", "start", "--job", "1", "--by", OPERATOR)
    assert said.status == ExitStatus.REFUSED
    assert "[HANDOVER_WRONG_CARD]" in said.complaints
    assert "{" not in said.complaints
    assert desk.checks(1) == []
    assert desk.scanner.asked == []


def test_a_chip_that_names_another_person_is_refused(desk: HandoverDesk) -> None:
    first, second = (holder_of(card) for card in desk.devices.cards[:2])
    desk.reader.told = replace(second, card=first.card)
    said = desk.run("handover", "start", "--by", OPERATOR)
    assert "[HANDOVER_CHIP_OF_ANOTHER]" in said.complaints
    assert "{" not in said.complaints
    assert desk.checks(1) == []


@pytest.mark.parametrize(
    ("state", "signed", "code"),
    [
        (ChipState.TERMINATED, None, "HANDOVER_CHIP_NOT_LOCKED"),
        (ChipState.CREATION, None, "HANDOVER_CHIP_NOT_LOCKED"),
        (ChipState.ACTIVATED, False, "HANDOVER_CHIP_UNSIGNED"),
    ],
)
def test_a_chip_that_is_not_as_it_must_be_stays(
    desk: HandoverDesk, state: ChipState, signed: bool | None, code: str
) -> None:
    desk.reader.told = replace(holder_of(desk.devices.cards[0]), state=state, signature_valid=signed)
    assert desk.start().error()["code"] == code
    assert desk.checks(1) == []


def test_no_card_on_the_reader_is_said(desk: HandoverDesk) -> None:
    said = desk.start("--job", "1")
    assert said.error()["code"] == "CARD_NOT_AT_READER"
    assert desk.checks(1) == []


# ---- record, not chip ----


def test_where_the_chip_cannot_be_read_the_record_is_compared_and_it_is_said(desk: HandoverDesk) -> None:
    """A KTP-el without a SAM: its number is told, its files are not."""
    holder = holder_of(desk.devices.cards[0])
    desk.reader.told = replace(
        holder, state=ChipState.FOREIGN, nik=None, issue=None, signature_valid=None, fingers=()
    )
    said = desk.start()
    assert said.status == ExitStatus.DONE, said
    assert said.fields()["source"] == "record"
    before = BeforeHandover.model_validate_json(desk.named("handover")[0].payload)
    assert (before.source, before.chip) == ("record", "foreign")
    assert desk.checks(1)[0].source == "record"
    assert desk.faults() == []


def test_without_a_reader_the_record_must_be_asked_for(desk: HandoverDesk) -> None:
    said = desk.start("--job", "1", "--from-record")
    assert said.status == ExitStatus.DONE, said
    assert desk.reader.reads == 0
    before = BeforeHandover.model_validate_json(desk.named("handover")[0].payload)
    assert (before.source, before.chip) == ("record", "not_asked")


def test_a_record_that_was_changed_is_not_compared(desk: HandoverDesk) -> None:
    folder = next((desk.office_folder / "people").iterdir())
    with desk.database.transaction() as transaction:
        set_folder(transaction, 1, str(folder))
        set_folder(transaction, 2, str(folder))
    codes = {desk.start("--job", job, "--from-record").status for job in ("1", "2")}
    assert codes == {ExitStatus.DONE, ExitStatus.REFUSED}


# ---- torn pictures, a scanner that fails ----


def test_a_torn_picture_is_taken_again_and_is_no_touch(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    said = desk.start(presses=(TORN, BAD, TORN, TORN, GOOD))
    assert said.status == ExitStatus.DONE, said
    assert said.fields()["touches"] == 2
    report = HandoverReport.model_validate_json(desk.named("handover")[1].payload)
    assert [touch.torn for touch in report.touches] == [True, False, True, True, False]


def test_picture_after_picture_torn_ends_the_check(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    said = desk.start(presses=(TORN, TORN, TORN))
    assert said.error()["code"] == "HANDOVER_STOPPED"
    assert outcome_of(desk) == ("NOT_DONE", "stopped")
    report = HandoverReport.model_validate_json(desk.named("handover")[1].payload)
    assert report.error == "FINGER_TORN"
    assert desk.exempt(1, "--reason", "worn_finger").error()["code"] == "HANDOVER_CHECK_FIRST"


def test_a_scanner_that_is_pulled_out_ends_the_check(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    said = desk.start(presses=(BAD, DeviceAbsent("SCANNER_ABSENT")))
    assert said.error()["code"] == "HANDOVER_STOPPED"
    assert outcome_of(desk) == ("NOT_DONE", "stopped")
    assert desk.scanner.closed == 1


def test_ctrl_c_ends_the_check_as_stopped(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))

    def interrupt() -> None:
        raise KeyboardInterrupt

    desk.scanner.hook = interrupt
    assert desk.start().error()["code"] == "HANDOVER_STOPPED"
    assert outcome_of(desk) == ("NOT_DONE", "stopped")


# ---- two people decide ----


def test_two_people_may_decide_after_three_failed_touches(desk: HandoverDesk) -> None:
    desk.give_letter(1)
    desk.reader.lay(desk.card(1))
    assert desk.start(presses=SIX_BAD).status == ExitStatus.REFUSED
    said = desk.exempt(1, "--reason", "worn_finger", "--old-card", "old_ktp")
    assert said.status == ExitStatus.DONE, said
    failed, given = desk.checks(1)
    assert (given.conclusion, given.reason, given.second_signer) == ("exception", "worn_finger", SUPERVISOR)
    assert given.failed_check == failed.journal
    assert given.score is None
    assert desk.letter_state() == (LetterState.WITHDRAWN, "card_handed_over")
    (row,) = desk.named("card_handed_over")
    assert (row.signed_by, json.loads(row.payload)["second"]) == (OPERATOR, SUPERVISOR)
    assert desk.messages("card_handed_over") == 1
    assert desk.faults() == []


def test_without_a_failed_check_nobody_may_decide(desk: HandoverDesk) -> None:
    assert desk.exempt(1, "--reason", "worn_finger").error()["code"] == "HANDOVER_CHECK_FIRST"


def test_one_person_or_two_operators_are_not_enough(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    assert desk.start(presses=SIX_BAD).status == ExitStatus.REFUSED
    worn = ("--reason", "worn_finger")
    assert desk.exempt(1, *worn, by=(OPERATOR, SECOND)).error()["code"] == "SUPERVISOR_NEEDED"
    assert desk.exempt(1, *worn, by=(SUPERVISOR,)).error()["code"] == "SIGNATURES_NEEDED"
    wrong = [w for name in (OPERATOR, SUPERVISOR) for w in ("--sign", name)]
    asked = ("handover", "exempt", "--job", "1", *worn, *wrong, "--json")
    assert desk.give(*asked, pins=["000000", "000000"]).error()["code"] == "PIN_WRONG"
    assert outcome_of(desk) == ("NOT_DONE", "no_match")


def test_another_reason_needs_a_note_without_a_nik(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    assert desk.start(presses=SIX_BAD).status == ExitStatus.REFUSED
    other = ("--reason", "other_reason")
    assert desk.exempt(1, *other).error()["code"] == "REASON_MISSING"
    assert desk.exempt(1, *other, "--note", "3201010101010001").error()["code"] == "REASON_NAMES_NIK"
    assert desk.exempt(1, *other, "--note", "kulit terbakar").status == ExitStatus.DONE


def test_the_failed_check_must_be_of_the_same_day(
    desk: HandoverDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.reader.lay(desk.card(1))
    assert desk.start(presses=SIX_BAD).status == ExitStatus.REFUSED
    monkeypatch.setattr("station.handover.book.EXCEPTION_WITHIN", timedelta(seconds=-1))
    assert desk.exempt(1, "--reason", "worn_finger").error()["code"] == "HANDOVER_CHECK_FIRST"


# ---- finding ----


def test_a_person_is_found_by_nik_letter_and_card(desk: HandoverDesk) -> None:
    desk.give_letter(1)
    content = desk.devices.cards[0].content
    assert content is not None
    ways = [("--nik", content.nik), ("--letter", LETTER), ()]
    desk.reader.lay(desk.card(1))
    for way in ways:
        found = desk.run("handover", "find", *way, "--json").document()
        assert isinstance(found, list)
        assert [one["job"] for one in found] == [1]
        assert found[0]["letter"] == LETTER
    assert desk.start("--nik", content.nik).status == ExitStatus.DONE


def test_nobody_and_an_unknown_card_are_told_apart(desk: HandoverDesk) -> None:
    nobody = desk.run("handover", "find", "--nik", "3201010101019999", "--json")
    assert nobody.error()["code"] == "HANDOVER_NO_CARD"
    desk.reader.told = replace(holder_of(desk.devices.cards[0]), card="80040000000000ff")
    assert desk.start().error()["code"] == "HANDOVER_CARD_UNKNOWN"
    assert desk.run("handover", "find", "--nik", "12", "--json").error()["code"] == "NIK_MALFORMED"


def test_a_job_without_a_card_is_refused(desk: HandoverDesk) -> None:
    assert desk.start("--job", "99", "--from-record").error()["code"] == "HANDOVER_CARD_NOT_READY"


def test_lists_show_what_waits_and_what_is_gone(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    assert desk.start("--old-card", "ktp_el", "--old-card", "old_ktp").status == ExitStatus.DONE
    listed = desk.run("handover", "list", "--json").fields()
    assert (listed["count"], listed["old_cards"]) == (1, {"ktp_el": 1, "old_ktp": 1})
    done = desk.run("handover", "list", "--done", "--json").fields()["checks"]
    assert isinstance(done, list)
    assert [one["conclusion"] for one in done] == ["matched"]
    shown = desk.run("handover", "show", "1")
    assert shown.status == ExitStatus.DONE
    assert "{" not in shown.words
    later = desk.run("handover", "old-card", "--job", "1", "--kind", "other_office", "--by", OPERATOR)
    assert later.status == ExitStatus.DONE
    too_early = desk.run("handover", "old-card", "--job", "2", "--kind", "ktp_el", "--by", OPERATOR, "--json")
    assert too_early.error()["code"] == "HANDOVER_NOT_DONE"
    assert desk.faults() == []


# ---- receipt ----


def test_the_receipt_is_written_with_the_handover_and_again(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    first, again = desk.office_folder / "first.pdf", desk.office_folder / "again.pdf"
    assert desk.start("--out", str(first)).status == ExitStatus.DONE
    said = desk.run("handover", "receipt", "1", "--by", OPERATOR, "--out", str(again))
    assert said.status == ExitStatus.DONE, said
    assert first.read_bytes() == again.read_bytes()
    assert first.read_bytes().startswith(b"%PDF-")
    assert len(desk.named("handover_receipt_made")) == 2
    free = str(desk.office_folder / "free.pdf")
    early = desk.run("handover", "receipt", "2", "--by", OPERATOR, "--out", free, "--json")
    assert early.error()["code"] == "HANDOVER_NOT_DONE"


def test_a_file_that_is_there_stops_the_handover_before_it_begins(desk: HandoverDesk) -> None:
    desk.reader.lay(desk.card(1))
    taken = desk.office_folder / "taken.pdf"
    taken.write_text("mine")
    assert desk.start("--out", str(taken)).error()["code"] == "FILE_EXISTS"
    assert desk.checks(1) == []
    assert taken.read_text() == "mine"
