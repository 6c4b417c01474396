"""Start every simulator of an office: `python -m simulators.rig --folder DIR ...`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from simulators.rig.errors import RigCancelled, RigError
from simulators.rig.options import CHIP_STATIONS, CONNECTIONS, RigOptions
from simulators.rig.rig import Rig
from simulators.stopping import StopWish

LOOK = 0.2  # seconds between two looks at the programs


def main(arguments: list[str] | None = None) -> int:
    """Run a rig until SIGTERM or SIGINT; the ready line on stdout is JSON.

    Returns:
        The exit status: 0 ended by a signal, 1 something failed, 2 wrong usage.
    """
    parser = _make_parser()
    try:
        options = _options(parser.parse_args(arguments))
    except ValueError as error:
        parser.error(str(error))
    stop = StopWish()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.on_signal)
    try:
        with Rig(options, stop) as rig:
            sys.stdout.write(json.dumps(rig.ready_document()) + "\n")
            sys.stdout.flush()
            _watch(rig, stop)
    except RigCancelled:
        return 0
    except RigError as error:
        sys.stderr.write(f"simulators.rig: {error}\n")
        return 1
    return 0


def _watch(rig: Rig, stop: StopWish) -> None:
    """Stay until somebody stops the rig.

    Raises:
        RigError: a program has ended by itself.
    """
    while not stop.wait(LOOK):
        for name, status in rig.dead_parts().items():
            raise RigError(f"{name} has ended with status {status}; everything is stopped")


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.rig", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="takes all that the rig makes; may exist")
    parser.add_argument("--printers", type=int, default=1, help="lanes, each a printer with its reader")
    parser.add_argument("--speed", type=float, default=1.0, help="simulated per real seconds; 0 = no waiting")
    parser.add_argument("--seed", type=int, default=1, help="of the blanks and their key")
    parser.add_argument(
        "--hopper", type=int, default=20, help="blanks in each hopper at the first start; book them too"
    )
    parser.add_argument("--model", default="Primacy 2", help="model of the printers")
    parser.add_argument("--ribbon", default="YMCKO", help="kind of ribbon at the first start")
    parser.add_argument("--ribbon-sets", "--ribbon-panels", type=int, default=200, help="sets left on it")
    parser.add_argument("--tray-capacity", type=int, help="cards in the good tray; default: the model's")
    parser.add_argument("--connection", choices=CONNECTIONS, default=CONNECTIONS[0])
    parser.add_argument("--paper", action="store_true", help="with a paper printer behind a private cupsd")
    parser.add_argument("--scanner", action="store_true", help="with a fingerprint scanner on the counter")
    parser.add_argument("--chip-station", choices=CHIP_STATIONS, default=CHIP_STATIONS[0])
    return parser


def _options(given: argparse.Namespace) -> RigOptions:
    return RigOptions(
        folder=given.folder.resolve(),
        printers=given.printers,
        speed=given.speed,
        seed=given.seed,
        hopper=given.hopper,
        model=given.model,
        ribbon=given.ribbon,
        ribbon_sets=given.ribbon_sets,
        tray_capacity=given.tray_capacity,
        connection=given.connection,
        chip_station=given.chip_station,
        paper=given.paper,
        scanner=given.scanner,
    )


if __name__ == "__main__":
    sys.exit(main())
