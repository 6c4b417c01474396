"""Offices on rigs: real pcscd, token and USB/IP below the real `station run`, killed under its jobs.

An office mostly waits, for pcscd to see a card and for things to be mended, so several stand side by side.
Each has a fresh process, since the libraries of pcscd and of the token look at the environment only once.
"""

import json
import multiprocessing
import os
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from simulators.people.folders import write_people
from simulators.rig import Rig, RigError, RigOptions
from tests.reliability.cases import warm_up
from tests.reliability.mass_office import MassTally
from tests.reliability.rig_office import HANDFUL, NoHeadway, PcscdOffice
from tests.reliability.rig_troubles import Shares, plan_troubles

__all__ = ["NoHeadway", "run_pcscd_office"]

PEOPLE = 6
SPEED = 500.0
TRAY = 90
SIDE_BY_SIDE = 4
WORTH_AN_OFFICE = 25  # cards


def records_of_few(folder: Path, seed: int, count: int) -> list[Path]:
    """Make records of a few people, each with an issue number that this person has not had."""
    people = write_people(seed, min(PEOPLE, count), folder / "records", "PRINT_READY_RECORD")
    made = []
    for number in range(count):
        source, issue = people[number % len(people)], number // len(people) + 1
        record = folder / "brought" / f"{number:06}"
        record.mkdir(parents=True)
        for name in ("photo.jpg", "signature.png", "fingers.iso"):
            os.link(source / name, record / name)
        data = json.loads((source / "record.json").read_text())
        # Each is a recording of its own: the centre speaks of one by its id and its files.
        own = {"issue_number": issue, "record_id": f"{data['record_id']}-{issue}"}
        (record / "record.json").write_text(json.dumps(data | own))
        made.append(record)
    return made


@contextmanager
def standing_office(folder: Path, cards: int, seed: int) -> Iterator[PcscdOffice]:
    """An office on a rig of its own, prepared with this many records."""
    records = records_of_few(folder, seed, cards)
    warm_up(folder)
    every = random.Random(f"{seed} policy").choice((0, 0, 25))
    options = RigOptions(
        folder / "rig", speed=SPEED, seed=seed, hopper=HANDFUL, tray_capacity=TRAY, pictures=False
    )
    with Rig(options) as rig:
        office = PcscdOffice(rig, folder, seed, every)
        try:
            office.prepare(records)
            yield office
        finally:
            office.close()


def run_pcscd_office(folder: Path, cards: int, seed: int, shares: Shares | None = None) -> MassTally:
    """Make this many cards, in up to four offices side by side.

    Args:
        folder: a new folder, best on a file system in memory; it is left, for whoever looks into a failure.
        cards: how many jobs.
        seed: of all that is drawn; a moment of wall time is still never met twice.
        shares: of the cards that meet each trouble.

    Raises:
        NoHeadway: an office has come to a stop, or its station has ended by itself.
    """
    folder.mkdir(parents=True)
    begun = monotonic()
    offices = max(1, min(SIDE_BY_SIDE, cards // WORTH_AN_OFFICE))
    total = MassTally()
    with ProcessPoolExecutor(offices, multiprocessing.get_context("spawn")) as pool:
        running = [
            pool.submit(
                _run_one,
                folder / str(number),
                cards // offices + (number < cards % offices),
                seed * SIDE_BY_SIDE + number,
                shares or Shares(),
            )
            for number in range(offices)
        ]
        for office in running:
            total.add(office.result())
    total.seconds = monotonic() - begun
    return total


def _run_one(folder: Path, cards: int, seed: int, shares: Shares) -> MassTally:
    planned = plan_troubles(random.Random(f"{seed} troubles"), cards, shares)
    with standing_office(folder, cards, seed) as office:
        try:
            office.work(planned)
            tally = office.finish()
        except (RuntimeError, TimeoutError, LookupError, RigError) as error:
            raise NoHeadway(office.story(f"{type(error).__name__}: {error}")) from error
        if tally.examination.faults:
            tally.examination.faults.append(office.story("compared"))
        return tally
