"""Running mutants: each in a copy of the program, and each commit of the main job taken out in turn."""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from tests.crash.lost_writes.campaign import Campaign, Day, record, run, scratch
from tests.crash.lost_writes.cuts import EXTREMES
from tests.crash.lost_writes.days import DAYS, MOST_OF_DAY, SHORT
from tests.crash.lost_writes.disk import Mark
from tests.crash.lost_writes.marks import CommitMark, parse
from tests.crash.lost_writes.mutant import Mutant
from tests.crash.lost_writes.mutants import mutate
from tests.crash.lost_writes.tracing import DayFailed, last_line

PROJECT = Path(__file__).parents[3]
COPIED = ("station", "drivers")
LINKED = ("tests", "templates", "simulators")
LONGEST_HUNT = 600
SURVIVED = "-"
MUTATED_DAYS = ("short", "records")


class HuntFailed(RuntimeError):
    """The suite has not run to its end, which is no catch."""


@dataclass(frozen=True)
class Catch:
    """What has noticed a mutant; `by` is `SURVIVED` when nothing has."""

    mutant: str
    by: str


def hunt(mutant: Mutant) -> Catch:
    """Do with a mutant what is done with the real program."""
    with scratch() as root:
        for name in COPIED:
            shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in LINKED:
            root.joinpath(name).symlink_to(PROJECT / name)
        mutate(mutant, root)
        disks = MOST_OF_DAY[mutant.day] if mutant.many else "extremes"
        program = [sys.executable, "-B", "-m", "tests.crash.lost_writes"]
        done = subprocess.run(
            [*program, "--day", mutant.day, "--disks", disks, "--stop-at-first"],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            timeout=LONGEST_HUNT,
        )
    return Catch(mutant.name, _catcher(done))


def _catcher(done: "subprocess.CompletedProcess[str]") -> str:
    if done.returncode == 0:
        return SURVIVED
    try:
        result = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise HuntFailed(done.stderr[-4000:]) from error
    if result["broken_rules"]:
        return f"rule {result['broken_rules'][0].partition(':')[0]}"
    if result["day_failed"]:
        return f"the day itself: {result['day_failed']}"
    return f"lost writes: {', '.join(sorted(result['rules']))} (disk {result['opened']})"


def commits_of_the_day(day: Day = SHORT) -> list[str]:
    """The callers in the station whose transactions have changed something in a day."""
    with scratch() as root:
        events = record(root, Campaign(day, EXTREMES))
    marks = [parse(event.text) for event in events if isinstance(event, Mark)]
    commits = [mark for mark in marks if isinstance(mark, CommitMark)]
    changing = {later.site for before, later in pairwise(commits) if before.digest != later.digest}
    return sorted(changing & set(all_commits()))


def all_commits() -> Iterator[str]:
    """Every place in the station that opens a transaction, named as the recording names it."""
    for file in sorted((PROJECT / "station").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for line in _transactions(function):
                yield f"{file.parent.name}/{file.name}:{function.name}:{line}"


def _transactions(function: ast.FunctionDef) -> Iterator[int]:
    for call in ast.walk(function):
        method = call.func if isinstance(call, ast.Call) and not call.args else None
        if isinstance(method, ast.Attribute) and method.attr == "transaction":
            yield method.lineno


def commits_of_all_days() -> Iterator[tuple[str, Day]]:
    """The callers of the short day and of that of records, each with the first day that it is in."""
    seen: set[str] = set()
    for name in MUTATED_DAYS:
        fresh = [site for site in commits_of_the_day(DAYS[name]) if site not in seen]
        seen.update(fresh)
        yield from ((site, DAYS[name]) for site in fresh)


def hunt_commit(site: str, day: Day = SHORT) -> Catch:
    """Take one commit out of the recorded day: its writes join the next transaction.

    First only what has really been committed counts as acknowledged: then it is devices, books and recovery
    that must show the loss. If they do not, the caller's trust in the transaction that has returned does.
    """
    campaign = Campaign(day, EXTREMES, stop_at_first=True, without_commit=site, pretended=False)
    for pretended in (False, True):
        try:
            counts = run(replace(campaign, pretended=pretended))
        except DayFailed as error:
            return Catch(f"no commit at {site}", f"the day itself: {last_line(error)}")
        if counts.failed:
            return Catch(f"no commit at {site}", f"lost writes: {', '.join(sorted(counts.rules))}")
    return Catch(f"no commit at {site}", SURVIVED)
