"""A program of the rig: what happens when it does not do as it should."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.rig.errors import RigCancelled, RigError
from simulators.rig.part import Part
from simulators.stopping import StopWish

READY = "print('{}', flush=True)\n"
STAY = "import time; time.sleep(60)\n"


class Parts:
    """Makes parts from Python text and buries them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: list[Part] = []

    def start(self, program: str) -> Part:
        part = Part(
            "thing", [sys.executable, "-c", program], self._folder / "logs" / "thing.log", {"MARK": "7"}
        )
        self._made.append(part)
        part.start()
        return part

    def bury(self) -> None:
        for part in self._made:
            part.stop()


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    made = Parts(tmp_path)
    yield made
    made.bury()


def soon(seconds: float = 20.0) -> float:
    return time.monotonic() + seconds


def test_ready_line_is_given(parts: Parts) -> None:
    part = parts.start("import os; print(os.environ['MARK'], flush=True)\n" + STAY)
    assert part.wait_until_ready(soon(), StopWish()) == "7\n"
    assert part.status is None
    part.stop()
    assert part.status is None  # buried


def test_one_that_ends_before_it_is_ready_tells_why(parts: Parts) -> None:
    part = parts.start("import sys; sys.exit('no such printer')")
    with pytest.raises(RigError, match=r"thing has ended before it was ready: no such printer"):
        part.wait_until_ready(soon(), StopWish())


def test_one_that_never_gets_ready_is_not_waited_for_for_ever(parts: Parts) -> None:
    part = parts.start(STAY)
    with pytest.raises(RigError, match="thing is not ready in time"):
        part.wait_until_ready(soon(0.3), StopWish())


def test_waiting_can_be_cancelled(parts: Parts) -> None:
    wish = StopWish()
    wish.set()
    with pytest.raises(RigCancelled):
        parts.start(STAY).wait_until_ready(soon(), wish)


def test_one_that_talks_without_end_is_not_held_up(parts: Parts) -> None:
    """A pipe that nobody reads holds 64 KB: readers that report each restart would stop at it."""
    part = parts.start(READY + "print('x' * 200_000, flush=True)\nimport sys; sys.exit(5)")
    part.wait_until_ready(soon(), StopWish())
    limit = soon()
    while part.status is None and time.monotonic() < limit:
        time.sleep(0.05)
    assert part.status == 5


def test_a_killed_part_is_seen_dead(parts: Parts) -> None:
    part = parts.start(READY + STAY)
    part.wait_until_ready(soon(), StopWish())
    part.kill()
    assert part.status == -9


def test_a_part_is_asked_to_end_only_once(parts: Parts) -> None:
    """A second signal can meet a program in its handler of the first, where threading.Event.set deadlocks."""
    program = (
        "import signal, time\n"
        "def ask(*_):\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
        "    time.sleep(0.5)\n"
        "    raise SystemExit(0)\n"
        "signal.signal(signal.SIGTERM, ask)\n" + READY + STAY
    )
    part = parts.start(program)
    part.wait_until_ready(soon(), StopWish())
    part.signal_end()
    time.sleep(0.1)
    part.signal_end()
    limit = soon()
    while part.status is None and time.monotonic() < limit:
        time.sleep(0.05)
    assert part.status == 0  # a second SIGTERM would have made it -15


def test_one_that_is_not_installed(tmp_path: Path) -> None:
    part = Part("thing", ["/nowhere/at/all"], tmp_path / "thing.log", {})
    part.start()  # setpriv is there, the program is not
    with pytest.raises(RigError, match=r"thing has ended before it was ready: .*nowhere"):
        part.wait_until_ready(soon(), StopWish())
    part.stop()
