"""One case: a station in a folder of its own is killed at given points, started again, and compared."""

import os
import shutil
import signal
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from simulators.people.folders import write_people
from simulators.rig import CardView
from station.ports import PrinterIdentity
from station.records.folder import read_record
from tests.reliability.invariants import Examination, examine
from tests.reliability.mortal import MortalDatabase, Patience, Reaper, mortal_devices, mortal_files
from tests.reliability.simulated_lane import LaneShape, SimulatedLane
from tests.reliability.states import Gap, Recorder
from tests.reliability.station import (
    ANCHOR,
    FILE,
    LANE,
    ReliabilityStation,
    painter,
    remembered_content,
)
from tests.reliability.world import PRINTER, World, fork

BLANKS = 4
PATIENCE = Patience(seen_within=0.2)  # nothing here takes time
POINTS = "points.txt"
QUESTIONS = "questions.txt"


@dataclass(frozen=True)
class Scenario:
    """A main job: how many records, and what goes wrong at the devices."""

    name: str
    records: int
    faults: Sequence[tuple[str, int]] = ()
    spoilt_record: bool = False  # the last record is changed after it was queued


SCENARIOS = (
    Scenario("a good card, then a changed record", 2, spoilt_record=True),
    Scenario("a bad chip", 1, (("chip:bad_readback:5", 1),)),
    Scenario("a jam in the print", 1, (("jam_in_print:2", 1),)),
)


@dataclass
class CaseResult:
    """What became of one case."""

    deaths: tuple[int, ...]
    gaps: list[Gap] = field(default_factory=list)
    examination: Examination = field(default_factory=Examination)
    questions: int = 0
    failure: str = ""

    @property
    def passed(self) -> bool:
        return not self.failure and not self.examination.faults


class StationDied(Exception):
    """The station ended by itself, and not as it should."""


def make_template(folder: Path, scenario: Scenario) -> None:
    """Make a fresh office for a scenario, to be copied for each case. Call it in a process of its own."""
    records = write_people(11, scenario.records, folder / "records", "PRINT_READY_RECORD")
    lane = SimulatedLane(folder / "office" / PRINTER, LaneShape(BLANKS))
    lane.close()
    station = ReliabilityStation(folder / "office", _Nowhere())
    station.prepare(BLANKS, records)
    station.close()
    if scenario.spoilt_record:
        with (records[-1] / "record.json").open("a") as changed:
            changed.write("\n")


class _Nowhere:
    """Surroundings of a station that only books."""

    def now(self) -> float:
        return 0.0

    def pass_time(self, seconds: float) -> str | None:
        raise NotImplementedError

    def card(self, uid: str) -> CardView | None:
        raise NotImplementedError


class Case:
    """One copy of an office with a world of its own."""

    def __init__(self, template: Path, database: MortalDatabase, scenario: Scenario) -> None:
        self.folder, self._database = database.folder, database
        shutil.copytree(template / "office", self.folder)
        self.world = World.start(self.folder, LaneShape(BLANKS))
        self.ports = self.world.ports()
        for fault, at in scenario.faults:
            self.world.fault(fault, at)

    def run(self, death: int | None, record: bool = False) -> bool:
        """Run the station until it dies or is done; return whether it was killed at the point.

        Raises:
            StationDied: it ended in another way.
        """
        self._database.close()  # no connection may cross a fork
        pid = fork(lambda: self._live(death, record=record))
        _, status = os.waitpid(pid, 0)
        self.world.rest()
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            return True
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
            return False
        raise StationDied(f"status {status}")

    def examine(self) -> Examination:
        """Compare the world's truth with the station's books."""
        cards = self.folder / PRINTER / "cards"
        return examine(self._database, LANE, self.folder / ANCHOR, self.world.truth(), cards)

    def gaps(self) -> list[Gap]:
        """The points of the last recorded run."""
        lines = (self.folder / POINTS).read_text().splitlines()
        return [Gap(*line.split("\t")) for line in lines]

    def questions(self) -> int:
        """How many questions were asked in the last run that came to its end."""
        return int((self.folder / QUESTIONS).read_text())

    def rehearse(self) -> None:
        """Live without a death in this process: what SQLAlchemy compiles for it is there in every fork."""
        self._live(None, record=False)
        self.world.rest()

    def close(self) -> None:
        self.world.stop()
        self._database.close()
        shutil.rmtree(self.folder)

    def _live(self, death: int | None, *, record: bool) -> None:
        """The life of the station's process."""
        with closing(World(self.folder)) as world:
            self._live_in(world, death, record=record)

    def _live_in(self, world: World, death: int | None, *, record: bool) -> None:
        seen = Recorder(world, self.folder / FILE, self.folder / ANCHOR) if record else None
        reaper = Reaper(death, seen.pass_gap if seen else lambda where: None)
        self._database.point = reaper.point
        station = ReliabilityStation(self.folder, world, self.ports, self._database)
        with (
            mortal_devices(reaper.point, world, PATIENCE) as slots,
            mortal_files(reaper.point),
            patch("station.batches.worker.chip_content", remembered_content),
        ):
            asked = station.work_to_the_end()
            for slot in slots:
                slot.close()
        self._database.point = lambda where: None
        (self.folder / QUESTIONS).write_text(str(asked))
        if seen:
            (self.folder / POINTS).write_text("\n".join(f"{gap.what}\t{gap.state}" for gap in seen.gaps))


def warm_up(template: Path) -> None:
    """Draw the faces and shrink the photos of a scenario's people in this process, for all that it forks."""
    printer = PrinterIdentity("Primacy 2", "", "", 1016, 648, 300, 300, True)
    for folder in sorted((template / "records").iterdir()):
        record = read_record(folder)
        painter().paint(record, printer)
        remembered_content(record)


def rehearse(template: Path, database: MortalDatabase, scenario: Scenario) -> None:
    """Run the case without a death once in this process, before it is forked for the others."""
    case = Case(template, database, scenario)
    try:
        case.rehearse()
    finally:
        case.close()


def run_case(
    template: Path, database: MortalDatabase, scenario: Scenario, deaths: tuple[int, ...], *, record: bool
) -> CaseResult:
    """Kill the station at these points of its lives one after the other, let it live, compare.

    With `record` the points of its last life are listed.
    """
    result = CaseResult(deaths)
    case = Case(template, database, scenario)
    try:
        for at in deaths:
            if not case.run(at):
                result.failure = f"there is no point {at}"
                return result
        case.run(None, record)
        result.questions = case.questions()
        result.gaps = case.gaps() if record else []
        result.examination = case.examine()
    except (StationDied, RuntimeError, TimeoutError, OSError) as error:
        result.failure = f"{type(error).__name__}: {error}"
    finally:
        case.close()
    return result
