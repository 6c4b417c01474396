"""The lock: one station process works at a time, and a dead one holds nothing."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from station.clock import SystemClock
from station.errors import ExitStatus, Refused, StationError
from station.ports import PrinterReading
from station.restoration import store as restorations
from station.service.control import is_listening
from station.service.lock import StationLock, lock_in_time
from tests.unit.station.office_desk import Desk, assert_explained

HOLD = """
import sys
from pathlib import Path
from station.service.lock import StationLock
with StationLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_process(file: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_holder_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    lock = tmp_path / "station.lock"
    with another_process(lock) as holder:
        with pytest.raises(Refused) as refused, StationLock(lock):
            pass
        assert refused.value.code == "STATION_BUSY"
        assert refused.value.values["process"] == str(holder.pid)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_dead_holder_holds_nothing(tmp_path: Path, number: signal.Signals) -> None:
    lock = tmp_path / "station.lock"
    with another_process(lock) as holder:
        holder.send_signal(number)
        holder.wait(10)
        with StationLock(lock):
            assert lock.read_text() == str(os.getpid())


def test_a_lock_that_was_given_back_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(3):
        with StationLock(tmp_path / "station.lock"):
            pass


def test_a_lock_is_given_back_after_an_exception(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), StationLock(tmp_path / "station.lock"):
        raise ZeroDivisionError
    with StationLock(tmp_path / "station.lock"):
        pass


def test_a_process_started_meanwhile_does_not_inherit_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "station.lock"
    command = [sys.executable, "-c", "print('there', flush=True); input()"]
    with StationLock(lock):
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False)
    assert child.stdout is not None
    assert child.stdout.readline() == b"there\n"  # it runs now: what it was not to inherit is closed
    try:
        with StationLock(lock):
            pass
    finally:
        child.communicate(b"\n")


def test_the_lock_and_its_folder_are_the_stations_alone(tmp_path: Path) -> None:
    lock = tmp_path / "fresh" / "station.lock"
    with StationLock(lock):
        assert lock.stat().st_mode & 0o777 == 0o600
        assert lock.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_an_error_with_a_code(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StationError) as refused, StationLock(tmp_path / "file" / "data" / "station.lock"):
        pass
    assert refused.value.code == "DATABASE_UNUSABLE"


def test_a_folder_in_the_locks_place_is_an_error_with_a_code(tmp_path: Path) -> None:
    (tmp_path / "station.lock").mkdir()
    with pytest.raises(StationError) as refused, StationLock(tmp_path / "station.lock"):
        pass
    assert refused.value.code == "DATABASE_UNUSABLE"


def test_commands_that_change_something_wait_a_moment_only(desk: Desk) -> None:
    with another_process(desk.folder / "station.lock") as holder:
        for words in (
            ("jobs", "run"),
            ("jobs", "add", "nowhere"),
            ("lanes", "clear", "A", "--by", "Siti", "--reason", "r"),
            ("run",),
        ):
            said = desk.run(*words)
            assert said.status == ExitStatus.REFUSED
            assert str(holder.pid) in said.words + said.complaints
            assert_explained(said.words + said.complaints, "STATION_BUSY")


def test_commands_that_only_look_go_on(desk: Desk) -> None:
    with another_process(desk.folder / "station.lock"):
        for words in (("jobs", "list"), ("lanes", "show"), ("blanks", "show"), ("questions", "list")):
            assert desk.run(*words).status == ExitStatus.DONE


# ---- a station that starts while a command has the lock for a moment ----


def in_time(file: Path, *, is_station: bool = False, patience: float = 20.0) -> list[str]:
    """Take the lock as `station run` does; return what it said."""
    said = list[str]()
    with lock_in_time(file, SystemClock(), patience, lambda: is_station, lambda: said.append("waits")):
        assert file.read_text() == str(os.getpid())
    return said


def test_a_station_waits_for_a_command_that_has_the_lock_for_a_moment(tmp_path: Path) -> None:
    lock = tmp_path / "station.lock"
    with another_process(lock) as command:
        ends = threading.Timer(0.7, command.communicate, ("\n",))
        ends.start()
        assert in_time(lock) == ["waits"]
        ends.join()
    assert in_time(lock) == []


def test_a_station_that_runs_is_not_waited_for(tmp_path: Path) -> None:
    lock = tmp_path / "station.lock"
    with another_process(lock), pytest.raises(Refused) as refused:
        in_time(lock, is_station=True)
    assert refused.value.code == "STATION_BUSY"


def test_a_command_that_does_not_end_is_not_waited_for_without_end(tmp_path: Path) -> None:
    lock = tmp_path / "station.lock"
    with another_process(lock) as command:
        with pytest.raises(Refused) as refused:
            in_time(lock, patience=0.5)
        assert refused.value.values["process"] == str(command.pid)


def test_a_socket_that_a_dead_station_has_left_is_no_station(tmp_path: Path) -> None:
    path = tmp_path / "station.sock"
    assert not is_listening(path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as station:
        station.bind(str(path))
        station.listen(1)
        assert is_listening(path)
    assert path.exists()
    assert not is_listening(path)


def test_the_comparison_after_a_restore_does_not_keep_the_station_from_starting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`backup compare` asks a slow printer, and a station is started meanwhile: it waits, then it runs."""
    with desk.database.transaction() as transaction:
        row = desk.journal.event(transaction, "restored_from_backup", None)
        restorations.add(transaction, row, "B-1", "2017", "2017")
    asked, read = threading.Event(), desk.devices.read

    def slowly() -> PrinterReading:
        asked.set()
        waits.wait(20)
        return read()

    waits = threading.Event()
    monkeypatch.setattr(desk.devices, "read", slowly)
    compare = threading.Thread(target=desk.run, args=("backup", "compare"))
    compare.start()
    assert asked.wait(20)
    with lock_in_time(desk.folder / "station.lock", SystemClock(), 20.0, lambda: False, waits.set):
        compare.join(20)
    assert not compare.is_alive()
