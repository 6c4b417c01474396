"""The command line: `python -m tests.crash.lost_writes [--mutants]`. The last line of its output is JSON."""

import argparse
import json
import sys
from collections.abc import Iterator

from tests.crash.lost_writes.campaign import Campaign, Counts, run, scratch
from tests.crash.lost_writes.cuts import EXTREMES, FEW, MANY
from tests.crash.lost_writes.day import LONG, SHORT
from tests.crash.lost_writes.hunting import (
    SURVIVED,
    Catch,
    all_commits,
    commits_of_the_day,
    hunt,
    hunt_commit,
)
from tests.crash.lost_writes.mutants import MUTANTS
from tests.crash.lost_writes.rules import broken_rules
from tests.crash.lost_writes.tracing import DayFailed, last_line

DAYS = {"short": SHORT, "long": LONG}
DISKS = {"extremes": EXTREMES, "few": FEW, "many": MANY}


def _say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash.lost_writes", description=__doc__)
    parser.add_argument("--day", choices=DAYS, default="long", help="how much work is recorded")
    parser.add_argument("--disks", choices=DISKS, default="many", help="how many disks are built at each cut")
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
    counts = Counts() if broken and options.stop_at_first else _run(options)
    if not options.json:
        _show(counts)
    _say(json.dumps({**vars(counts), "broken_rules": broken}))
    return int(bool(broken) or not counts.holds)


def _run(options: argparse.Namespace) -> Counts:
    day, disks = DAYS[options.day], DISKS[options.disks]
    try:
        return run(Campaign(day, disks, options.seed, stop_at_first=options.stop_at_first))
    except DayFailed as error:
        return Counts(day_failed=last_line(error))


def _catches() -> Iterator[Catch]:
    for mutant in MUTANTS:
        yield hunt(mutant)
    for site in commits_of_the_day():
        yield hunt_commit(site)


def try_mutants(options: argparse.Namespace) -> int:
    """Hunt all mutants; print what has caught each."""
    caught: list[Catch] = []
    for catch in _catches():
        caught.append(catch)
        if not options.json:
            _say(f"{catch.mutant:58} {catch.by}")
    survived = [catch.mutant for catch in caught if catch.by == SURVIVED]
    elsewhere = len(set(all_commits())) - len(commits_of_the_day())
    _say(
        json.dumps(
            {
                "mutants": len(caught),
                "caught": len(caught) - len(survived),
                "survived": survived,
                "commits_outside_the_day": elsewhere,
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
