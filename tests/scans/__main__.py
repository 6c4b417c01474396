"""The command line: `python -m tests.scans [--letters N] [--seed N …] [--worst] [--paper folio]`."""

import argparse
import sys
from collections.abc import Sequence

from tests.scans.counting import count_read
from tests.scans.phone import Hardness


def main(arguments: Sequence[str] | None = None) -> int:
    """Scan letters and print for each seed how many of their codes are read.

    Returns:
        The exit status: 0 when at least 99 % of each seed's codes are read, else 1.
    """
    options = _parser().parse_args(arguments)
    hardness = Hardness.WORST if options.worst else Hardness.ANY
    enough = True
    for seed in options.seed:
        count = count_read(seed, options.letters, hardness, options.paper)
        sys.stdout.write(f"seed {seed}: {count.sentence()}\n")
        sys.stdout.flush()  # a seed takes minutes
        enough = enough and count.is_enough
    return 0 if enough else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.scans", description=__doc__)
    parser.add_argument("--letters", type=int, default=200, help="how many for each seed")
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="one or more")
    parser.add_argument("--worst", action="store_true", help="tilt and blur at their ends in every picture")
    parser.add_argument("--paper", choices=["a4", "folio"], default="a4")
    return parser


if __name__ == "__main__":
    sys.exit(main())
