"""Command line: write the records of synthetic people into a folder."""

import argparse
import sys
from pathlib import Path

from .folders import write_people
from .grown_fingers import grown_fingers_record


def main() -> int:
    """Write the folders that the arguments ask for and say how many. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m simulators.people", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes")
    parser.add_argument("--count", type=int, default=60, help="60 people cover every vocabulary value")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets one folder per record")
    parser.add_argument("--status", help="give every record this status instead of a mixture")
    parser.add_argument(
        "--grown-fingers",
        type=int,
        default=0,
        metavar="N",
        help="the first N people get fingers that a simulated scanner can press; seconds each, once",
    )
    arguments = parser.parse_args()
    if arguments.count < 1:
        parser.error("--count must be at least 1")
    people = range(min(arguments.grown_fingers, arguments.count))
    fingers = {number: grown_fingers_record(arguments.seed, number) for number in people}
    folders = write_people(arguments.seed, arguments.count, arguments.out, arguments.status, fingers)
    sys.stdout.write(f"{len(folders)} synthetic records in {arguments.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
