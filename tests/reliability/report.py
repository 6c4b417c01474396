"""What was tried and what was found, and whether it is enough."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.crash.lost_writes.campaign import Counts as PowerCounts
from tests.reliability.exploring import Tally
from tests.reliability.invariants import Counts
from tests.reliability.mass import MassResult
from tests.reliability.mass_office import MassTally
from tests.reliability.options import Options
from tests.reliability.state_machine import StateMachineTally

Count = tuple[str, int | float]


@dataclass
class Report:
    """Of the stages that were run.

    Attributes:
        first, second: deaths of the station, and deaths in the recovery from them.
        power: power cuts.
        mass: offices in one process each.
        pcscd: the office on the rig.
        machine: days of the state machine.
        failures: of all stages, each with what is needed to see it again.
        seconds: of wall time, by stage.
        held_at: when each stage held; some may have held in an earlier run.
    """

    first: Tally | None = None
    second: Tally | None = None
    power: PowerCounts | None = None
    mass: MassResult | None = None
    pcscd: MassTally | None = None
    machine: StateMachineTally | None = None
    failures: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    held_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def zeros(self) -> Counts:
        """Cards of all stages, and what must be 0."""
        sums = Counts()
        for one in self._examined():
            sums.add(one)
        return sums

    @property
    def struck(self) -> dict[str, int]:
        """Faults that have struck while cards were made, by name; the station's deaths are among them."""
        sums: Counter[str] = Counter()
        for tally in self._offices():
            sums += tally.struck + Counter({"station killed": tally.deaths})
        return dict(sorted(sums.items()))

    @property
    def wrong(self) -> int:
        """Failures, and what is counted that must be 0."""
        zeros = self.zeros
        return len(self.failures) + zeros.duplicates + zeros.unaccounted + zeros.unverified

    @property
    def holds(self) -> bool:
        """Whether nothing has failed and what must be 0 is 0."""
        return self.wrong == 0

    def missing(self, options: Options) -> list[str]:
        """What was asked for and not reached."""
        asked = (
            ("crash", "first deaths", self.first.runs if self.first else 0, 1),
            ("crash", "second deaths", self.second.runs if self.second else 0, 1),
            ("power", "disks after a power cut", self.power.opened if self.power else 0, 1),
            ("mass", "cards in process", self.mass.cards if self.mass else 0, _cards_asked(options)),
            ("pcscd", "cards through pcscd", self._pcscd_cards, options.pcscd_cards),
            ("machine", "days of the state machine", self.machine.examples if self.machine else 0, 1),
        )
        return [
            f"{what}: {reached} of {wanted}"
            for stage, what, reached, wanted in asked
            if stage in options.only and reached < wanted
        ]

    def counts(self) -> Iterator[Count]:
        """Every count that is published, of the stages that were run."""
        yield from self._deaths()
        yield from self._cards()
        zeros = self.zeros
        yield "duplicates", zeros.duplicates
        yield "unaccounted blanks", zeros.unaccounted
        yield "chips printed unverified", zeros.unverified

    def document(self) -> dict[str, object]:
        """Everything, for JSON."""
        return {
            "holds": self.holds,
            "counts": dict(self.counts()),
            "struck": self.struck,
            "failures": self.failures,
            "seconds": self.seconds,
        }

    def _deaths(self) -> Iterator[Count]:
        if self.first is not None:
            yield "crash points tried (first deaths)", self.first.runs
            yield "crash points passed (first deaths)", self.first.runs - len(self.first.failures)
        if self.second is not None:
            yield "crash points tried (second deaths)", self.second.runs
            yield "crash points passed (second deaths)", self.second.runs - len(self.second.failures)
            yield "ways to die twice that these stand for", self.second.points
        if self.power is not None:
            yield "power cuts", self.power.cuts
            yield "disks opened after a power cut", self.power.opened
            yield "disks passed", self.power.passed
        if self.machine is not None:
            yield "days of the state machine", self.machine.examples
            yield "steps of the state machine, each compared", self.machine.steps

    def _cards(self) -> Iterator[Count]:
        if self.mass is not None:
            yield "cards simulated in process", self.mass.cards
            yield "minutes that they took", round(self.mass.wall / 60, 1)
        if self.pcscd is not None:
            yield "cards simulated through pcscd", self._pcscd_cards
        offices = list(self._offices())
        if not offices:
            return
        deaths, struck = sum(tally.deaths for tally in offices), sum(self.struck.values())
        yield "faults struck while cards were made", struck
        yield "of these, deaths of the station", deaths
        questions = sum(tally.questions for tally in offices)
        latches = sum(tally.latches for tally in offices)
        yield "questions asked of a person per 1,000 faults", _per_thousand(questions, struck)
        yield "lanes stopped for a person per 1,000 faults", _per_thousand(latches, struck)

    @property
    def _pcscd_cards(self) -> int:
        return self.pcscd.examination.counts.cards if self.pcscd else 0

    def _offices(self) -> Iterator[MassTally]:
        if self.mass is not None:
            yield self.mass.tally
        if self.pcscd is not None:
            yield self.pcscd

    def _examined(self) -> Iterator[Counts]:
        yield from (tally.counts for tally in (self.first, self.second) if tally is not None)
        yield from (tally.examination.counts for tally in self._offices())


def _cards_asked(options: Options) -> int:
    return 1 if options.offices else options.cards


def _per_thousand(number: int, faults: int) -> float:
    return round(1000 * number / faults, 1) if faults else 0.0
