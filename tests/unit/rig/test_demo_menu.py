"""The demo's prompt, its folder and its command line, without an office."""

import io
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from simulators.demo import __main__ as demo
from simulators.demo.errors import DemoError
from simulators.demo.menu import InputEnded, Menu, MenuItem, Prompt
from simulators.demo.records import count_records, write_records
from simulators.demo.screen import Screen
from simulators.demo.station_command import StationCommand, end, wait_for


def prompt(text: str) -> Prompt:
    return Prompt(Screen(), io.StringIO(text))


def test_an_empty_line_means_the_default() -> None:
    asked = prompt("\n  7 \n")
    assert asked.ask("Nomor", "Number", "113") == "113"
    assert asked.ask("Nomor", "Number", "113") == "7"


def test_the_end_of_the_input_is_no_answer() -> None:
    with pytest.raises(InputEnded):
        prompt("").ask("Nomor", "Number", "113")


def test_indonesian_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    Menu({"1": MenuItem("kartu macet", "jam", lambda: None)}).show(Screen())
    assert capsys.readouterr().out.splitlines() == ["   1  kartu macet  (jam)", "   0  selesai  (leave)"]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    thesis = tmp_path / "thesis.odt"
    thesis.write_text("five years of work")
    assert demo.main(["--folder", str(tmp_path)]) == 1
    assert thesis.read_text() == "five years of work"
    assert "was not made by a demo" in capsys.readouterr().out


def test_records_are_numbered_on(tmp_path: Path) -> None:
    assert count_records(tmp_path / "records") == 0
    first = write_records(tmp_path / "records", 1, 2, not_ready=2)
    more = write_records(tmp_path / "records", count_records(tmp_path / "records") + 1, 1)
    assert [record.folder.name for record in [*first, *more]] == ["0001", "0002", "0003"]
    assert [record.status for record in first] == ["PRINT_READY_RECORD", "SENT_FOR_ENROLLMENT"]
    assert len({record.nik for record in [*first, *more]}) == 3


def test_a_station_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(DemoError, match="make setup"):
        StationCommand({}, "id")


def test_a_command_is_ended_when_something_else_fails() -> None:
    def fail() -> None:
        raise DemoError("the simulator printer A has ended with status -9")

    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with pytest.raises(DemoError, match="printer A"):
        wait_for(process, fail, 20.0)
    assert process.returncode is not None
    assert end(process) == process.returncode


class InterruptedLock:
    """`Popen`'s own lock, when Ctrl-C strikes just after it was taken: nobody will ever give it back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def acquire(self, blocking: bool = True) -> bool:
        if self._lock.acquire(blocking=False):
            raise KeyboardInterrupt
        assert not blocking, "this wait would never end"
        return False

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *unused: object) -> None:
        self._lock.release()


def test_an_interrupt_at_the_worst_moment_still_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second `make run` of the office once stood for ever after Ctrl-C, its simulators with it."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with monkeypatch.context() as lost:
        lost.setattr(process, "_waitpid_lock", InterruptedLock())
        looks = iter([False, True])

        def interrupt() -> None:
            if next(looks):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            wait_for(process, interrupt, 20.0)
    assert process.wait(5) == -signal.SIGTERM
