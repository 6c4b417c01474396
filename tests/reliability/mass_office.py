"""One office that makes many cards in one process, on a clock that only counts, while things go wrong.

Station and simulators share the process and the printer's clock, so no second of wall time is waited for.
Between them are the real drivers, TCP for the printer and the `apdu://` wire for the chip. A death of the
station is here an exception that no handler catches; that SIGKILL leaves the same the crash points show.
"""

import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from drivers.evolis import EvolisTiming
from simulators.evolis.cards import CardStore
from simulators.evolis.truth import card_as_json
from simulators.rig import CardView, PrinterView
from station.blanks import store as blanks
from station.blanks.ledger import Account, BlankMove
from station.cards.intake import Intake, Order
from station.cards.store import JobState, count_jobs, open_attempt_of_lane, out_of_hopper
from station.errors import LaneLatched
from station.journal import RowKind
from station.journal.store import stored_rows
from station.settings import PolicySettings
from tests.fakes.gate import BelievingGate
from tests.fakes.software_keys import SoftPersonKeys
from tests.reliability.adversary import Adversary, counted_strikes
from tests.reliability.invariants import Examination, examine
from tests.reliability.mortal import MortalDatabase, Patience, mortal_devices
from tests.reliability.simulated_lane import LaneShape, SimulatedLane
from tests.reliability.station import ANCHOR, DATABASE, LANE, ReliabilityStation, painter, remembered_content
from tests.reliability.world import PRINTER, Ports, leave_undeveloped

HANDFUL = 40  # blanks that a person lays into an empty hopper
QUEUE = 50  # records that are brought in at a time
LIFE = 320  # points of about one card: a death is drawn from among them
PATIENCE = Patience(0.1, 0.5, EvolisTiming(reply=0.5, move=1.0, job=5.0, poll=0.01))
ROUNDS = 12  # of working and answering that a card may take before it is a failure


@dataclass(frozen=True)
class Plan:
    """An office to be simulated: how many jobs, and how much of them goes wrong."""

    folder: Path
    records: tuple[Path, ...]
    seed: int
    jobs: int
    faults: float = 0.12
    deaths: float = 0.03
    removals: float = 0.3


@dataclass
class MassTally:
    """What has happened in offices.

    Attributes:
        attempts: blanks that have left the hopper.
        deaths: of the station.
        questions: asked of a person because something went wrong.
        checks: questions of the quality check, which asks at every so many good cards.
        latches: times that the lane waited for a person to clear it.
        seconds: simulated.
        struck: faults that have really struck, by name, without the deaths.
    """

    jobs: int = 0
    attempts: int = 0
    deaths: int = 0
    questions: int = 0
    checks: int = 0
    latches: int = 0
    seconds: float = 0.0
    struck: Counter[str] = field(default_factory=Counter)
    examination: Examination = field(default_factory=Examination)

    def add(self, other: "MassTally") -> None:
        self.jobs += other.jobs
        self.attempts += other.attempts
        self.deaths += other.deaths
        self.questions += other.questions
        self.checks += other.checks
        self.latches += other.latches
        self.seconds += other.seconds
        self.struck += other.struck
        self.examination.counts.add(other.examination.counts)
        self.examination.faults += other.examination.faults


class Death(BaseException):
    """The power goes. No handler of the program may catch this."""


class DeathInProcess:
    """Ends the station at a point, and lets nothing of it act any more after that."""

    def __init__(self) -> None:
        self._left: int | None = None
        self._dead = False

    def arm(self, points: int | None) -> None:
        """Let the station live for so many points; None: for ever."""
        self._left, self._dead = points, False

    def point(self, where: str) -> None:
        """Pass a point, or die at it."""
        if self._dead:
            raise Death(where)
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self._dead = True
                raise Death(where)


