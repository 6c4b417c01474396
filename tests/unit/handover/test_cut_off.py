"""The power fails between intent and outcome: the card on the reader is a proof, else a person is asked."""

import pytest

from station.errors import ExitStatus
from station.journal import RowKind
from station.letters.rows import LetterState
from tests.fakes.counter import BAD, GOOD
from tests.unit.handover.handover_desk import HandoverDesk
from tests.unit.ledger.ledger_counter import OPERATOR, SUPERVISOR


class Killed(BaseException):
    """The station dies here."""


def cut(desk: HandoverDesk, job: int = 1) -> None:
    """Begin a handover and die at its first touch."""

    def die() -> None:
        raise Killed

    desk.reader.lay(desk.card(job))
    desk.scanner.hook = die
    with pytest.raises(Killed):
        desk.start(presses=(GOOD,))
    desk.scanner.hook = lambda: None
    assert [check.outcome for check in desk.checks(job)] == [None]


def ask(desk: HandoverDesk, job: int = 1) -> int:
    """Cut a handover off, come back without the card; the question that is asked."""
    cut(desk, job)
    said = desk.start("--job", str(job), "--from-record")
    assert said.status == ExitStatus.WAITS_FOR_PERSON, said
    assert said.error()["code"] == "HANDOVER_CUT_OFF"
    (question,) = desk.questions()
    assert (question.name, question.job) == ("handover_unknown", job)
    return question.sequence


def answer(desk: HandoverDesk, question: int, verdict: str, by: str) -> str:
    words = ("questions", "answer", str(question), "--verdict", verdict, "--by", by, "--reason", "looked")
    said = desk.run(*words, "--json")
    return "" if said.status == ExitStatus.DONE else str(said.error()["code"])


def test_the_card_on_the_reader_proves_that_it_has_not_left(desk: HandoverDesk) -> None:
    cut(desk)
    assert desk.start().status == ExitStatus.DONE
    assert [check.conclusion for check in desk.checks(1)] == ["card_here", "matched"]
    assert desk.questions() == []
    assert desk.faults() == []


def test_without_that_proof_nothing_is_handed_over_before_somebody_has_looked(desk: HandoverDesk) -> None:
    desk.give_letter(1)
    question = ask(desk)
    assert desk.job(1).state == "ready"
    assert desk.start("--job", "1", "--from-record").status == ExitStatus.WAITS_FOR_PERSON
    assert len(desk.questions()) == 1
    assert desk.letter_state() == (LetterState.ISSUED, None)
    assert answer(desk, question, "still_here", OPERATOR) == ""
    assert desk.job(1).state == "ready"
    assert desk.start("--job", "1", "--from-record").status == ExitStatus.DONE
    assert [check.conclusion for check in desk.checks(1)] == ["card_here", "matched"]
    assert desk.faults() == []


def test_the_card_that_turns_up_on_the_reader_answers_the_question(desk: HandoverDesk) -> None:
    ask(desk)
    desk.reader.lay(desk.card(1))
    assert desk.start().status == ExitStatus.DONE
    assert desk.questions() == []
    (row,) = [row for row in desk.rows(1) if row.kind is RowKind.ANSWER]
    assert row.signed_by == OPERATOR
    assert desk.faults() == []


def test_only_a_supervisor_says_that_the_holder_has_it(desk: HandoverDesk) -> None:
    desk.give_letter(1)
    question = ask(desk)
    assert answer(desk, question, "given", OPERATOR) == "SUPERVISOR_NEEDED"
    assert answer(desk, question, "given", SUPERVISOR) == ""
    assert [check.conclusion for check in desk.checks(1)] == ["given"]
    assert desk.letter_state() == (LetterState.WITHDRAWN, "card_handed_over")
    assert desk.messages("card_handed_over") == 1
    desk.reader.lay(desk.card(1))
    assert desk.start().error()["code"] == "HANDOVER_DONE_ALREADY"
    assert desk.faults() == []


def test_a_card_that_is_lost_is_never_handed_over(desk: HandoverDesk) -> None:
    question = ask(desk)
    assert answer(desk, question, "card_lost", OPERATOR) == ""
    assert [(check.outcome, check.conclusion) for check in desk.checks(1)] == [("UNKNOWN", "missing")]
    assert desk.start("--job", "1", "--from-record").status == ExitStatus.WAITS_FOR_PERSON
    assert desk.questions() == []
    assert desk.faults() == []


def test_answers_that_cannot_be_are_refused(desk: HandoverDesk) -> None:
    question = ask(desk)
    assert answer(desk, question, "printed_good", OPERATOR) == "VERDICT_UNKNOWN"
    assert answer(desk, question, "still_here", "Nobody") == "STAFF_UNKNOWN"
    assert answer(desk, question + 1, "still_here", OPERATOR) == "QUESTION_UNKNOWN"
    listed = desk.run("questions", "list")
    assert listed.status == ExitStatus.DONE
    assert desk.card(1) in listed.words


def test_a_failed_check_that_was_cut_off_opens_no_exception(desk: HandoverDesk) -> None:
    cut(desk)
    code = desk.exempt(1, "--reason", "worn_finger").error()["code"]
    assert code == "HANDOVER_CUT_OFF"
    assert desk.start(presses=(BAD,) * 6).status == ExitStatus.REFUSED
    assert desk.exempt(1, "--reason", "worn_finger").status == ExitStatus.DONE


def test_two_handovers_at_once_are_refused(desk: HandoverDesk) -> None:
    from station.service.handing_over import TURN
    from station.service.lock import StationLock

    desk.reader.lay(desk.card(1))
    with StationLock(desk.folder / TURN):
        assert desk.start().error()["code"] == "HANDOVER_BUSY"
    assert desk.checks(1) == []
