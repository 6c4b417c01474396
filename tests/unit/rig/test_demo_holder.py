"""The holder at the counter does what the scanner's light says, and nothing else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event

from simulators.admin import AdminServer
from simulators.demo.holder import Holder
from simulators.rig import ScannerClient

BLUE, PURPLE, OFF = [1, 128, 2, 0], [3, 128, 3, 0], [4, 128, 2, 0]
PATIENCE = 20.0


class Plate:
    """A scanner that asks for one touch after the other, as the driver does."""

    def __init__(self, touches: int) -> None:
        self.left, self.pressed, self.light = touches, list[tuple[object, object]](), BLUE
        self.lies, self.done = False, Event()

    def truth(self) -> object:
        return {"aura": self.light, "lying": {"what": "finger" if self.lies else "nothing"}}

    def fault(self, name: str, at: int, count: int) -> None:
        raise NotImplementedError

    def person(self, action: str, arguments: Mapping[str, object]) -> object:
        if action == "press":
            assert not self.lies
            self.pressed.append((arguments["finger"], arguments["press"]))
            self.lies, self.light, self.left = True, PURPLE, self.left - 1
        elif action == "lift":
            self.lies, self.light = False, BLUE if self.left else OFF
            if not self.left:
                self.done.set()
        return None


@contextmanager
def served(plate: Plate) -> Iterator[ScannerClient]:
    server = AdminServer(plate)
    try:
        yield ScannerClient(server.port)
    finally:
        server.close()


def test_each_touch_is_another_and_the_finger_is_lifted() -> None:
    plate = Plate(touches=3)
    with served(plate) as scanner, Holder(scanner, 4711) as holder:
        assert plate.done.wait(PATIENCE)
    assert holder.touches == 3
    assert plate.pressed == [(4711, 1), (4711, 2), (4711, 3)]
    assert not plate.lies


def test_a_dark_scanner_is_not_touched() -> None:
    plate = Plate(touches=1)
    plate.light = []
    with served(plate) as scanner, Holder(scanner, 4711):
        assert not plate.done.wait(0.5)
    assert plate.pressed == []


def test_a_scanner_that_is_gone_is_told() -> None:
    with served(Plate(touches=1)) as scanner:
        pass
    with Holder(scanner, 4711) as holder:
        holder._thread.join(PATIENCE)
    assert holder.trouble is not None
