"""The command line: `python -m tests.bench [--name GROUP] [--json]`."""

import argparse
import json
import sys
from collections.abc import Sequence

from tests.bench.groups import GROUPS
from tests.bench.rows import BenchFailed, Group, Row
from tests.bench.table import table


def main(arguments: Sequence[str] | None = None, groups: Sequence[Group] = GROUPS) -> int:
    """Measure and print the groups that are asked for, all of them if none is named.

    With `--json` the last line is `{"rows": [{"name", "ours", "peer", "ratio", "goal"}]}`.

    Returns:
        The exit status: 0, also when a goal is missed; 1 when a group could not be measured. An unknown
        group ends the program with 2.
    """
    options = _make_parser(groups).parse_args(arguments)
    rows: list[Row] = []
    for group in groups:
        if options.name in (None, group.name):
            try:
                rows += _show(group)
            except BenchFailed as failure:
                sys.stderr.write(f"tests.bench: {group.name}: {failure}\n")
                return 1
    if options.json:
        sys.stdout.write(json.dumps({"rows": [row.document() for row in rows]}) + "\n")
    return 0


def _show(group: Group) -> Sequence[Row]:
    sys.stdout.write(f"== {group.name}: {group.about}\n")
    sys.stdout.flush()  # a group may take a minute
    rows = group.measure()
    sys.stdout.write(table(rows) + "\n")
    sys.stdout.flush()
    return rows


def _make_parser(groups: Sequence[Group]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--name", choices=[group.name for group in groups], help="only this group")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
