"""Start a simulated fingerprint sensor: `python -m simulators.zhiantec --folder DIR --link PATH ...`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from simulators.admin import AdminServer
from simulators.fingers.__main__ import finger_named
from simulators.stopping import StopWish
from simulators.zhiantec.program import Equipment, Program
from simulators.zhiantec.sensor import MODELS, STEP

USAGE: Final = 2  # exit status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one sensor until SIGTERM or SIGINT; the ready line on stdout is JSON."""
    options = _options(arguments)
    stop = StopWish()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.on_signal)
    equipment = Equipment(
        options.folder, options.link, MODELS[options.model], options.baud, options.speed, options.seed
    )
    try:
        program = Program(equipment, stop)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"simulators.zhiantec: {error}\n")
        return USAGE
    if options.finger is not None:
        program.person("press", {"finger": options.finger, "press": options.press})
    admin = None if options.admin_port is None else AdminServer(program, options.admin_port)
    ready = {"port": str(options.link), "baud": program.sensor.truth.baud, "admin_port": admin and admin.port}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    program.run()
    if admin is not None:
        admin.close()
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators.zhiantec", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the truth is kept")
    parser.add_argument("--link", type=Path, required=True, help="the serial port is found here")
    parser.add_argument("--model", choices=sorted(MODELS), default="R503")
    parser.add_argument("--baud", type=int, choices=[STEP * number for number in range(1, 13)], default=57600)
    parser.add_argument("--admin-port", type=int, help="0 = any; without it there is no admin port")
    parser.add_argument("--speed", type=float, default=1.0, help="simulated per real seconds; 0 = no waiting")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--finger", type=finger_named, help="lies there from the start: seed, or 1/0/2")
    parser.add_argument("--press", type=int, default=1, help="number of that finger's touch")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
