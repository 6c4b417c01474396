"""The demo: `python -m simulators.demo [--stay | --run]`."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from simulators.demo import plan
from simulators.demo.errors import DemoError
from simulators.demo.main_job import run_main_job
from simulators.demo.office import DemoFolders, Office, make_rig
from simulators.demo.screen import Screen
from simulators.demo.standing import run_station
from simulators.demo.station_command import StationCommand
from simulators.demo.stay import stay
from simulators.rig import RigError, is_folder_busy

MARK = ".demo"  # lies in a folder that a demo has made, and that a demo may therefore throw away
TERMINATED = 143


def main(arguments: list[str] | None = None) -> int:
    """Run the demo.

    Returns:
        The exit status: 0 all is as it must be, 1 something differs or failed, 2 wrong usage.
    """
    options = _make_parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _end)
    screen = Screen()
    try:
        return _run(options, DemoFolders(options.folder.resolve()), screen)
    except (DemoError, RigError) as error:
        screen.say(f"Demo tidak dapat dilanjutkan: {error}", f"The demo cannot go on: {error}")
        return 1
    except KeyboardInterrupt:
        screen.say("Dihentikan.", "Stopped.")
        return 0 if options.run or options.stay else 1


def _run(options: argparse.Namespace, folders: DemoFolders, screen: Screen) -> int:
    begun = time.monotonic()
    if not options.run:
        _make_anew(folders)
    _mark(folders)
    screen.title("Simulator dinyalakan", "The simulators are started")
    with make_rig(folders, options.speed) as rig:
        office = Office(folders, rig, StationCommand(rig.environment(), options.lang), screen)
        if options.run:
            return run_station(office)
        right = run_main_job(office, begun)
        if right and options.stay:
            return stay(office, sys.stdin)
        return 0 if right else 1


def _make_anew(folders: DemoFolders) -> None:
    """Throw the former demo away.

    Raises:
        DemoError: the folder is not a demo's, or a demo is at work in it.
    """
    root = folders.root
    if not root.exists() or not any(root.iterdir()):
        return
    if not (root / MARK).exists():
        raise DemoError(f"{root} was not made by a demo and is left alone")
    if is_folder_busy(folders.rig):
        raise DemoError(f"another demo works in {root}")
    shutil.rmtree(root)


def _mark(folders: DemoFolders) -> None:
    folders.root.mkdir(parents=True, exist_ok=True)
    (folders.root / MARK).touch()


def _end(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends the demo by the same way as an error does: everything is stopped on it."""
    raise SystemExit(TERMINATED)


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.demo", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("demo"), help="takes everything; made anew")
    after = parser.add_mutually_exclusive_group()
    after.add_argument("--stay", action="store_true", help="then keep the office running, with a menu")
    after.add_argument("--run", action="store_true", help="only run the station on simulators, until Ctrl-C")
    parser.add_argument("--speed", type=float, default=plan.SPEED, help="simulated per real seconds")
    parser.add_argument("--lang", choices=("id", "en"), default="id", help="language of the station")
    return parser


if __name__ == "__main__":
    sys.exit(main())