class MassWorld:
    """The surroundings of the station in the same process."""

    def __init__(self, lane: SimulatedLane) -> None:
        self._lane = lane
        self.after_mending: Callable[[str], None] = lambda mended: None

    def now(self) -> float:
        return self._lane.printer.clock.now()

    def pass_time(self, seconds: float) -> str | None:
        mended = self._lane.pass_time(seconds)
        if mended is not None:
            self.after_mending(mended)
        return mended

    def card(self, uid: str) -> CardView | None:
        cards = self._lane.printer.machine.mechanism.cards
        number = uid[2:]
        if number not in cards.uids():
            return None
        self._lane.caretaker.look_for(number)
        return CardView.model_validate(card_as_json(cards.record(number)) | {"life_cycle": ""})

    def settle(self) -> None:
        """Nobody waits: the station finds the printer busy as it is."""

    def take_in(self, sent: int) -> None:
        """Nobody waits."""


class MassOffice:
    """Makes the jobs of a plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._source = plan, random.Random(plan.seed)
        self._lane = SimulatedLane(plan.folder / PRINTER, LaneShape(HANDFUL, seed=plan.seed))
        caretaker = self._lane.caretaker
        caretaker.handful = HANDFUL
        caretaker.takes_card_out = lambda: self._source.random() < plan.removals
        caretaker.takes_from_slot = lambda: self._source.random() < plan.removals
        self._world = MassWorld(self._lane)
        self._world.after_mending = self._book_what_was_done
        self._adversary = Adversary(self._source, self._lane.printer.fault)
        self._death = DeathInProcess()
        self._database = MortalDatabase(DATABASE, plan.folder)
        self._tally = MassTally()
        self._thrown_away = 0
        self._policy = PolicySettings(quality_check_every=self._source.choice((0, 0, 25)))

    def run(self) -> MassTally:
        """Make every job, and compare."""
        with counted_strikes() as struck, mortal_devices(self._death.point, self._world, PATIENCE) as slots:
            self._slots = slots
            self._station = self._open()
            self._station.prepare(HANDFUL, [])
            self._database.point = self._death.point
            self._worker = self._station.worker()
            while self._tally.jobs < self._plan.jobs:
                self._bring_in(min(QUEUE, self._plan.jobs - self._tally.jobs))
                self._work_off()
            self._tally.struck = Counter(struck)
        self._compare()
        return self._tally

    # ---- the day ----

    def _bring_in(self, count: int) -> None:
        intake = Intake(
            self._database,
            self._station.journal,
            self._station.clock,
            SoftPersonKeys(),
            painter(),
            BelievingGate(),
        )
        for number in range(self._tally.jobs, self._tally.jobs + count):
            intake.add(self._record(number), Order(5))
        self._tally.jobs += count

    def _record(self, number: int) -> Path:
        """The record of one of few people, with an issue number that this person has not had."""
        of_person, issue = number % len(self._plan.records), number // len(self._plan.records) + 1
        source, folder = self._plan.records[of_person], self._plan.folder / "records" / f"{number:06}"
        folder.mkdir(parents=True)
        for name in ("photo.jpg", "signature.png", "fingers.iso"):
            os.link(source / name, folder / name)
        data = json.loads((source / "record.json").read_text()) | {"issue_number": issue}
        (folder / "record.json").write_text(json.dumps(data))
        return folder

    def _work_off(self) -> None:
        idle, left = 0, self._left()
        while left and idle < ROUNDS:
            self._one_round()
            before, left = left, self._left()
            idle = 0 if left < before else idle + 1
        if left:
            raise RuntimeError(f"office {self._plan.seed} makes no headway")

    def _left(self) -> int:
        with self._database.reading() as transaction:
            return sum(
                count_jobs(transaction, state)
                for state in (JobState.QUEUED, JobState.WORKING, JobState.WAITING)
            )

    def _one_round(self) -> None:
        """One job, with what may go wrong in it."""
        if self._source.random() < self._plan.faults:
            self._adversary.strike()
        deadly = self._source.random() < self._plan.deaths
        self._death.arm(self._source.randint(1, LIFE) if deadly else None)
        try:
            self._worker.run_batch(1)
            self._station.answer_everything()
        except LaneLatched:
            self._death.arm(None)
            self._tally.latches += 1
            self._station.clear_lane()
        except Death:
            self._start_again()
        self._death.arm(None)
        self._compare_hopper()

    def _compare_hopper(self) -> None:
        """When nothing is under way, the books and the hopper must agree: else stop where it begins.

        Raises:
            RuntimeError: they differ.
        """
        truth = self._lane.printer.machine.mechanism.truth
        with self._database.reading() as transaction:
            if open_attempt_of_lane(transaction, LANE) is not None:
                return
            # a good card that waits for its quality check is booked in the lane, and lies in the tray
            booked = blanks.balance(transaction, Account.IN_MACHINE, LANE)
            booked -= len(out_of_hopper(transaction, LANE))
        if booked != len(truth.hopper):
            raise RuntimeError(
                f"office {self._plan.seed}: {len(truth.hopper)} blanks in the hopper, {booked} booked, "
                f"after {self._tally.jobs} jobs"
            )

    def _start_again(self) -> None:
        """The station starts again after a death; the world has gone on."""
        self._tally.deaths += 1
        for slot in self._slots:
            slot.close()
        self._database.close()
        self._lane.rest()
        self._death.arm(None)
        self._station = self._open()
        self._worker = self._station.worker()

    def _open(self) -> ReliabilityStation:
        ports = Ports(self._lane.printer_url, self._lane.reader_url)
        return ReliabilityStation(self._plan.folder, self._world, ports, self._database, self._policy)

    # ---- the books of the person who mends ----

    def _book_what_was_done(self, mended: str) -> None:
        """The person who has filled the hopper or freed two cards writes it down at once."""
        quietly = ReliabilityStation(self._plan.folder, self._world, None, self._database)
        point, self._database.point = self._database.point, lambda where: None
        try:
            filled = self._lane.caretaker.filled
            if filled:
                quietly.book_loaded(len(filled))
                filled.clear()
            if mended == "clear_jam":
                self._book_thrown_away(quietly)
        finally:
            self._database.point = point

    def _book_thrown_away(self, station: ReliabilityStation) -> None:
        """A second card that a double feed has squeezed: nobody but the person knows of it."""
        thrown = sum(
            record.history[-1].what == "double feed"
            for record in self._lane.printer.machine.mechanism.cards.records()
        )
        for _ in range(thrown - self._thrown_away):
            move = BlankMove(
                source=Account.IN_MACHINE, source_lane=LANE, target=Account.SPOILED, cause="double_feed"
            )
            with self._database.transaction() as transaction:
                blanks.book(transaction, station.journal, move)
        self._thrown_away = thrown

    # ---- the end ----

    def _compare(self) -> None:
        truth = PrinterView.model_validate(self._lane.printer.truth())
        plan, tally = self._plan, self._tally
        tally.examination = examine(
            self._database, LANE, plan.folder / ANCHOR, truth, plan.folder / PRINTER / "cards"
        )
        tally.attempts = sum(card.place != "hopper" for card in truth.cards)
        tally.seconds = self._world.now()
        with self._database.reading() as transaction:
            asked = Counter(row.name for row, _ in stored_rows(transaction) if row.kind is RowKind.QUESTION)
        tally.checks = asked.pop("quality_check", 0)
        tally.questions = asked.total()

    def close(self) -> None:
        """End the station and the lane."""
        self._database.close()
        self._lane.close()


@contextmanager
def few_people() -> Iterator[None]:
    """Draw and shrink each person once: cards differ in chip, UID and issue, and the driver encodes all."""
    with (
        patch("station.batches.worker.chip_content", remembered_content),
        patch("station.cards.intake.chip_content", remembered_content),
        patch.object(CardStore, "develop", leave_undeveloped),
        patch("simulators.chip.apdu_port.LATE_SECONDS", 0.2),
    ):
        yield


def run_office(plan: Plan) -> MassTally:
    """Simulate one office in a folder of its own, and clean up."""
    plan.folder.mkdir(parents=True)
    try:
        with few_people(), closing(MassOffice(plan)) as office:
            return office.run()
    finally:
        shutil.rmtree(plan.folder, ignore_errors=True)
