"""Compares what the station has booked with what must be, and with what the simulators know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulators.demo import plan
from simulators.demo.documents import Job
from simulators.demo.evidence import Evidence
from simulators.demo.records import DemoRecord
from simulators.rig import CardView


@dataclass(frozen=True)
class Check:
    """One thing that must be equal on both sides."""

    name: str
    expected: object
    found: object

    @property
    def holds(self) -> bool:
        """Whether it is."""
        return self.expected == self.found


def check_all(evidence: Evidence, records: Sequence[DemoRecord]) -> list[Check]:
    """Make every comparison."""
    return [
        *_jobs(evidence, records),
        *_blanks(evidence),
        *_trays(evidence),
        *_prints(evidence),
        *_chips(evidence, records),
        *_spoiled(evidence),
        *_counter(evidence),
    ]


def _jobs(evidence: Evidence, records: Sequence[DemoRecord]) -> Iterator[Check]:
    yield Check("jobs", {record.record_id for record in records}, {job.record for job in evidence.jobs})
    yield Check("cards_ready", plan.READY, len(evidence.in_state("ready")))
    yield Check("refused", plan.REFUSED, len(evidence.in_state("refused")))
    yield Check("waiting", plan.WAITING, len(evidence.in_state("waiting")))
    not_ready = [record.record_id for record in records if record.status != plan.PRINT_READY]
    yield Check("refused record", not_ready, [job.record for job in evidence.in_state("refused")])
    asked = [(question.name, question.job) for question in evidence.questions]
    jammed = [job.job for job, attempt in evidence.attempts("spoiled") if attempt.cause == "print_jam"]
    yield Check("question", [("print_again", job) for job in jammed], asked)


def _blanks(evidence: Evidence) -> Iterator[Check]:
    for account, amount in evidence.blanks.accounts().items():
        yield Check(f"blanks {account}", plan.BLANKS[account], amount)
    yield Check("blanks difference", 0, evidence.blanks.difference)
    yield Check("spoiled by cause", plan.SPOILED_BY_CAUSE, evidence.blanks.spoiled_by_cause)


def _trays(evidence: Evidence) -> Iterator[Check]:
    """The station's books against the printer's trays, card by card."""
    truth, blanks = evidence.truth, evidence.blanks
    yield Check("hopper", blanks.in_machine, truth.hopper_count)
    yield Check("good tray", blanks.issued, truth.tray)
    yield Check("reject box", blanks.spoiled, truth.reject_box)
    yield Check("card inside the printer", None, truth.inside)
    yield Check("cards fed", blanks.issued + blanks.spoiled, truth.cards_inserted)
    yield Check("cards in the world", plan.LOADED, len(truth.cards))
    ready = {attempt.card for _, attempt in evidence.attempts("ready")}
    spoiled = {attempt.card for _, attempt in evidence.attempts("spoiled")}
    yield Check("cards in the good tray", ready, {card.card_uid for card in truth.cards_at("tray")})
    yield Check("cards in the reject box", spoiled, {card.card_uid for card in truth.cards_at("reject_box")})
    yield Check("faults that have not struck", (), truth.faults)


def _prints(evidence: Evidence) -> Iterator[Check]:
    truth = evidence.truth
    yield Check("panels printed", sum(len(_front(card)) for card in truth.cards), truth.panels_printed)
    for card in truth.cards_at("tray"):
        yield Check(f"panels on {card.card_uid}", plan.PANELS, _front(card))
        yield Check(f"print runs of {card.card_uid}", 1, card.prints["front"].times)
    for card in truth.cards_at("hopper"):
        yield Check(f"unused blank {card.card_uid}", ((), "blank"), (_front(card), card.life_cycle))


def _chips(evidence: Evidence, records: Sequence[DemoRecord]) -> Iterator[Check]:
    """Every chip read without the station: whose it is, and that its data hold."""
    yield Check("chips_verified", plan.VERIFIED, len(evidence.chips_verified()))
    yield Check("chips_verified in the journal", plan.VERIFIED, evidence.journal_verified())
    niks = {record.record_id: record.nik for record in records}
    for job, attempt in evidence.attempts("ready"):
        chip = evidence.chips[attempt.card or ""]
        found = (chip.verified, chip.nik == niks[job.record], chip.issue)
        yield Check(f"chip of job {job.job}", (True, True, job.issue), found)
    for card in evidence.truth.cards_at("tray"):
        yield Check(f"life cycle of {card.card_uid}", "activated", card.life_cycle)


def _spoiled(evidence: Evidence) -> Iterator[Check]:
    """A chip that failed is never locked nor printed; a jammed card's working chip is killed."""
    cards = {card.card_uid: card for card in evidence.truth.cards}
    for job, attempt in evidence.attempts("spoiled"):
        card = cards[attempt.card or ""]
        if attempt.cause == "chip_readback":
            yield Check(f"chip of spoiled {card.card_uid}", "creation", card.life_cycle)
            yield Check(f"panels on spoiled {card.card_uid}", (), _front(card))
            yield Check(f"job {job.job} took another blank", ["spoiled", "ready"], _states(job))
        else:
            yield Check(f"chip of spoiled {card.card_uid}", "terminated", card.life_cycle)
    for shown in evidence.spoiled:
        yield Check(f"account of {shown.card}", ("spoiled", "spoiled"), (shown.state, shown.account))


def _counter(evidence: Evidence) -> Iterator[Check]:
    """One card at its holder by a finger on the chip, without another check; its receipt on paper."""
    yield Check("handed over", [plan.FIRST_HOLDER], [one.job for one in evidence.handed_over()])
    yield Check("checks of a finger", 1, len(evidence.handovers))
    yield Check("sheets of paper", ("whole",), evidence.sheets)


def _states(job: Job) -> list[str]:
    return [attempt.state for attempt in job.attempts]


def _front(card: CardView) -> tuple[str, ...]:
    return card.prints["front"].panels
