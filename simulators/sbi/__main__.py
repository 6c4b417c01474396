"""Start a simulated fingerprint scanner's service: `python -m simulators.sbi --folder DIR`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from simulators.admin import AdminServer
from simulators.sbi.http_port import SbiPort
from simulators.sbi.model import (
    AUTHENTICATION,
    ENVIRONMENTS,
    LOOPBACK,
    REGISTRATION,
    SINGLE,
    SLAP,
    Model,
)
from simulators.sbi.program import Program
from simulators.sbi.service import Service
from simulators.stopping import LOOK, StopWish

USAGE = 2  # exit status


def main(arguments: list[str] | None = None) -> int:
    """Run a service until SIGTERM or SIGINT; the ready line on stdout is JSON."""
    options = _parser().parse_args(arguments)
    stop = StopWish()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.on_signal)
    try:
        service = Service(options.folder.resolve(), _model(options))
        port = SbiPort(service, options.port)
        admin = None if options.admin_port is None else AdminServer(Program(service), options.admin_port)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"simulators.sbi: {error}\n")
        return USAGE
    ready = {
        "port": port.port,
        "url": f"sbi://{LOOPBACK}:{port.port}?serial={options.serial}",
        "serial": options.serial,
        "environment": options.environment,
        "roots": str(service.identity.roots),
        "admin_port": admin and admin.port,
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    while not stop.wait(LOOK):
        continue
    if admin is not None:
        admin.close()
    service.stop_stream()
    port.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.sbi", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where truth and keys are kept")
    parser.add_argument("--port", type=int, default=0, help="0 = the first free one of 4501 to 4600")
    parser.add_argument("--admin-port", type=int, help="0 = any; without it there is no admin port")
    parser.add_argument("--serial", default="000012345678", help="deviceCode; 12 characters or more")
    parser.add_argument("--kind", choices=(SINGLE, SLAP), default=SINGLE)
    parser.add_argument("--purpose", choices=(REGISTRATION, AUTHENTICATION), default=REGISTRATION)
    parser.add_argument("--environment", choices=ENVIRONMENTS, default="Developer")
    parser.add_argument("--strict", action="store_true", help="take numbers in requests only as strings")
    parser.add_argument("--mock-admin", action="store_true", help="answer MockMDS's /admin calls to anybody")
    parser.add_argument(
        "--gives-up-on-low-score", action="store_true", help="701 below the requested score, as MockMDS"
    )
    parser.add_argument("--speed", type=float, default=1.0, help="how much faster than assumed hardware")
    return parser


def _model(options: argparse.Namespace) -> Model:
    if len(options.serial) < 12 or not options.serial.isalnum() or options.speed <= 0:
        raise ValueError("a serial has 12 letters or digits at least, and the speed is above 0")
    return Model(
        serial=options.serial,
        kind=options.kind,
        purpose=options.purpose,
        environment=options.environment,
        strict=options.strict,
        mock_admin=options.mock_admin,
        gives_up_on_low_score=options.gives_up_on_low_score,
        speed=options.speed,
    )


if __name__ == "__main__":
    sys.exit(main())
