"""`station cards show`: one Indonesian sentence for each way that a card may stand, with the last proof."""

import re
from pathlib import Path

import pytest

from station.cards import store
from station.cards.closing import close_untouched
from station.cards.questions import QuestionEvidence
from station.errors import ExitStatus
from station.journal.store import Place
from station.ports import CardPosition
from tests.fakes.devices import FakeLane
from tests.fakes.station import LANE, records
from tests.unit.station.office_desk import Desk, assert_explained

FIRST = "8004000000000001"


def _latch(desk: Desk) -> None:
    def boom() -> None:
        raise ZeroDivisionError

    desk.devices.arm("write", boom)


def _check(desk: Desk) -> None:
    desk.config.write_text(desk.config.read_text() + "\n[policy]\nquality_check_every = 1\n")


def _nothing(desk: Desk) -> None:
    return


def _bad_chip(desk: Desk) -> None:
    desk.devices.cards[0].bad = True


def _not_used(desk: Desk) -> None:
    """A card that was bound and then not used: no lane does this today, but the books know the word."""
    with desk.database.transaction() as transaction:
        job = store.find_job(transaction, 1)
        assert job is not None
        attempt = store.insert_attempt(transaction, 1, LANE)
        place = Place(LANE, 1, attempt.id, job.person)
        desk.journal.event(transaction, "card_bound", QuestionEvidence(card=FIRST), place)
        store.set_card(transaction, attempt.id, FIRST)
        close_untouched(transaction, desk.journal, job, attempt, "known_card")
    desk.devices.hopper.clear()


STATES = {
    "open": (_latch, "sedang"),
    "checking": (_check, "pemeriksaan"),
    "ready": (_nothing, "jadi"),
    "spoiled": (_bad_chip, "rusak"),
    "not_done": (_not_used, "tidak"),
}


@pytest.mark.parametrize("state", sorted(STATES))
def test_one_sentence_says_where_the_card_is(desk: Desk, tmp_path: Path, state: str) -> None:
    arrange, word = STATES[state]
    desk.add(records(tmp_path / "records", 1))
    arrange(desk)
    if state != "not_done":
        desk.run("jobs", "run")
    said = desk.run("cards", "show", FIRST)
    assert said.status == ExitStatus.DONE
    (sentence,) = said.words.splitlines()
    assert sentence.startswith("Kartu ")
    assert sentence.endswith(".")
    assert FIRST in sentence
    assert word in sentence.lower()
    assert LANE in sentence
    assert re.search(r"\d{1,2}[:.]\d{2}", sentence), "the last proof has a time"
    assert "{" not in sentence
    document = desk.run("cards", "show", FIRST, "--json").fields()
    assert (document["state"], document["sentence"]) == (state, sentence)
    assert document["proof"]


def test_the_number_is_found_however_it_is_written(desk: Desk, tmp_path: Path) -> None:
    desk.add(records(tmp_path / "records", 1))
    desk.run("jobs", "run")
    for written in (FIRST.upper(), f" {FIRST}"):
        assert desk.run("cards", "show", written).status == ExitStatus.DONE


def test_a_card_that_was_spoiled_is_accounted_for(desk: Desk, tmp_path: Path) -> None:
    _bad_chip(desk)
    desk.add(records(tmp_path / "records", 1))
    desk.run("jobs", "run")
    document = desk.run("cards", "show", FIRST, "--json").fields()
    assert (document["account"], document["cause"]) == ("spoiled", "chip_readback")
    again = desk.run("cards", "show", "8004000000000002", "--json").fields()
    assert (again["account"], again["state"], again["job"]) == ("issued", "ready", 1)


@pytest.mark.parametrize("uid", ["8004000000000099", "", "no number", "8004"])
def test_a_card_that_was_never_seen_is_refused(desk: Desk, uid: str) -> None:
    said = desk.run("cards", "show", uid)
    assert said.status == ExitStatus.REFUSED
    assert_explained(said.complaints, "CARD_UNKNOWN")


def test_a_card_in_the_making_is_proved_by_what_was_seen_last(desk: Desk, tmp_path: Path) -> None:
    desk.add(records(tmp_path / "records", 1))
    _latch(desk)
    desk.run("jobs", "run")
    proof = desk.run("cards", "show", FIRST, "--json").fields()["proof"]
    assert isinstance(proof, dict)
    assert proof["name"] == "card_bound"
    assert desk.devices.position is CardPosition.CHIP_STATION
    assert isinstance(desk.devices, FakeLane)
