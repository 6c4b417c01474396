"""Everything that is asked after the batch: the station's books, the printer's truth, the chips."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from simulators.demo import plan
from simulators.demo.chips import ChipReading, load_verifier, read_chip
from simulators.demo.documents import (
    BLANKS,
    CARD,
    HANDOVERS,
    JOB,
    JOBS,
    QUESTIONS,
    Attempt,
    Blanks,
    Card,
    Handover,
    Job,
    Question,
)
from simulators.demo.office import Office
from simulators.rig import PrinterView

ASKERS = 2  # commands at a time; each is a process that takes half a second


@dataclass(frozen=True)
class Evidence:
    """What was found.

    Attributes:
        jobs: every job with its attempts and its journal.
        spoiled: what the station says of each spoiled card.
        truth: the printer simulator's own account.
        chips: of every card that was made, read without the station.
        handovers: every check of a finger. sheets: what came out of the paper printer for each of its jobs.
    """

    jobs: tuple[Job, ...]
    blanks: Blanks
    questions: tuple[Question, ...]
    spoiled: tuple[Card, ...]
    truth: PrinterView
    chips: dict[str, ChipReading]
    handovers: tuple[Handover, ...]
    sheets: tuple[str, ...]

    def in_state(self, state: str) -> tuple[Job, ...]:
        """The jobs in one state."""
        return tuple(job for job in self.jobs if job.state == state)

    def attempts(self, state: str) -> tuple[tuple[Job, Attempt], ...]:
        """The tries in one state, each with its job."""
        return tuple(
            (job, attempt) for job in self.jobs for attempt in job.attempts if attempt.state == state
        )

    def handed_over(self) -> tuple[Handover, ...]:
        """The handovers that a finger on the chip has proved."""
        return tuple(one for one in self.handovers if (one.conclusion, one.source) == ("matched", "chip"))

    def journal_verified(self) -> int:
        """How many chips the station has verified, by its journal."""
        return sum(job.events("chip_verified") for job in self.jobs)

    def chips_verified(self) -> tuple[ChipReading, ...]:
        """The locked chips whose data hold, by a reading without the station."""
        return tuple(chip for chip in self.chips.values() if chip.locked and chip.verified)


def collect(office: Office) -> Evidence:
    """Ask everybody.

    Raises:
        DemoError: the station does not answer as it should.
        RigError: the printer simulator does not.
    """
    station = office.station
    numbers = [str(line.job) for line in station.ask(JOBS, "jobs", "list")]
    with ThreadPoolExecutor(ASKERS) as pool:
        jobs = tuple(pool.map(lambda number: station.ask(JOB, "jobs", "show", number), numbers))
        uids = [
            attempt.card
            for job in jobs
            for attempt in job.attempts
            if attempt.card and attempt.state == "spoiled"
        ]
        spoiled = tuple(pool.map(lambda uid: station.ask(CARD, "cards", "show", uid), uids))
    truth = office.printer.truth()
    return Evidence(
        jobs=jobs,
        blanks=station.ask(BLANKS, "blanks", "show"),
        questions=station.ask(QUESTIONS, "questions", "list"),
        spoiled=spoiled,
        truth=truth,
        chips=_read_chips(office, (card.uid for card in truth.cards)),
        handovers=station.ask(HANDOVERS, "handover", "list", "--done").checks,
        sheets=tuple(run.paper for run in office.rig.paper.truth().runs),
    )


def _read_chips(office: Office, uids: Iterable[str]) -> dict[str, ChipReading]:
    cards = office.rig.options.printer_folder(plan.LANE) / "cards"
    verifier = load_verifier(office.rig.files.public_key)
    readings = (read_chip(cards / uid / "chip", verifier) for uid in uids)
    return {reading.card: reading for reading in readings}
