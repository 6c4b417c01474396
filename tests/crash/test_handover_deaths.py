"""A station that is killed while it hands a card over: nothing is half done, and the card leaves once.

Each death is a SIGKILL of a process of its own, at the scanner or around a transaction; the next process goes
on with the card on the reader.
"""

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from station.errors import ExitStatus
from station.service import handing_over
from station.service.control import carry_out
from tests.fakes.counter import BAD, GOOD
from tests.fakes.devices import FakeCard, FakeLane
from tests.unit.handover.handover_desk import HandoverDesk, copy_of, opened

POINTS = (
    "begin_handover before",
    "begin_handover after",
    "touch",
    "end_handover before",
    "end_handover after",
)
PATIENCE = 90.0
BLANKS = 4


Carried = TypeVar("Carried")
Operation = ParamSpec("Operation")


def dying(point: str, carry_out: Callable[Operation, Carried]) -> Callable[Operation, Carried]:
    """`carry_out` that dies before or after one operation."""

    def carried(*arguments: Operation.args, **values: Operation.kwargs) -> Carried:
        name = str(arguments[1])
        if point == f"{name} before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = carry_out(*arguments, **values)
        if point == f"{name} after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return carried


def hand_over(folder: Path, cards: list[FakeCard], point: str, result: Path) -> None:
    """One process of `station handover start`."""
    devices = FakeLane(0)
    devices.cards = cards
    with pytest.MonkeyPatch.context() as monkeypatch:
        desk = opened(folder, devices, monkeypatch)
        monkeypatch.setattr(handing_over, "carry_out", dying(point, carry_out))
        if point == "touch":
            desk.scanner.hook = lambda: os.kill(os.getpid(), signal.SIGKILL)
        desk.reader.lay(desk.card(1))
        said = desk.start("--old-card", "ktp_el", presses=(BAD, GOOD))
        result.write_text(str(said.status))
        desk.close()


def run(folder: Path, devices: FakeLane, point: str = "") -> int:
    """Run such a process; its exit status as the operator sees it, or minus the signal."""
    result = folder / "status"
    process = multiprocessing.get_context("spawn").Process(
        target=hand_over, args=(folder, devices.cards, point, result)
    )
    process.start()
    process.join(PATIENCE)
    assert process.exitcode is not None
    return process.exitcode or int(result.read_text())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FakeLane]:
    """The folder of an office with two finished cards, a letter of the first one's person, and the lane."""
    folder, devices = tmp_path_factory.mktemp("made") / "office", FakeLane(BLANKS)
    with pytest.MonkeyPatch.context() as monkeypatch:
        desk = opened(folder, devices, monkeypatch)
        desk.prepare(BLANKS)
        desk.hire()
        desk.make_cards()
        desk.give_letter(1)
        desk.close()
    return folder, copy_of(devices)


@pytest.mark.parametrize("point", POINTS)
def test_a_death_at_every_point_gives_the_card_once_or_not_at_all(
    made: tuple[Path, FakeLane], tmp_path: Path, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, devices = tmp_path / "office", made[1]
    shutil.copytree(made[0], folder)
    assert run(folder, devices, point) == -signal.SIGKILL
    desk = opened(folder, devices, monkeypatch)
    is_done = point == "end_handover after"
    assert_whole(desk, is_done=is_done)
    assert run(folder, devices) == (ExitStatus.REFUSED if is_done else ExitStatus.DONE)
    assert_whole(desk, is_done=True)
    desk.close()


def assert_whole(desk: HandoverDesk, *, is_done: bool) -> None:
    """Card, letter, old card, message: all of it has happened, once, or nothing."""
    assert len(desk.named("card_handed_over")) == is_done
    assert desk.letter_state()[0] == ("withdrawn" if is_done else "issued")
    assert desk.messages("card_handed_over") == is_done
    assert desk.run("blanks", "show", "--json").fields()["withdrawn_old_cards"] == is_done
    assert sum(check.outcome == "DONE" for check in desk.checks(1)) == is_done
    assert desk.faults() == []
