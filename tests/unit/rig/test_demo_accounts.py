"""The demo's book-keeping: any number that differs is found and named."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.demo import plan
from simulators.demo.accounts import check_all
from simulators.demo.chips import ChipReading
from simulators.demo.documents import Attempt, Blanks, Card, Handover, Job, JournalLine, Question
from simulators.demo.evidence import Evidence
from simulators.demo.records import DemoRecord
from simulators.demo.summary import summary
from simulators.rig import CardView, PrinterView

Change = Callable[[Evidence], Evidence]
VERIFIED = JournalLine(row=1, kind="event", step="chip_verified", outcome=None)
RECORDS = [
    DemoRecord(Path(f"{number:04}"), f"record-{number}", f"{number:016}", status)
    for number in range(1, 13)
    for status in [plan.NOT_READY if number == plan.NOT_READY_RECORD else plan.PRINT_READY]
]


def uid(number: int) -> str:
    return f"04{number:012}"


def card(number: int, place: str, life_cycle: str, panels: tuple[str, ...]) -> CardView:
    front = {"times": 1 if panels else 0, "panels": panels}
    return CardView.model_validate(
        {"uid": uid(number), "place": place, "life_cycle": life_cycle, "prints": {"front": front}}
    )


def attempt(number: int, card_number: int, state: str, cause: str | None = None) -> Attempt:
    return Attempt(number=number, card="80" + uid(card_number), state=state, cause=cause)


def job(number: int) -> Job:
    """Job 4 takes a second blank (card 104), job 6 is refused, job 8 jams."""
    attempts = {
        4: (attempt(1, 4, "spoiled", "chip_readback"), attempt(2, 104, "ready")),
        6: (),
        8: (attempt(1, 8, "spoiled", "print_jam"),),
    }
    return Job(
        job=number,
        record=f"record-{number}",
        issue=1,
        state={6: "refused", 8: "waiting"}.get(number, "ready"),
        attempts=attempts.get(number, (attempt(1, number, "ready"),)),
        journal=() if number == 6 else (VERIFIED,),
    )


def good_evidence() -> Evidence:
    ready = [1, 2, 3, 104, 5, 7, 9, 10, 11, 12]
    cards = [card(number, "tray", "activated", plan.PANELS) for number in ready]
    cards += [card(4, "reject_box", "creation", ()), card(8, "reject_box", "terminated", ("y", "m"))]
    cards += [card(number, "hopper", "blank", ()) for number in range(200, 208)]
    truth = PrinterView.model_validate(
        {
            "model": "Primacy 2", "serial": "SIM", "panels_printed": 52, "cards_inserted": 12,
            "cards_made": 20, "hopper_count": 8, "tray": 10, "reject_box": 2, "inside": None,
            "place": None, "stuck": False, "device_seconds": 200.0,
            "cover_open": False, "powered": True, "feeder_empty": False, "faults": [],
            "cards": cards, "ribbon": {"kind": "YMCKO", "sets_left": 189, "broken": False},
        }
    )  # fmt: skip
    chips = {}
    for number in [*ready, 8]:
        holder = 4 if number == 104 else number
        chips["80" + uid(number)] = ChipReading("80" + uid(number), True, True, f"{holder:016}", 1)
    chips["80" + uid(4)] = ChipReading("80" + uid(4), False, True, f"{4:016}", 1)
    spoiled = tuple(
        Card(card="80" + uid(n), state="spoiled", job=n, cause="x", account="spoiled", sentence="")
        for n in (4, 8)
    )
    return Evidence(
        jobs=tuple(job(number) for number in range(1, 13)),
        blanks=Blanks(**plan.BLANKS, spoiled_by_cause=plan.SPOILED_BY_CAUSE, difference=0),
        questions=(
            Question(question=9, name="print_again", job=8, text="?", card=None, verdicts=("print_again",)),
        ),
        spoiled=spoiled,
        truth=truth,
        chips=chips,
        handovers=(Handover(job=plan.FIRST_HOLDER, conclusion="matched", source="chip"),),
        sheets=("whole",),
    )


def wrong(evidence: Evidence) -> set[str]:
    return {check.name for check in check_all(evidence, RECORDS) if not check.holds}


def test_what_must_come_out_is_right() -> None:
    assert wrong(good_evidence()) == set()


def test_the_summary_counts_the_evidence() -> None:
    found = summary(good_evidence(), 31.44)
    assert {name: found[name] for name in ("cards_ready", "refused", "waiting", "chips_verified")} == {
        "cards_ready": 10, "refused": 1, "waiting": 1, "chips_verified": 11,
    }  # fmt: skip
    assert found["blanks"] == plan.BLANKS
    assert found["spoiled_by_cause"] == {"chip_readback": 1, "print_jam": 1}
    assert found["seconds"] == 31.4


def truth_with(**changes: object) -> Change:
    return lambda evidence: replace(evidence, truth=evidence.truth.model_copy(update=changes))


def job_with(number: int, **changes: object) -> Change:
    return lambda evidence: replace(
        evidence,
        jobs=tuple(one.model_copy(update=changes) if one.job == number else one for one in evidence.jobs),
    )


def chip_with(number: int, nik: str | None = None, verified: bool = True) -> Change:
    def change(evidence: Evidence) -> Evidence:
        key = "80" + uid(number)
        chip = evidence.chips[key]
        return replace(
            evidence, chips={**evidence.chips, key: replace(chip, nik=nik or chip.nik, verified=verified)}
        )

    return change


def card_with(number: int, **changes: object) -> Change:
    def change(evidence: Evidence) -> Evidence:
        cards = [
            one.model_copy(update=changes) if one.uid == uid(number) else one for one in evidence.truth.cards
        ]
        return truth_with(cards=tuple(cards))(evidence)

    return change


def handover_with(**changes: object) -> Change:
    return lambda evidence: replace(
        evidence, handovers=tuple(one.model_copy(update=changes) for one in evidence.handovers)
    )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param(truth_with(hopper_count=7), "hopper", id="a blank is missing from the hopper"),
        pytest.param(truth_with(tray=11), "good tray", id="a card nobody ordered"),
        pytest.param(truth_with(reject_box=1), "reject box", id="a spoiled card is gone"),
        pytest.param(truth_with(inside=uid(8)), "card inside the printer", id="left inside"),
        pytest.param(truth_with(cards_inserted=13), "cards fed", id="a card too many fed"),
        pytest.param(truth_with(panels_printed=57), "panels printed", id="a card printed twice"),
        pytest.param(job_with(1, state="waiting"), "cards_ready", id="a job not done"),
        pytest.param(job_with(6, state="ready", record="record-6"), "refused", id="not refused"),
        pytest.param(job_with(8, journal=()), "chips_verified in the journal", id="jammed chip not verified"),
        pytest.param(chip_with(8, verified=False), "chips_verified", id="jammed chip not readable"),
        pytest.param(chip_with(5, nik="0" * 16), "chip of job 5", id="another person's data"),
        pytest.param(card_with(8, life_cycle="activated"), f"chip of spoiled 80{uid(8)}", id="lives on"),
        pytest.param(card_with(4, life_cycle="activated"), f"chip of spoiled 80{uid(4)}", id="bad, locked"),
        pytest.param(card_with(3, life_cycle="creation"), f"life cycle of 80{uid(3)}", id="not locked"),
        pytest.param(card_with(201, life_cycle="creation"), f"unused blank 80{uid(201)}", id="touched blank"),
        pytest.param(card_with(12, place="removed"), "cards in the good tray", id="taken away"),
        pytest.param(lambda e: replace(e, questions=()), "question", id="nobody is asked"),
        pytest.param(
            lambda e: replace(e, blanks=e.blanks.model_copy(update={"stock": 79})), "blanks stock", id="stock"
        ),
        pytest.param(
            lambda e: replace(e, blanks=e.blanks.model_copy(update={"spoiled_by_cause": {"print_jam": 2}})),
            "spoiled by cause",
            id="cause",
        ),
        pytest.param(lambda e: replace(e, handovers=()), "handed over", id="nobody got a card"),
        pytest.param(handover_with(source="record"), "handed over", id="not by the chip"),
        pytest.param(handover_with(conclusion="no_match"), "handed over", id="without a match"),
        pytest.param(lambda e: replace(e, handovers=e.handovers * 2), "checks of a finger", id="twice"),
        pytest.param(lambda e: replace(e, sheets=("half",)), "sheets of paper", id="half a receipt"),
    ],
)  # fmt: skip
def test_every_difference_is_named(change: Change, named: str) -> None:
    assert named in wrong(change(good_evidence()))
