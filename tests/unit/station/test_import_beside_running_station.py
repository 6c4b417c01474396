"""`station records import` in processes of their own while `station run` makes cards from the same folder."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from station.cards.store import JobState
from station.journal.store import broken_at, stored_rows
from station.service.control import is_listening
from tests.fakes.exchange import trust
from tests.fakes.station import records
from tests.unit.bundles.bundle_maker import write_people
from tests.unit.station.office_desk import Desk

REPOSITORY = Path(__file__).parents[3]
PATIENCE = 90.0
BUNDLES, PEOPLE, JOBS = 6, 3, 4

# A whole `station run`: settings, lock, socket, threads and database are real; the printer and keys are not.
RUN = """
import sys, time
import pytest
import station.office
from station.clock import SystemClock
from station.commands.main import main
from tests.fakes.devices import FakeLane
from tests.unit.station.office_desk import fake_devices

patch, devices = pytest.MonkeyPatch(), FakeLane(8)
fake_devices(patch, devices)
patch.setattr(station.office, "SystemClock", SystemClock)
devices.hook = lambda where: time.sleep(0.03)
sys.exit(main(["--config", sys.argv[1], "run"]))
"""


@contextmanager
def running_station(desk: Desk) -> Iterator["subprocess.Popen[bytes]"]:
    """`station run` in a process of its own; it is stopped as a person stops it."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(desk.config)],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        wait_until(lambda: is_listening(desk.folder / "station.sock") or process.poll() is not None)
        yield process
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, complaints.decode()
    finally:
        process.kill()
        process.wait()


def importing(desk: Desk, folder: Path) -> "subprocess.Popen[str]":
    command = [str(Path(sys.executable).parent / "station"), "--config", str(desk.config), "--lang", "en"]
    return subprocess.Popen(
        [*command, "records", "import", str(folder), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_two_imports_beside_the_running_station_lose_nothing_and_stop_no_lane(
    desk: Desk, tmp_path: Path
) -> None:
    trust(desk.office_folder / "senders")
    stick = tmp_path / "stick"
    stick.mkdir()
    for number in range(BUNDLES):
        write_people(stick / f"{number}.bundle", PEOPLE, PEOPLE * number)
    desk.add(records(tmp_path / "records", JOBS))
    with running_station(desk):
        processes = [importing(desk, stick) for _ in range(2)]
        said = [process.communicate(timeout=PATIENCE) for process in processes]
        wait_until(lambda: all(desk.job(number).state is JobState.READY for number in range(1, JOBS + 1)))
    assert [process.returncode for process in processes] == [0, 0], said
    documents = [json.loads(words) for words, _ in said]
    assert sum(one["accepted"] for one in documents) == BUNDLES * PEOPLE
    for one in documents:  # what the one has taken in, the other knows from before, or holds already
        assert one["accepted"] + one["before"] + one["duplicates"] == BUNDLES * PEOPLE
        assert (one["refused"], one["set_aside"]) == ([], [])
    with desk.database.reading() as transaction:
        assert broken_at(transaction) is None
        names = [row.name for row, _ in stored_rows(transaction)]
        held = transaction.exec_driver_sql("SELECT count(*) FROM held_records").scalar_one()
    assert names.count("record_received") == held == BUNDLES * PEOPLE
    assert names.count("card_ready") == JOBS
    assert desk.balances().difference == 0


def test_an_import_that_dies_beside_the_running_station_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    trust(desk.office_folder / "senders")
    stick = tmp_path / "stick"
    stick.mkdir()
    for number in range(BUNDLES):
        write_people(stick / f"{number}.bundle", PEOPLE, PEOPLE * number)
    with running_station(desk):
        first = importing(desk, stick)
        wait_until(lambda: first.poll() is not None or _held(desk) > 0)
        first.kill()
        first.communicate(timeout=PATIENCE)
        words, complaints = importing(desk, stick).communicate(timeout=PATIENCE)
        assert json.loads(words)["bundles"] == BUNDLES, complaints
        assert _held(desk) == BUNDLES * PEOPLE
        desk.run("jobs", "add", str(records(tmp_path / "records", 1)[0]))
        wait_until(lambda: desk.job(1).state is JobState.READY)


def _held(desk: Desk) -> int:
    with desk.database.reading() as transaction:
        return int(transaction.exec_driver_sql("SELECT count(*) FROM held_records").scalar_one())
