"""Batches of letters that are killed: `python -m tests.letters_killed --count 10000 --kills 20 --seed 1`.

Each batch is the command `station letters batch` over the same people, with a token, a vault and a journal.
It is killed with SIGKILL at a random moment and given again, until one comes to its end. Then every number of
the year is there once, every person has one letter, every letter opens, its signature and its code are good,
and the folder holds exactly the letters. Of each kind of process the memory is told.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.letters_killed.campaign import Campaign, Survived, campaign
from tests.letters_killed.office import CommandFailed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign; the last line is JSON. Exit status 0 when all is there, once."""
    parser = argparse.ArgumentParser(prog="python -m tests.letters_killed", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="letters")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="letters-killed-"))
    try:
        done = campaign(folder, options.count, options.kills, options.seed)
    except (CommandFailed, Survived) as failure:
        sys.stdout.write(f"seed {options.seed}: {failure}\n")
        return 1
    finally:
        shutil.rmtree(folder)
    _tell(options.count, done)
    return 0


def _tell(count: int, done: Campaign) -> None:
    longest = done.longest
    say = sys.stdout.write
    say(f"{count} letters, {done.void} void numbers, {done.kills} batches killed\n")
    say(f"letters there at each beginning: {[run.letters for run in done.runs]}\n")
    say(f"numbers begun at each beginning: {[run.begun for run in done.runs]}\n")
    say(f"files half written at each beginning: {[run.files for run in done.runs]}\n")
    say(f"memory in MiB, the most of all batches: {_mib(done.peak)}\n")
    say(
        f"the longest batch made {longest.made} letters: early {_mib(longest.early)}, "
        f"at its end {_mib(longest.peak)}\n"
    )
    say(f"memory of the first batch {_mib(done.runs[0].peak)}, of the last {_mib(done.runs[-1].peak)}\n")
    each = done.seconds / count * 1000
    say(f"{done.seconds:.1f} s for all batches, {each:.1f} ms a letter with what the deaths have cost\n")
    if longest.made:
        say(f"the longest batch: {longest.seconds / longest.made * 1000:.1f} ms a letter\n")
    document = {
        "letters": count,
        "void": done.void,
        "kills": done.kills,
        "peak_mib": done.peak,
        "early_mib": longest.early,
        "late_mib": longest.peak,
        "seconds": done.seconds,
        "ms_a_letter": each,
    }
    say(json.dumps(document) + "\n")


def _mib(peaks: dict[str, float]) -> str:
    return ", ".join(f"{kind} {peak:.0f}" for kind, peak in peaks.items() if kind != "tracker") or "-"


if __name__ == "__main__":
    sys.exit(main())
