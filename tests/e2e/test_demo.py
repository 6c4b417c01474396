"""The demo as anybody runs it: a process, a folder, and what must be in it afterwards."""

import itertools
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.processes import wait_until_alone

pytestmark = pytest.mark.timeout(300)  # several waits of a demo, each with a limit of its own

MAIN_JOB = 110.0  # seconds; about 35 on an idle machine
STEP = 60.0
RASTER = (1016, 648)  # pixels of a face at the printer's 300 dots per inch (fact sheet on Evolis)


class DemoProgram:
    """`python -m simulators.demo`, with a person at its keyboard."""

    def __init__(self, folder: Path, *more: str) -> None:
        # Whoever runs the tests in the background of a script has Ctrl-C ignored, in all that he starts.
        command = ["env", "--default-signal=INT", sys.executable, "-m", "simulators.demo"]
        command += ["--folder", str(folder), "--speed", "50", *more]
        self.folder = folder
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._pieces: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.screen = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, pattern: str, seconds: float = STEP) -> re.Match[str]:
        """Wait until the screen shows the pattern, from where it was last looked at."""
        begun = len(self.screen)
        limit = time.monotonic() + seconds
        while (found := re.search(pattern, self.screen[begun:])) is None:
            assert time.monotonic() < limit, f"no {pattern!r} on the screen:\n{self.screen}"
            try:
                self.screen += self._pieces.get(timeout=0.1)
            except queue.Empty:
                assert self.process.poll() is None or not self._pieces.empty(), self.screen
        return found

    def type(self, *lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(line + "\n" for line in lines))
        self.process.stdin.flush()

    def leave(self) -> int:
        """End the input and wait for the end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.wait(STEP)

    def wait(self, seconds: float) -> int:
        """Wait for the end and read the rest of the screen."""
        status = self.process.wait(seconds)
        self._reader.join(seconds)
        while not self._pieces.empty():
            self.screen += self._pieces.get()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()
        return status

    def station(self, *words: str) -> str:
        """Another window: a command with the environment that the rig has written down."""
        values = json.loads((self.folder / "run" / "rig.json").read_text())["environment"]
        script = Path(sys.executable).parent / "station"
        done = subprocess.run(
            [str(script), "--lang", "en", *words],
            env={**os.environ, **values}, capture_output=True, text=True, timeout=STEP, check=False,
        )  # fmt: skip
        return done.stdout

    def _read(self) -> None:
        assert self.process.stdout is not None
        while piece := os.read(self.process.stdout.fileno(), 4096):
            self._pieces.put(piece.decode("utf-8", "replace"))


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="demo-"))
    yield made
    assert wait_until_alone(made) == []
    shutil.rmtree(made)


def test_the_main_job(folder: Path) -> None:
    demo = DemoProgram(folder)
    assert demo.process.stdin is not None
    demo.process.stdin.close()  # it must not ask anything
    assert demo.wait(MAIN_JOB) == 0, demo.screen
    found = json.loads((folder / "summary.json").read_text())
    counts = {"cards_ready": 10, "refused": 1, "waiting": 1, "chips_verified": 11, "handed_over": 1}
    assert {name: found[name] for name in counts} == counts
    blanks = found["blanks"]
    assert {name: amount for name, amount in blanks.items() if amount} == {
        "received": 100, "stock": 80, "in_machine": 8, "issued": 10, "spoiled": 2,
    }  # fmt: skip
    assert found["spoiled_by_cause"] == {"chip_readback": 1, "print_jam": 1}
    assert [fault["job"] for fault in found["faults"]] == [4, 8]
    assert 0 < found["seconds"] < MAIN_JOB
    _check_faces(folder / "cards")
    for explained in (
        "GANGGUAN 1",
        "GANGGUAN 2",
        "Teknisi",
        "RECORD_NOT_PRINT_READY",
        "CHIP_READBACK_DIFFERS",
    ):
        assert explained in demo.screen


def _check_faces(cards: Path) -> None:
    """Ten faces, each of the printer's size, none empty, no two alike."""
    pictures = sorted(cards.glob("*.png"))
    assert [path.stem for path in pictures] == [f"{n:04}" for n in (1, 2, 3, 4, 5, 7, 9, 10, 11, 12)]
    faces = []
    for path in pictures:
        with Image.open(path) as image:
            assert image.size == RASTER
            faces.append(np.asarray(image.convert("RGB"), dtype=np.int16))
    for face in faces:
        assert (face.max(axis=2) < 40).mean() > 0.01  # black text
        assert (face.max(axis=2) - face.min(axis=2) > 60).mean() > 0.02  # a photo in colour
    for left, right in itertools.pairwise(faces):
        assert (abs(left - right).max(axis=2) > 40).mean() > 0.02


def test_a_person_has_the_jammed_card_printed_again_and_hands_a_card_over(folder: Path) -> None:
    demo = DemoProgram(folder, "--stay")
    demo.wait_for("selesai  .leave.", MAIN_JOB)
    demo.type("13")
    assert demo.wait_for(r"Number of the question \[(\d+)\]")[1].isdigit()
    demo.type("", "print_again", "", "kartu macet, sudah dibuang")
    demo.wait_for(r"Tugas 8: kartu \w+ siap")
    jobs = {job["job"]: job["state"] for job in json.loads(demo.station("jobs", "list", "--json"))}
    assert jobs[8] == "ready"
    assert json.loads(demo.station("questions", "list", "--json")) == []
    blanks = json.loads(demo.station("blanks", "show", "--json"))
    assert (blanks["issued"], blanks["in_machine"], blanks["difference"]) == (11, 7, 0)
    demo.type("99", "12")  # no such choice shows the list again
    demo.wait_for("In the printer: hopper 7, good tray 11, reject box 2")
    demo.type("16")
    demo.wait_for("HANDOVER_NO_MATCH")
    demo.type("15")
    demo.wait_for("Jarinya cocok .chip.: serahkan kartu .* dari tugas 2")
    assert demo.leave() == 0, demo.screen


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_running_station_is_stopped_and_found_again(folder: Path, number: signal.Signals) -> None:
    """`make run`, Ctrl-C, `make run`: the office is as it was left."""
    first = DemoProgram(folder, "--run")
    first.wait_for("Ctrl-C untuk menghentikannya")
    assert "is ready" not in first.station("jobs", "add", str(folder / "records" / "0001"))
    first.wait_for(r"Tugas 1: kartu \w+ siap")
    first.process.send_signal(number)
    status = first.wait(STEP)
    assert status == (0 if number is signal.SIGINT else 143), first.screen
    assert "sudah berhenti" in first.screen
    second = DemoProgram(folder, "--run")
    second.wait_for("Ctrl-C untuk menghentikannya")
    blanks = json.loads(second.station("blanks", "show", "--json"))
    assert (blanks["issued"], blanks["in_machine"]) == (1, 19)
    second.process.send_signal(signal.SIGINT)
    assert second.wait(STEP) == 0


def test_a_dead_simulator_ends_the_demo_with_its_name(folder: Path) -> None:
    demo = DemoProgram(folder)
    demo.wait_for(r"Tugas 1: dimulai")
    printer = next(
        int(line.parent.name)
        for line in Path("/proc").glob("[0-9]*/cmdline")
        if os.fsencode(folder) in (words := line.read_bytes()) and b"simulators.evolis" in words
    )
    os.kill(printer, signal.SIGKILL)
    assert demo.wait(MAIN_JOB) == 1, demo.screen
    assert "printer A" in demo.screen
    assert not (folder / "summary.json").exists()
