"""The options of `python -m tests.reliability`: every number has one."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.reliability.mass import JOBS

STAGES: Final = ("crash", "power", "mass", "pcscd", "machine")
ALL: Final = "all"


@dataclass(frozen=True)
class Options:
    """What is to be tried.

    Attributes:
        only: stages to run, in their order.
        second_deaths: pairs of deaths to run of each scenario; None: every one.
        deaths: run one case alone, with these deaths in the scenario of this number.
        short_day: cut the power in a short day, with few disks at each cut.
        cards: printed cards of the mass offices, at the least.
        offices: run exactly so many mass offices.
        jobs: of each mass office.
        pcscd_cards: of the office on the rig.
        examples: days of the state machine.
        seed: of the first mass office, of the office on the rig and of the disks; the state machine has a
            seed only when this is not 1.
        keep: folder of the stages that held; they are not run again for the same program and options.
    """

    only: tuple[str, ...] = STAGES
    second_deaths: int | None = None
    deaths: tuple[int, tuple[int, ...]] | None = None
    short_day: bool = False
    cards: int = 20_000
    offices: int | None = None
    jobs: int = JOBS
    pcscd_cards: int = 500
    examples: int = 400
    seed: int = 1
    json: Path | None = None
    write: bool = False
    keep: Path | None = None


def read_options(words: Sequence[str] | None) -> Options:
    """Read the command line; ends the program with 2 when it cannot be meant so."""
    found = _make_parser().parse_args(words)
    return Options(
        only=tuple(stage for stage in STAGES if not found.only or stage in found.only),
        second_deaths=found.second_deaths,
        deaths=found.deaths,
        short_day=found.short_day,
        cards=found.cards,
        offices=found.offices,
        jobs=found.jobs,
        pcscd_cards=found.pcscd_cards,
        examples=found.examples,
        seed=found.seed,
        json=found.json,
        write=found.write,
        keep=found.keep,
    )


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.reliability",
        description="Prove that no identity is made twice and no blank is lost, whatever goes wrong.",
    )
    usual = Options()
    add = parser.add_argument
    add("--only", action="append", choices=STAGES, help="this stage only; may be given again")
    add("--second-deaths", type=_most, default=None, metavar="N", help="of each scenario, or 'all' (default)")
    add("--deaths", type=_deaths, metavar="SCENARIO:N,N", help="only this case: scenario and its deaths")
    add("--short-day", action="store_true", help="cut the power in a short day, with few disks")
    add("--cards", type=_count, default=usual.cards, help="cards of the mass offices (%(default)s)")
    add("--offices", type=_count, help="exactly so many mass offices, however many cards they print")
    add("--jobs", type=_count, default=usual.jobs, help="jobs of each mass office (%(default)s)")
    add("--pcscd-cards", type=_count, default=usual.pcscd_cards, help="through the real pcscd (%(default)s)")
    add("--examples", type=_count, default=usual.examples, help="days of the state machine (%(default)s)")
    add("--seed", type=int, default=usual.seed, help="of the first office (%(default)s)")
    add("--json", type=Path, metavar="FILE", help="write the counts there too")
    add("--write", action="store_true", help="publish them in docs/reliability.md when all holds")
    add("--keep", type=Path, metavar="FOLDER", help="keep stages that hold there; do not run them twice")
    return parser


def _count(word: str) -> int:
    number = int(word)
    if number < 1:
        raise ValueError("begins at 1")
    return number


def _most(word: str) -> int | None:
    return None if word == ALL else _count(word)


def _deaths(word: str) -> tuple[int, tuple[int, ...]]:
    scenario, _, points = word.partition(":")
    return int(scenario), tuple(_count(point) for point in points.split(","))
