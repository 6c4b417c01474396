"""Who gets a letter: every dated row with the facts of its day, and that it fails closed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from station.clock import timestamp
from station.errors import StationError
from station.letter_settings import LetterReason, PolicyAmendment, PrintReadyRule
from station.letters.deciding import LetterOrder
from station.letters.policy import LetterFacts, policy_on, read_policies, refusals
from station.outage import store as outages
from station.outage.facts import Answer, Observation, Situation, Source, Subject
from station.outage.letters import LetterPolicy, PrintReady
from station.vault import store as vault
from tests.fakes.letters import LOST, LetterStation
from tests.unit.vault.vault_station import Guest, guests

NORMAL = LetterPolicy(situation=Situation.NORMAL, print_ready=PrintReady.CARD_ONLY, needs_central_record=True)
STANDSTILL = LetterPolicy(
    situation=Situation.STANDSTILL, print_ready=PrintReady.LETTER_TOO, needs_central_record=False
)
WITHOUT_CARD = LetterFacts(
    reason=LetterReason.RECORDED_WITHOUT_CARD,
    status="RECEIVED_AT_CENTRAL",
    print_ready=False,
    known_at_centre=True,
    card_waits=False,
    has_card=False,
    blanks=0,
    outage=NORMAL,
    paper="a4",
)
READY = replace(WITHOUT_CARD, print_ready=True, status="PRINT_READY_RECORD")
NOTHING_ALLOWED = ["LETTERS_NOT_ALLOWED", "LETTER_REASON_NOT_ALLOWED", "LETTER_PAPER_NOT_ALLOWED"]
CARD_LOST = replace(
    WITHOUT_CARD, reason=LetterReason.LOST, status="PRINT_READY_RECORD", print_ready=True, has_card=True
)
ROWS = read_policies()


def codes(day: date, facts: LetterFacts, *own: PolicyAmendment) -> list[str]:
    return [fault.code for fault in refusals(policy_on(day, ROWS, own), facts, day)]


@pytest.mark.parametrize(
    ("day", "facts", "wanted"),
    [
        # Before any rule that is known, nothing is issued.
        (date(2012, 12, 12), WITHOUT_CARD, NOTHING_ALLOWED),
        (date(2012, 12, 13), WITHOUT_CARD, []),
        (date(2012, 12, 13), replace(WITHOUT_CARD, blanks=1), ["LETTER_BLANKS_LAST"]),
        # 471.13/10231: blanks are short, and what remains goes to who is print-ready.
        (date(2016, 9, 29), replace(WITHOUT_CARD, blanks=5000), []),
        (date(2016, 9, 29), replace(READY, blanks=5000), ["LETTER_CARD_INSTEAD"]),
        (date(2016, 9, 29), READY, []),
        (date(2016, 9, 29), replace(WITHOUT_CARD, paper="folio"), []),
        (date(2019, 12, 31), CARD_LOST, ["LETTER_REASON_NOT_ALLOWED"]),
        # 2020: who is print-ready gets the card; letters for lost, damaged, changed.
        (date(2020, 1, 1), WITHOUT_CARD, ["LETTER_REASON_NOT_ALLOWED"]),
        (date(2020, 1, 1), CARD_LOST, []),
        (date(2020, 1, 1), replace(CARD_LOST, blanks=1), ["LETTER_CARD_INSTEAD"]),
        (date(2020, 1, 1), replace(CARD_LOST, blanks=1, outage=STANDSTILL), []),
        (date(2020, 6, 30), replace(CARD_LOST, paper="folio"), []),
        (date(2020, 7, 1), replace(CARD_LOST, paper="folio"), ["LETTER_PAPER_NOT_ALLOWED"]),
        # November 2022: none while blanks last, whoever it is.
        (date(2022, 10, 31), replace(CARD_LOST, print_ready=False, blanks=1), []),
        (date(2022, 11, 1), replace(CARD_LOST, print_ready=False, blanks=1), ["LETTER_BLANKS_LAST"]),
        (date(2026, 11, 28), replace(CARD_LOST, blanks=1, outage=STANDSTILL), ["LETTER_BLANKS_LAST"]),
        (date(2026, 11, 28), CARD_LOST, []),
    ],
)
def test_the_rows_of_the_day_decide(day: date, facts: LetterFacts, wanted: list[str]) -> None:
    assert codes(day, facts) == wanted


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"status": "CARD_PRINTED_MAYBE"}, "STATUS_UNKNOWN"),
        ({"status": "UNREGISTERED"}, "LETTER_NOT_RECORDED"),
        ({"card_waits": True}, "LETTER_CARD_WAITS"),
        ({"known_at_centre": False}, "LETTER_CENTRE_KNOWS_NOT"),
    ],
)
def test_facts_that_no_row_opens(changed: dict[str, object], wanted: str) -> None:
    facts = LetterFacts(**{**CARD_LOST.__dict__, **changed})
    assert wanted in codes(date(2026, 11, 28), facts)


def test_who_has_the_card_has_not_been_recorded_without_one() -> None:
    facts = replace(WITHOUT_CARD, has_card=True)
    assert codes(date(2017, 3, 17), facts) == ["LETTER_CARD_HANDED_OVER"]


def test_while_the_centre_cannot_be_asked_nobody_must_be_known_to_it() -> None:
    facts = replace(WITHOUT_CARD, known_at_centre=False, outage=STANDSTILL)
    assert codes(date(2017, 3, 17), facts) == []
    strict = PolicyAmendment(
        valid_from=date(2017, 1, 1), source="Surat Dinas DKI, tanpa nomor", needs_central_record=True
    )
    assert codes(date(2017, 3, 17), facts, strict) == ["LETTER_CENTRE_KNOWS_NOT"]


def test_an_offices_row_counts_from_its_day_and_names_its_source() -> None:
    own = PolicyAmendment(valid_from=date(2027, 1, 4), source="SE 1/2027", allowed=False)
    assert codes(date(2027, 1, 3), CARD_LOST, own) == []
    (refused,) = refusals(policy_on(date(2027, 1, 4), ROWS, [own]), CARD_LOST, date(2027, 1, 4))
    assert (refused.code, refused.values["source"]) == ("LETTERS_NOT_ALLOWED", "SE 1/2027")


def test_an_offices_row_never_changes_what_a_later_rule_says() -> None:
    own = PolicyAmendment(valid_from=date(2022, 10, 1), source="SK", needs_blank_stock_out=False)
    facts = replace(CARD_LOST, print_ready=False, blanks=3)
    assert codes(date(2026, 11, 28), facts, own) == ["LETTER_BLANKS_LAST"]


def test_required_print_ready_refuses_the_others() -> None:
    own = PolicyAmendment(
        valid_from=date(2027, 1, 1), source="SE 2/2027", print_ready=PrintReadyRule.REQUIRED
    )
    facts = replace(CARD_LOST, print_ready=False)
    assert codes(date(2027, 1, 1), facts, own) == ["LETTER_NOT_PRINT_READY"]
    assert codes(date(2027, 1, 1), CARD_LOST, own) == []


def test_every_row_names_a_source_and_they_stand_in_order() -> None:
    assert all(row.source and row.evidence for row in ROWS)
    days = [row.valid_from for row in ROWS]
    assert days == sorted(days)


# ---- with a real station ----


def outcome(station: LetterStation, guest: Guest, order: LetterOrder = LOST) -> str:
    try:
        return station.issue(guest, order).state.value
    except StationError as error:
        return error.code


def test_blanks_in_the_ledger_refuse_a_letter(station: LetterStation, crowd: list[Guest]) -> None:
    station.stock(1)
    assert outcome(station, crowd[0]) == "LETTER_CARD_INSTEAD"
    assert station.letters() == []


def test_what_a_record_says_of_itself_is_not_known_at_the_centre(tmp_path: Path, crowd: list[Guest]) -> None:
    station = LetterStation(tmp_path / "own")
    station.hold(crowd[0], origin="recording_station:kaliwates")
    assert outcome(station, crowd[0]) == "LETTER_CENTRE_KNOWS_NOT"
    with station.database.transaction() as transaction:
        at = timestamp(station.clock.now())
        vault.set_centre_status(transaction, crowd[0].record, "RECEIVED_AT_CENTRAL", at)
    assert outcome(station, crowd[0]) == "issued"


def test_a_declared_outage_lets_the_office_issue_on_papers(tmp_path: Path, crowd: list[Guest]) -> None:
    station = LetterStation(tmp_path / "outage")
    station.hold(crowd[0], origin="recording_station:kaliwates")
    with station.database.transaction() as transaction:
        no = Observation(subject=Subject.RECEIVING, answer=Answer.NO, source=Source.PERSON, how="471.13/3256")
        outages.observe(transaction, station.journal, station.clock, no)
    assert outcome(station, crowd[0]) == "issued"


@pytest.mark.parametrize(
    ("status", "short"),
    [("SENT_FOR_ENROLLMENT", "SFE"), ("PRINT_READY_RECORD", "PRR"), ("ADJUDICATE_RECORD", "-")],
)
def test_the_corner_tells_the_status(tmp_path: Path, status: str, short: str) -> None:
    (guest,) = guests(tmp_path / "people", 1, status=status)
    station = LetterStation(tmp_path / "data")
    station.hold(guest)
    assert outcome(station, guest) == "issued"
    assert f'"status_code":"{short}"' in station.events("letter_number_taken")[0]


def test_the_rules_of_the_day_stand_in_the_journal(station: LetterStation, crowd: list[Guest]) -> None:
    outcome(station, crowd[0])
    (payload,) = station.events("letter_number_taken")
    assert all(row.source in payload for row in ROWS)
