"""Start a simulated data centre: `python -m simulators.centre --folder DIR ...`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from simulators.admin import AdminServer
from simulators.centre.centre import Centre, Equipment
from simulators.centre.http_port import HttpPort
from simulators.centre.program import Program
from simulators.centre.verdicts import ONLY_GOOD, Deduplication, read_shares
from simulators.stopping import LOOK, StopWish

USAGE = 2  # exit status


def main(arguments: list[str] | None = None) -> int:
    """Run a centre until SIGTERM or SIGINT; the ready line on stdout is JSON."""
    options = _parser().parse_args(arguments)
    stop = StopWish()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.on_signal)
    try:
        centre = Centre(_equipment(options))
        port = HttpPort(centre, options.port)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"simulators.centre: {error}\n")
        return USAGE
    admin = None if options.admin_port is None else AdminServer(Program(centre), options.admin_port)
    ready = {
        "port": port.port,
        "admin_port": admin and admin.port,
        "ca": str(centre.identity.authority),
        "signing": str(centre.identity.signing_public),
        "encryption": str(centre.identity.encryption_public),
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    while not stop.wait(LOOK):
        continue
    if admin is not None:
        admin.close()
    for part in (port, centre):
        part.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.centre", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the truth is kept")
    parser.add_argument("--port", type=int, default=0, help="HTTPS port; 0 = any")
    parser.add_argument("--admin-port", type=int, help="0 = any; without it there is no admin port")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="simulated per real seconds; 0 = by pass_time"
    )
    parser.add_argument("--seed", type=int, default=1, help="of delays, verdicts and random faults")
    parser.add_argument("--shortest", type=float, default=0.0, help="shortest search, simulated seconds")
    parser.add_argument("--longest", type=float, default=0.0, help="longest search, simulated seconds")
    parser.add_argument(
        "--verdicts", type=read_shares, default=tuple(ONLY_GOOD.items()), help="STATUS=SHARE,STATUS=SHARE"
    )
    parser.add_argument("--fail-one-in", type=int, default=0, help="one request of so many fails; 0 = none")
    parser.add_argument("--forget-bodies", action="store_true", help="keep no received bytes on the disk")
    return parser


def _equipment(options: argparse.Namespace) -> Equipment:
    return Equipment(
        folder=options.folder.resolve(),
        deduplication=Deduplication(options.shortest, options.longest, options.seed, options.verdicts),
        speed=options.speed,
        seed=options.seed,
        fail_one_in=options.fail_one_in,
        keep_bodies=not options.forget_bodies,
    )


if __name__ == "__main__":
    sys.exit(main())
