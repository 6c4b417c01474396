"""The control socket: other commands work through the running station, and nothing that they say ends it."""

import json
import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.cards.store import JobState
from station.clock import SystemClock
from station.errors import DeviceAbsent, ExitStatus, Refused, StationError
from station.office import Office
from station.service.control import LONGEST_REQUEST, SERVED, ControlServer, carry_out
from station.service.lock import StationLock
from station.service.operations import AddedJob, AddJob, add_job
from station.settings import load_settings
from tests.fakes.station import records
from tests.unit.station.office_desk import Desk, assert_explained

PATIENCE = 20.0


class Running:
    """A station that runs in this process, as `station run` does, without its lanes."""

    def __init__(self, desk: Desk) -> None:
        self.office = Office(load_settings(desk.config, {}))
        self.socket = self.office.settings.control_socket
        self._lock = StationLock(self.office.settings.lock_file)
        self._server = ControlServer(self.office)

    def start(self) -> None:
        self._lock.__enter__()
        self._server.start()

    def stop(self) -> None:
        self._server.stop()
        self._lock.__exit__(None, None, None)
        self.office.close()

    def ask(self, line: bytes, end: bool = True) -> dict[str, object]:
        """Say something raw on the socket and read the one line that comes back."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(str(self.socket))
            connection.sendall(line)
            if end:
                connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as stream:
                answer: dict[str, object] = json.loads(stream.readline())
        return answer

    def code(self, line: bytes) -> str:
        """The code of the error that a line gets."""
        error = self.ask(line)["error"]
        assert isinstance(error, dict)
        return str(error["code"])


@pytest.fixture
def running(desk: Desk) -> Iterator[Running]:
    running = Running(desk)
    running.start()
    yield running
    running.stop()


def test_the_socket_is_the_stations_alone(running: Running) -> None:
    mode = running.socket.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_a_socket_left_behind_is_replaced(desk: Desk) -> None:
    left = desk.folder / "station.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(left))
    running = Running(desk)
    running.start()
    try:
        assert running.code(b"{}\n") == "UNDEFINED"
    finally:
        running.stop()
    assert not left.exists()


def test_commands_are_carried_out_by_the_running_station(
    running: Running, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    add = SERVED["add_job"]

    def watched(office: Office, arguments: object) -> AddedJob:
        threads.append(threading.current_thread().name)
        answer = add(office, arguments)
        assert isinstance(answer, AddedJob)
        return answer

    monkeypatch.setattr("station.service.control.SERVED", {**SERVED, "add_job": watched})
    (folder,) = records(tmp_path / "records", 1)
    (added,) = json.loads(desk.run("jobs", "add", str(folder), "--json").words)
    assert (added["job"], added["state"]) == (1, "queued")
    assert threads == ["control"]
    assert desk.job(1).state is JobState.QUEUED


def test_every_operation_says_the_same_through_the_socket(running: Running, desk: Desk) -> None:
    for words, code in (
        (("jobs", "add", "nowhere"), "RECORD_FOLDER_MISSING"),
        (("questions", "answer", "9", "--verdict", "x", "--by", "Siti", "--reason", "r"), "QUESTION_UNKNOWN"),
        (("lanes", "clear", "A", "--by", "Siti", "--reason", "r"), "LANE_NOT_BROKEN"),
        (("lanes", "clear", "A", "--by", "Nobody", "--reason", "r"), "STAFF_UNKNOWN"),
        (("blanks", "load", "--lane", "A", "--count", "5", "--by", "Siti"), "BLANKS_SHORT"),
    ):
        said = desk.run(*words)
        assert said.status == ExitStatus.REFUSED
        assert_explained(said.words + said.complaints, code)


def test_an_absent_token_keeps_its_exit_status_through_the_socket(
    running: Running, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(nik: str) -> str:
        raise DeviceAbsent("TOKEN_PIN_WRONG", token="fake")

    monkeypatch.setattr(Office.keys, "person_key", absent)
    (folder,) = records(tmp_path / "records", 1)
    said = desk.run("jobs", "add", str(folder))
    assert said.status == ExitStatus.DEVICE_ABSENT
    assert_explained(said.words, "TOKEN_PIN_WRONG")


MALFORMED = [
    b"\n",
    b"",
    b"no json\n",
    b"[]\n",
    b"{}\n",
    b'{"operation": 5, "arguments": {}}\n',
    b'{"operation": "add_job"}\n',
    b'{"operation": "add_job", "arguments": {}}\n',
    b'{"operation": "add_job", "arguments": {"folder": 7, "priority": "x"}}\n',
    b'{"operation": "add_job", "arguments": {"folder": "x", "priority": 1, "more": 1}}\n',
    b'{"operation": "add_job", "arguments": {}, "more": 1}\n',
    b"\xff\xfe\xfd\n",
    b"[" * 10_000 + b"\n",
]


@pytest.mark.parametrize("line", MALFORMED)
def test_a_malformed_line_gets_an_error_and_the_next_one_an_answer(running: Running, line: bytes) -> None:
    assert running.code(line) == "UNDEFINED"
    assert running.code(b'{"operation": "nothing", "arguments": {}}\n') == "STATION_UNREACHABLE"


def test_numbers_that_no_database_holds_get_an_error_and_do_not_end_the_station(
    running: Running, desk: Desk, tmp_path: Path
) -> None:
    (folder,) = records(tmp_path / "records", 1)
    request = {"operation": "add_job", "arguments": {"folder": str(folder), "priority": 10**30}}
    assert running.code(json.dumps(request).encode() + b"\n") == "UNDEFINED"
    assert running.code(b'{"operation": "nothing", "arguments": {}}\n') == "STATION_UNREACHABLE"
    assert desk.run("jobs", "list", "--json").document() == []


def test_a_line_without_an_end_is_not_read_for_ever(running: Running) -> None:
    answer = running.ask(b" " * (LONGEST_REQUEST + 1), end=False)
    assert answer["error"]


def test_a_command_that_goes_away_in_the_middle_does_no_harm(running: Running) -> None:
    for _ in range(3):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(str(running.socket))
            connection.sendall(b'{"operation": ')
    assert running.code(b"{}\n") == "UNDEFINED"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    operation=st.sampled_from(sorted(SERVED)),
    arguments=st.dictionaries(
        st.sampled_from(
            ["folder", "priority", "question", "verdict", "by", "reason", "lane", "move", "member"]
        ),
        st.none() | st.integers() | st.text(max_size=6) | st.just({"source": "stock", "target": "stock"}),
        max_size=5,
    ),
)
def test_no_request_whatever_ends_the_station(
    running: Running, operation: str, arguments: dict[str, object]
) -> None:
    line = json.dumps({"operation": operation, "arguments": arguments}).encode() + b"\n"
    assert set(running.ask(line)) == {"result", "error"}


def test_without_a_running_station_the_command_does_the_work_itself(desk: Desk, tmp_path: Path) -> None:
    (folder,) = records(tmp_path / "records", 1)
    assert desk.run("jobs", "add", str(folder)).status == ExitStatus.DONE
    assert not (desk.folder / "station.sock").exists()


def add_nothing(office: Office) -> AddedJob:
    """Ask for a job of a folder that is not there, here or in the station that runs."""
    return carry_out(office, "add_job", add_job, AddJob(folder=Path("x"), priority=5), AddedJob)


@pytest.fixture
def office(desk: Desk) -> Iterator[Office]:
    """A command's own office, with the real clock."""
    made = Office(load_settings(desk.config, {}), SystemClock())
    yield made
    made.close()


