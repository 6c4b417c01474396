"""The rig as a program: what it says, what it keeps, and that nothing outlives it."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.rig import AdminClient, Rig, RigError, RigOptions
from tests.processes import processes_of, wait_until_alone
from tests.rig_fixture import StationRunner

pytest_plugins = ["tests.rig_plugin"]

START = 60.0
END = 30.0


class RigProgram:
    """`python -m simulators.rig` in a folder of its own."""

    def __init__(self, folder: Path, *more: str) -> None:
        command = [sys.executable, "-m", "simulators.rig", "--folder", str(folder), "--speed", "50", *more]
        self.folder = folder
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.ready: dict[str, object] = {}

    def wait_until_ready(self) -> "RigProgram":
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], START)
        assert readable, "no ready line"
        self.ready = json.loads(self.process.stdout.readline())
        assert self.ready["ready"] is True
        return self

    def admin(self, lane: str = "A") -> AdminClient:
        ports = self.ready["admin_ports"]
        assert isinstance(ports, dict)
        return AdminClient(int(ports[lane]))

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """End it by a signal and return its exit status and complaints."""
        self.process.send_signal(number)
        _, complaints = self.process.communicate(timeout=END)
        return self.process.returncode, complaints


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="rig-"))
    yield made
    assert wait_until_alone(made) == []
    shutil.rmtree(made)


def pid_of(folder: Path, words: str) -> int:
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = line.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in text and words in text and "setpriv" not in text:
            return int(line.parent.name)
    raise LookupError(words)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything(folder: Path, number: signal.Signals) -> None:
    program = RigProgram(folder).wait_until_ready()
    assert len(processes_of(folder)) >= 3
    assert program.end(number) == (0, "")


def test_a_signal_while_it_starts_ends_everything(folder: Path) -> None:
    program = RigProgram(folder)
    limit = time.monotonic() + START
    while not (folder / "logs").exists() and time.monotonic() < limit:
        time.sleep(0.01)
    assert program.end() == (0, "")


def test_nothing_outlives_a_killed_rig(folder: Path) -> None:
    program = RigProgram(folder).wait_until_ready()
    program.end(signal.SIGKILL)
    assert wait_until_alone(folder) == []


def test_a_second_start_goes_on_with_what_is_there(folder: Path) -> None:
    first = RigProgram(folder, "--hopper", "5").wait_until_ready()
    before = first.admin().truth()
    first.admin().person("fill_hopper", count=2)
    secrets = (folder / "batch.key").read_text(), (folder / "token" / "pin").read_text()
    first.end()
    second = RigProgram(folder, "--hopper", "9", "--seed", "4").wait_until_ready()
    after = second.admin().truth()
    assert (before.hopper_count, after.hopper_count) == (5, 7)
    assert {card.uid for card in before.cards} < {card.uid for card in after.cards}
    assert ((folder / "batch.key").read_text(), (folder / "token" / "pin").read_text()) == secrets
    second.end()


def test_two_rigs_do_not_share_a_folder(folder: Path) -> None:
    first = RigProgram(folder).wait_until_ready()
    with pytest.raises(RigError, match="another rig works"):
        Rig(RigOptions(folder)).start()
    assert first.admin().truth().hopper_count == 20  # the second one has not stopped the first one's parts
    first.end()


@pytest.mark.parametrize(
    ("program", "named"), [("simulators.evolis", "printer A"), ("simulators.pcsc", "readers")]
)
def test_a_dead_part_is_named_and_the_others_are_ended(folder: Path, program: str, named: str) -> None:
    rig = RigProgram(folder).wait_until_ready()
    os.kill(pid_of(folder, program), signal.SIGKILL)
    _, complaints = rig.process.communicate(timeout=END)
    assert rig.process.returncode == 1
    assert f"{named} has ended with status -9" in complaints


def test_wrong_usage(folder: Path) -> None:
    rig = RigProgram(folder, "--printers", "9")
    _, complaints = rig.process.communicate(timeout=END)
    assert rig.process.returncode == 2
    assert "1 to 8 printers" in complaints


def test_a_printer_that_does_not_start_tells_why(folder: Path) -> None:
    rig = RigProgram(folder, "--model", "Nonesuch 9")
    _, complaints = rig.process.communicate(timeout=END)
    assert rig.process.returncode == 1
    assert "printer A has ended before it was ready" in complaints
    assert "Nonesuch 9" in complaints


def test_a_deep_folder_still_has_readers(folder: Path) -> None:
    """A UNIX socket's path has 107 bytes at most; an office may keep its files deeper than that."""
    deep = folder / ("d" * 60) / ("e" * 60)
    with Rig(RigOptions(deep, speed=50)) as rig:
        checked = StationRunner(rig).run("doctor", "--json")
        assert checked.status == 0, checked.words + checked.complaints
        short = Path(rig.environment()["PCSCLITE_CSOCK_NAME"]).parent
        assert short.is_dir()
    assert not short.exists()


def test_two_lanes_by_socket_make_a_card_each(folder: Path) -> None:
    """Each lane's reader must show its own printer's card and no other's."""
    options = RigOptions(folder, printers=2, speed=50, hopper=3, connection="socket")
    with Rig(options) as rig:
        station = StationRunner(rig)
        assert station.run("doctor", "--json").status == 0
        _open_office(station)
        people = [sys.executable, "-m", "simulators.people", "--count", "4", "--status", "PRINT_READY_RECORD"]
        subprocess.run(
            [*people, "--out", str(folder / "records")], check=True, capture_output=True, timeout=60
        )
        records = sorted((folder / "records").iterdir())
        rig.announce(records)
        assert station.run("centre", "sync").status == 0
        added = station.run("jobs", "add", *(str(path) for path in records))
        assert added.status == 0, added.complaints
        done = station.run("jobs", "run", "--json")
        assert done.status == 0, done.words + done.complaints
        truths = [rig.admin(lane).truth() for lane in rig.lanes]
    assert sum(truth.tray for truth in truths) == 4
    assert all(truth.tray > 0 for truth in truths)
    ready = [card for truth in truths for card in truth.cards_at("tray")]
    assert {card.life_cycle for card in ready} == {"activated"}
    assert all(card.prints["front"].times == 1 for card in ready)
    assert not {card.uid for card in truths[0].cards} & {card.uid for card in truths[1].cards}


def test_a_printer_killed_and_started_again_is_the_same_one(own_rig: Rig) -> None:
    before = own_rig.admin().truth()
    own_rig.kill("printer A")
    assert own_rig.dead_parts() == {"printer A": -9}
    own_rig.restart("printer A")
    assert own_rig.dead_parts() == {}
    assert own_rig.admin().truth().serial == before.serial


def test_pcscd_comes_back_after_it_was_killed(own_rig: Rig, own_station: StationRunner) -> None:
    own_rig.kill_pcscd()
    limit = time.monotonic() + 20
    status = own_station.run("doctor", "--json").status
    while status != 0 and time.monotonic() < limit:
        time.sleep(0.5)
        status = own_station.run("doctor", "--json").status
    assert status == 0
    assert own_rig.dead_parts() == {}


def _open_office(station: StationRunner) -> None:
    for words in (
        ("staff", "add", "Sari", "--role", "operator"),
        ("blanks", "receive", "--carton", "K1", "--count", "100", "--by", "Sari"),
        ("blanks", "load", "--lane", "A", "--count", "3", "--by", "Sari"),
        ("blanks", "load", "--lane", "B", "--count", "3", "--by", "Sari"),
    ):
        assert station.run(*words).status == 0
