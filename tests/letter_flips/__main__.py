"""Command line: `python -m tests.letter_flips --seed 1`, or `make flips`."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence

from tests.letter_flips.hunting import BELIEVED, Tally, hunt_everything
from tests.letter_flips.letter import judge, make_letter


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all positions; exit status 0 when every change was answered and none was believed, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.letter_flips", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="chooses the bit in each byte of the file")
    options = parser.parse_args(arguments)
    letter = make_letter()
    if judge().judge(letter.pdf).answer not in BELIEVED:
        sys.stdout.write("the unchanged letter is not believed: nothing was tried\n")
        return 1
    sys.stdout.write(f"a signed letter of {len(letter.pdf)} bytes, a code of {len(letter.code)} characters\n")
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for name, tally in hunt_everything(letter, options.seed):
        tallies[name].add(tally)
    for name, tally in tallies.items():
        sys.stdout.write(_line(name, tally))
    return 0 if not any(tally.believed or tally.failed for tally in tallies.values()) else 1


def _line(name: str, tally: Tally) -> str:
    ended = ", ".join(f"{answer} {count}" for answer, count in tally.answers.most_common())
    bad = [*tally.believed, *tally.failed]
    first = f"; first: {bad[0]}" if bad else ""
    return (
        f"{name}: {tally.tried} tried ({ended}), {len(tally.believed)} accepted, "
        f"{len(tally.failed)} without an answer{first}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