def test_a_station_that_hangs_up_is_unreachable(office: Office) -> None:
    with (
        StationLock(office.settings.lock_file),
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server,
    ):
        server.bind(str(office.settings.control_socket))
        server.listen(5)

        def hang_up() -> None:
            for _ in range(3):  # two look whether it listens, the third one asks
                connection, _ = server.accept()
                with connection:
                    connection.recv(1)

        hanging_up = threading.Thread(target=hang_up)
        hanging_up.start()
        with pytest.raises(DeviceAbsent) as refused:
            add_nothing(office)
        hanging_up.join(PATIENCE)
    assert refused.value.code == "STATION_UNREACHABLE"


def test_the_socket_that_a_dead_station_has_left_is_not_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else has the lock, such as `jobs run`: that is what the operator is told."""
    monkeypatch.setattr("station.service.control.MOMENT", 0.3)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(office.settings.control_socket))
    with StationLock(office.settings.lock_file), pytest.raises(Refused) as refused:
        add_nothing(office)
    assert refused.value.code == "STATION_BUSY"


def test_a_command_waits_for_a_station_that_starts(desk: Desk, office: Office) -> None:
    """`station run` has taken its lock and does not listen yet."""
    starting = Office(load_settings(desk.config, {}))
    with StationLock(office.settings.lock_file):
        server = ControlServer(starting)
        listens = threading.Timer(0.5, server.start)
        listens.start()
        with pytest.raises(StationError) as refused:
            add_nothing(office)
        listens.join()
        server.stop()
    starting.close()
    assert refused.value.code == "RECORD_FOLDER_MISSING"  # the station itself has looked


def test_a_command_waits_for_another_one(office: Office) -> None:
    lock = StationLock(office.settings.lock_file)
    lock.__enter__()
    ends = threading.Timer(0.5, lock.__exit__, (None, None, None))
    ends.start()
    with pytest.raises(StationError) as refused:
        add_nothing(office)
    ends.join()
    assert refused.value.code == "RECORD_FOLDER_MISSING"


def test_the_umask_of_the_process_is_left_as_it_was(running: Running) -> None:
    before = os.umask(0o022)
    os.umask(before)
    assert before != 0o177
