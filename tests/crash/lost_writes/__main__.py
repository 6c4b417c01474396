"""The command line: `python -m tests.crash.lost_writes [--mutants]`. The last line of its output is JSON."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence

from tests.crash.lost_writes.campaign import Campaign, Counts, Day, run, scratch
from tests.crash.lost_writes.cuts import EXTREMES, FEW, MANY, MORE, SOME
from tests.crash.lost_writes.days import DAYS, MOST_OF_DAY, WHOLE
from tests.crash.lost_writes.hunting import (
    SURVIVED,
    Catch,
    all_commits,
    commits_of_all_days,
    hunt,
    hunt_commit,
)
from tests.crash.lost_writes.mutants import MUTANTS
from tests.crash.lost_writes.rules import broken_rules
from tests.crash.lost_writes.tracing import DayFailed, last_line

DISKS = {"extremes": EXTREMES, "some": SOME, "few": FEW, "more": MORE, "many": MANY}


def _say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash.lost_writes", description=__doc__)
    parser.add_argument("--day", choices=DAYS, help="what is recorded; without it, long and records")
    parser.add_argument("--disks", choices=DISKS, help="how many disks are built at each cut")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stop-at-first", action="store_true", help="end at the first violation")
    parser.add_argument("--mutants", action="store_true", help="take lines out of our code instead")
    parser.add_argument("--json", action="store_true", help="nothing but the last line")
    return parser.parse_args(words)


def _show(counts: Counts) -> None:
    _say(f"recorded: {', '.join(f'{count} {name}' for name, count in sorted(counts.events.items()))}")
    _say(f"cuts {counts.cuts}, disks built {counts.built}, different ones opened {counts.opened}")
    _say(f"  {', '.join(f'{kind} {count}' for kind, count in sorted(counts.kinds.items()))}")
    _say(f"recovered from {counts.recovered} different situations")
    _say(f"passed {counts.passed}, failed {counts.failed}")
    for failure in counts.failures:
        _say(f"  {failure}")


def try_disks(options: argparse.Namespace) -> int:
    """Record, cut, open; print the counts."""
    with scratch() as folder:
        broken = broken_rules(folder)
    for rule in broken:
        if not options.json:
            _say(f"rule {rule}")
    counts = Counts()
    for day in WHOLE if options.day is None else (options.day,):
        if not (broken and options.stop_at_first):
            of_day = _run(day, options)
            if not options.json:
                _say(f"day: {day}")
                _show(of_day)
            counts.add(of_day)
    _say(json.dumps({**vars(counts), "broken_rules": broken}))
    return int(bool(broken) or not counts.holds)


def _run(day: str, options: argparse.Namespace) -> Counts:
    disks = DISKS[options.disks or MOST_OF_DAY[day]]
    try:
        return run(Campaign(DAYS[day], disks, options.seed, stop_at_first=options.stop_at_first))
    except DayFailed as error:
        return Counts(day_failed=last_line(error))


def _catches(commits: Sequence[tuple[str, Day]]) -> Iterator[Catch]:
    for mutant in MUTANTS:
        yield hunt(mutant)
    for site, day in commits:
        yield hunt_commit(site, day)


def try_mutants(options: argparse.Namespace) -> int:
    """Hunt all mutants; print what has caught each."""
    caught: list[Catch] = []
    commits = list(commits_of_all_days())
    for catch in _catches(commits):
        caught.append(catch)
        if not options.json:
            _say(f"{catch.mutant:58} {catch.by}")
    survived = [catch.mutant for catch in caught if catch.by == SURVIVED]
    elsewhere = len(set(all_commits())) - len(commits)
    _say(
        json.dumps(
            {
                "mutants": len(caught),
                "caught": len(caught) - len(survived),
                "survived": survived,
                "commits_outside_the_days": elsewhere,
            }
        )
    )
    return int(bool(survived))


def main(words: list[str]) -> int:
    """Run; return the exit status: 0 when everything holds and every mutant is caught."""
    options = _arguments(words)
    return try_mutants(options) if options.mutants else try_disks(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
