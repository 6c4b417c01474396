"""Command line: `python -m tests.fuzz --mutations 10000 --seed 1`."""

import argparse
import sys
from collections.abc import Sequence

from tests.fuzz.hunting import Broken, Tally, hunt


def main(arguments: Sequence[str] | None = None) -> int:
    """Try mutations; exit status 0 when each ended in a code and nothing was half done, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    tally = Tally()
    try:
        for tally in hunt(options.mutations, options.seed):
            sys.stdout.write(f"{sum(tally.ways.values())} mutations\n")
            sys.stdout.flush()
    except Broken as broken:
        sys.stdout.write(f"{broken}\n")
        return 1
    for title, counts in (("way", tally.ways), ("ended in", tally.codes)):
        for name, count in counts.most_common():
            sys.stdout.write(f"{title} {name}: {count}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
