"""Starts a private pcscd with virtual readers and stays until SIGTERM."""

import argparse
import os
import sys
from pathlib import Path

from simulators.pcsc.namespace import bring_loopback_up, entry_command, hide_run_folder
from simulators.pcsc.readers import name_readers
from simulators.pcsc.supervisor import Supervisor

_INSIDE = "--inside-namespace"


def main(arguments: list[str]) -> int:
    """Run the command; the first call becomes the second, inside the namespace, under the same pid.

    Returns:
        The exit status: 0 ended by a signal, 1 something is missing, 2 wrong usage.
    """
    parser = _make_parser()
    options = parser.parse_args(arguments)
    try:
        readers = name_readers(options.reader)
    except ValueError as fault:
        parser.error(str(fault))
    try:
        if not options.inside_namespace:
            command = [sys.executable, "-m", "simulators.pcsc", _INSIDE, *arguments]
            entry = entry_command(command)
            os.execvp(entry[0], entry)
        bring_loopback_up()
        hide_run_folder()
        folder = options.folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        Supervisor(folder, readers, options.restart_after).run()
    except OSError as fault:
        sys.stderr.write(f"simulators.pcsc: {fault}\n")
        return 1
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.pcsc", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="sockets, pid, log and reader files")
    parser.add_argument("--reader", action="append", required=True, metavar="NAME", help="may be repeated")
    parser.add_argument(
        "--restart-after", type=float, default=1.0, metavar="SECONDS", help="how long a dead pcscd stays dead"
    )
    parser.add_argument(_INSIDE, action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
