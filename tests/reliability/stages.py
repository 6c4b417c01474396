"""The stages of the proof. Each one says how far it is, and adds to the report."""

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from tests.crash.lost_writes import campaign
from tests.crash.lost_writes.cuts import FEW, MANY, MORE, SOME
from tests.crash.lost_writes.days import LONG, OF_RECORDS, SHORT
from tests.crash.lost_writes.rules import broken_rules
from tests.crash.lost_writes.tracing import DayFailed, last_line
from tests.reliability.cases import SCENARIOS
from tests.reliability.exploring import MEMORY, Exploration, Tally, every_single, explorers
from tests.reliability.mass import Demand, MassResult, simulate
from tests.reliability.options import Options
from tests.reliability.pcscd_office import NoHeadway, run_pcscd_office
from tests.reliability.report import Report
from tests.reliability.state_machine import run_state_machine
from tests.reliability.workers import workers

Say = Callable[[str], None]
Stage = Callable[[Options, Report, Say], None]
PROGRAM: Final = "python -m tests.reliability"
TOLD_EVERY: Final = 10  # offices


def crash_points(options: Options, report: Report, say: Say) -> None:
    """Kill the station at every point, and at every point of the recovery from it."""
    report.first, report.second = Tally(), Tally()
    with explorers() as scenarios, workers() as pool:
        for number, explorer in enumerate(scenarios):
            exploration = Exploration(pool, explorer)
            first = every_single(pool, explorer, exploration.first_points)
            say(f"{explorer.scenario.name}: {first.runs} first deaths")
            lives = exploration.next_level(options.second_deaths)
            second = exploration.next_level(options.second_deaths)
            second.failures = lives.failures + second.failures
            say(f"{explorer.scenario.name}: {second.runs} second deaths, which stand for {second.points}")
            report.first.add(first)
            report.second.add(second)
            for failure in first.failures + second.failures:
                report.failures.append(f"{failure}\n  alone: {PROGRAM} --deaths {number}:N,N with its deaths")


def one_case(options: Options, report: Report, say: Say) -> None:
    """Run one case of the crash points alone."""
    number, deaths = options.deaths or (0, ())
    tally = Tally()
    with explorers() as scenarios, workers(1) as pool:
        result = pool.apply(scenarios[number].live, (deaths,))
    tally.take(SCENARIOS[number].name, result)
    report.failures += tally.failures
    say(f"{SCENARIOS[number].name}, deaths at {deaths}: {'passed' if result.passed else 'failed'}")


def power_cuts(options: Options, report: Report, say: Say) -> None:
    """Cut the power at every point of a day of cards and of one of records, and open what may be left."""
    cards, disks = (SHORT, FEW) if options.short_day else (LONG, MANY)
    with campaign.scratch() as folder:
        report.failures += [f"rule {rule}" for rule in broken_rules(folder)]
    report.power = campaign.Counts()
    records = SOME if options.short_day else MORE
    for what, day, most in (("cards", cards, disks), ("records", OF_RECORDS, records)):
        power = _power_cuts_of(campaign.Campaign(day, most, options.seed))
        report.failures += power.failures + ([power.day_failed] if power.day_failed else [])
        if not power.holds and not report.failures:
            report.failures.append(f"{power.failed} disks failed")
        say(f"{what}: {power.cuts} power cuts, {power.opened} different disks opened, {power.passed} passed")
        report.power.add(power)


def _power_cuts_of(plan: campaign.Campaign) -> campaign.Counts:
    try:
        return campaign.run(plan)
    except DayFailed as error:
        return campaign.Counts(day_failed=last_line(error))


def mass_offices(options: Options, report: Report, say: Say) -> None:
    """Make many cards on a clock that only counts, with faults and deaths."""
    demand = Demand(options.cards, options.seed, options.jobs, options.offices)
    report.mass = simulate(demand, partial(_tell_of_offices, say))
    report.failures += [
        f"{failure}\n  alone: {PROGRAM} --only mass --offices 1 --jobs {options.jobs} --seed {_seed(failure)}"
        for failure in report.mass.failures
    ]


def _tell_of_offices(say: Say, result: MassResult) -> None:
    if result.offices == 1 or result.offices % TOLD_EVERY == 0:
        each = 1000 * result.processor / max(result.cards, 1)
        say(
            f"{result.offices} offices, {result.cards} cards in {result.wall:.0f} s: "
            f"{result.cards / result.wall:.1f} a second, {each:.0f} ms of computing each, "
            f"{sum(result.tally.struck.values())} faults, {len(result.failures)} failures"
        )


def _seed(failure: str) -> str:
    return failure.removeprefix("office ").partition(":")[0]


def pcscd_office(options: Options, report: Report, say: Say) -> None:
    """Make cards through the real pcscd, with the real station command."""
    alone = f"{PROGRAM} --only pcscd --pcscd-cards {options.pcscd_cards} --seed {options.seed}"
    memory = MEMORY if MEMORY.is_dir() else None  # what is waited for is the card daemon, not the disk
    with tempfile.TemporaryDirectory(prefix="pcscd-office-", dir=memory) as folder:
        try:
            report.pcscd = run_pcscd_office(Path(folder) / "office", options.pcscd_cards, options.seed)
        except (NoHeadway, RuntimeError) as error:
            report.failures.append(f"{type(error).__name__}: {error}\n  alone: {alone}")
            return
    tally = report.pcscd
    report.failures += [f"{fault}\n  alone: {alone}" for fault in tally.examination.faults]
    say(f"{tally.examination.counts.cards} cards in {tally.seconds:.0f} s, {tally.deaths} deaths")


def state_machine(options: Options, report: Report, say: Say) -> None:
    """Try random days of a whole office beside a small model."""
    seed = None if options.seed == Options.seed else options.seed
    report.machine = run_state_machine(options.examples, seed)
    report.failures += report.machine.failures
    say(f"{report.machine.examples} days, {report.machine.steps} steps")


BY_NAME: Final[Mapping[str, Stage]] = {
    "crash": crash_points,
    "power": power_cuts,
    "mass": mass_offices,
    "pcscd": pcscd_office,
    "machine": state_machine,
}
