"""The child that is recorded: a station from its first start on, its lock, its PIN guard, its cards.

python -m tests.crash.lost_writes.recorded_day ROOT MORNING AFTERNOON BLANKS [SITE]
"""

import sys
from functools import partial
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

from drivers.token.pin_guard import PinFlags, PinGuard
from station.commands.papers import write_new
from station.database import Database
from station.service.lock import StationLock
from tests.crash.lost_writes.database import MarkedDatabase
from tests.crash.lost_writes.day import ANCHOR, DayPlan, add_next, begin, seal_of, work_off
from tests.crash.lost_writes.devices import MarkedLane, TruthFolder
from tests.crash.lost_writes.marks import KeptMark, Marker, MarkFile, TokenMark
from tests.crash.lost_writes.recording import MARKS, WATCHED
from tests.fakes import station as fakes
from tests.fakes.station import FakeStation

RECORDS = "records"
TRUTHS = "truths"
LOCK = "station.lock"
PAPER = "statement.pdf"
TOKEN = b"token 1"
RIGHT, WRONG = "123456", "654321"


def open_station(data: Path, lane: MarkedLane, marker: Marker, without_commit: str | None) -> FakeStation:
    """A station on the marked database."""
    marked = partial(MarkedDatabase, marker=marker, without_commit=without_commit)
    with patch.object(fakes, Database.__name__, marked):
        return FakeStation(data, lane)


def try_pin(data: Path, pin: str, flags: PinFlags, marker: Marker) -> None:
    """Log in to a token as the driver does; the token itself is a mark."""
    with PinGuard(data, "fake", TOKEN).attempt() as guard:
        marker.write(TokenMark(pin=pin, accepted=None))
        guard.begin(flags, pin)
        marker.write(TokenMark(pin=pin, accepted=pin == RIGHT))
        if pin == RIGHT:
            guard.accept()
        else:
            guard.refuse(pin)


def keep(path: Path, root: Path, marker: Marker) -> None:
    """Mark that a file was written for good."""
    content = path.read_bytes()
    relative = path.relative_to(root).as_posix()
    marker.write(KeptMark(path=relative, length=len(content), digest=sha256(content).hexdigest()))


def end_job(station: FakeStation, root: Path, marker: Marker) -> None:
    """What the station does after each card: the token signs the journal's head."""
    seal_of(station).sign()
    keep(station.folder / ANCHOR, root, marker)


def run_day(root: Path, plan: DayPlan, without_commit: str | None) -> None:
    """The whole day."""
    marker, data = MarkFile(root / MARKS), root / WATCHED
    lane = MarkedLane(plan.blanks, marker, TruthFolder(root / TRUTHS))
    lane.cards[0].bad = True
    folders = sorted((root / RECORDS).iterdir())
    with StationLock(data / LOCK):
        try_pin(data, WRONG, PinFlags(), marker)
        station = open_station(data, lane, marker, without_commit)
        begin(station, plan.blanks)
        add_next(station, folders, plan.morning)
        work_off(station, lane)
        end_job(station, root, marker)
        write_new(data / PAPER, bytes(range(256)) * 12)
        keep(data / PAPER, root, marker)
        station.close()
    with StationLock(data / LOCK):
        try_pin(data, RIGHT, PinFlags(count_low=True), marker)
        station = open_station(data, lane, marker, without_commit)
        lane.arm("print", lane.jam_while_printing)
        for _ in range(plan.afternoon):
            add_next(station, folders, 1)
            work_off(station, lane)
            end_job(station, root, marker)
        station.close()


def main(arguments: list[str]) -> None:
    """Read the arguments and run."""
    root, morning, afternoon, blanks, *site = arguments
    run_day(Path(root), DayPlan(int(morning), int(afternoon), int(blanks)), site[0] if site else None)


if __name__ == "__main__":
    main(sys.argv[1:])
