"""A lane of pure state: a printer and a chip station that share one card path, and a menu of trouble.

Unlike the simulators these speak no bytes: they stand behind `station/ports.py`. What they count is what a
test compares the journal with.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from station.errors import ChipFault, DeviceFault, StationError, WrongCard
from station.ports import (
    CardPosition,
    ChipContent,
    ChipState,
    PrinterCondition,
    PrinterIdentity,
    PrinterReading,
    Supplies,
)
from templates.card.face import CardFace, face_sha256

PANELS = 5


@dataclass
class FakeCard:
    """One card: its chip and what was printed on it."""

    uid: bytes
    state: ChipState = ChipState.BLANK
    content: ChipContent | None = None
    faces: list[str] = field(default_factory=list)
    panels: int = 0
    place: str = "hopper"
    bad: bool = False


class FakeLane:
    """A printer with one chip station. `hook` is called before and after everything that happens."""

    def __init__(self, cards: int = 10) -> None:
        self.cards = [FakeCard(bytes((0x80, 4, 0, 0, 0, 0, 0, number))) for number in range(1, cards + 1)]
        self.hopper = deque(self.cards)
        self.inside: FakeCard | None = None
        self.position = CardPosition.NONE
        self.panels_printed = self.cards_inserted = 0
        self.errors: tuple[str, ...] = ()
        self.faces_left = 100
        self.reject_box_full = False
        self.faults: dict[str, deque[Callable[[], None]]] = {}
        self.hook: Callable[[str], None] = lambda where: None
        self.on_clear: Callable[[], None] = lambda: None

    # Trouble

    def arm(self, operation: str, fault: Callable[[], None]) -> None:
        """Have the next `operation` do `fault` instead of its work."""
        self.faults.setdefault(operation, deque()).append(fault)

    def _begin(self, operation: str) -> bool:
        """Tell the hook; True when a fault took the place of the work."""
        self.hook(f"before {operation}")
        waiting = self.faults.get(operation)
        if waiting:
            waiting.popleft()()
            self.hook(f"after {operation}")
            return True
        return False

    def jam_while_printing(self, panels: int = 2) -> None:
        """The card stops under the head after some panels."""
        card = self._card()
        card.panels += panels
        self.panels_printed += panels
        self.position, self.errors = CardPosition.PRINT, ("mechanical",)
        raise DeviceFault("PRINTER_REFUSED", operation="print", reply="ERR MECHANICAL")

    # The printer

    def identify(self) -> PrinterIdentity:
        self._begin("identify")
        return PrinterIdentity("Primacy 2", "FAKE", "1", 1016, 648, 300, 300, True)

    def read(self) -> PrinterReading:
        condition = PrinterCondition.ERROR if self.errors else PrinterCondition.READY
        warnings = () if self.hopper else ("feeder_empty",)
        return PrinterReading(
            idle=True,
            condition=condition,
            position=self.position,
            panels_printed=self.panels_printed,
            cards_inserted=self.cards_inserted,
            errors=self.errors,
            warnings=warnings,
        )

    def supplies(self) -> Supplies:
        self._begin("supplies")
        return Supplies("YMCKO", PANELS, self.faces_left, not self.hopper, self.reject_box_full)

    def feed_to_chip_station(self) -> None:
        if self._begin("feed"):
            return
        if self.inside is None:
            if not self.hopper:
                raise DeviceFault("PRINTER_REFUSED", operation="feed", reply="ERR FEEDER")
            self.inside = self.hopper.popleft()
            self.cards_inserted += 1
        self.inside.place, self.position = "inside", CardPosition.CHIP_STATION
        self.hook("after feed")

    def recall_to_chip_station(self) -> None:
        if self._begin("recall"):
            return
        self._card().place, self.position = "inside", CardPosition.CHIP_STATION
        self.hook("after recall")

    def print_and_eject(self, face: CardFace) -> None:
        if self._begin("print"):
            return
        card = self._card()
        card.faces.append(face_sha256(face).hex())
        card.panels += PANELS
        self.panels_printed += PANELS
        self.faces_left -= 1
        self.leave("tray")
        self.hook("after print")

    def reject(self) -> None:
        if self._begin("reject"):
            return
        self._card()
        self.leave("reject_box")
        self.hook("after reject")

    def clear_errors(self) -> None:
        self.on_clear()

    def close(self) -> None:
        return

    def leave(self, place: str) -> None:
        """The card leaves the path."""
        card = self._card()
        card.place, self.inside, self.position = place, None, CardPosition.NONE

    def _card(self) -> FakeCard:
        if self.inside is None:
            raise DeviceFault("PRINTER_REFUSED", operation="move", reply="NO CARD")
        return self.inside

    # The chip

    def wait_for_card(self) -> bytes:
        if self._begin("look"):
            raise DeviceFault("CARD_NOT_AT_READER", reader="fake")
        return self._chip().uid

    def state(self, uid: bytes) -> ChipState:
        return self._chip(uid).state

    def write(self, uid: bytes, content: ChipContent) -> None:
        if self._begin("write"):
            return
        chip = self._chip(uid)
        if chip.state not in (ChipState.BLANK, ChipState.CREATION):
            raise ChipFault("CHIP_REFUSED", operation="write", status_word="6985")
        chip.state, chip.content = ChipState.CREATION, content
        self.hook("after write")

    def read_back(self, uid: bytes, content: ChipContent) -> tuple[str, ...]:
        chip = self._chip(uid)
        return () if chip.content == content and not chip.bad else ("6FF1",)

    def activate(self, uid: bytes) -> None:
        if self._begin("activate"):
            return
        self._chip(uid).state = ChipState.ACTIVATED
        self.hook("after activate")

    def terminate(self, uid: bytes) -> None:
        if self._begin("terminate"):
            return
        self._chip(uid).state = ChipState.TERMINATED
        self.hook("after terminate")

    def release(self) -> None:
        return

    def _chip(self, uid: bytes | None = None) -> FakeCard:
        if self.inside is None or self.position is not CardPosition.CHIP_STATION:
            raise DeviceFault("CARD_NOT_AT_READER", reader="fake")
        if uid is not None and self.inside.uid != uid:
            raise WrongCard("WRONG_CARD", expected=uid.hex(), found=self.inside.uid.hex())
        return self.inside


def raising(error: StationError) -> Callable[[], None]:
    """A fault that raises an error and does nothing."""

    def fault() -> None:
        raise error

    return fault
