"""The counter where cards are handed over: a chip reader and a scanner that do what a test tells them."""

from collections.abc import Callable, Sequence

import numpy as np

from station.errors import DeviceFault, StationError
from station.fingers.image import FingerImage
from station.fingers.minutiae import Finger, Minutiae
from station.handover.rows import Touch
from station.handover.touching import Compared
from station.ports import ChipHolder, ChipState, ScannerIdentity, TouchStage
from tests.fakes.devices import FakeCard, FakeLane

THRESHOLD = 2.5
GOOD, BAD = 4.0, 0.7
IDENTITY = ScannerIdentity("fake", "Fake 1", "F-1", 500.0)
Press = float | StationError | None


class FakeCounterReader:
    """Reads the card of a lane that lies on it; `told` replaces what its chip says."""

    def __init__(self, lane: FakeLane) -> None:
        self._lane = lane
        self.lies: bytes | None = None
        self.told: ChipHolder | None = None
        self.reads = 0

    def lay(self, card: str) -> None:
        self.lies, self.told = bytes.fromhex(card), None

    def read_holder(self) -> ChipHolder:
        self.reads += 1
        if self.told is not None:
            return self.told
        if self.lies is None:
            raise DeviceFault("CARD_NOT_AT_READER", reader="counter")
        return holder_of(next(card for card in self._lane.cards if card.uid == self.lies))


def holder_of(card: FakeCard) -> ChipHolder:
    """What the chip of a fake card tells."""
    if card.content is None or card.state is not ChipState.ACTIVATED:
        return ChipHolder(card.uid.hex(), card.state)
    content = card.content
    return ChipHolder(card.uid.hex(), card.state, content.nik, content.issue, True, content.fingers)


class FakeScanner:
    """Gives one picture a press: a score that the comparer will find, an error, or None for a blank."""

    def __init__(self, presses: Sequence[Press] = ()) -> None:
        self.presses = list(presses)
        self.asked: list[Finger] = []
        self.scores: list[float | None] = []
        self.closed = 0
        self.hook: Callable[[], None] = lambda: None

    def identify(self) -> ScannerIdentity:
        return IDENTITY

    def capture(self, finger: Finger, seconds: float, progress: Callable[[TouchStage], None]) -> FingerImage:
        assert seconds > 0
        progress(TouchStage.WAITING)
        self.asked.append(finger)
        self.hook()
        press = self.presses.pop(0)
        if isinstance(press, StationError):
            raise press
        progress(TouchStage.TAKEN)
        self.scores.append(press)
        return FingerImage(np.full((40, 30), 200, np.uint8))

    def blank_frames(self, count: int) -> tuple[FingerImage, ...]:
        return tuple(FingerImage(np.full((40, 30), 230, np.uint8)) for _ in range(count))

    def close(self) -> None:
        self.closed += 1


class FakeComparer:
    """Finds the score that the scanner was told to give."""

    threshold = THRESHOLD

    def __init__(self, scanner: FakeScanner) -> None:
        self._scanner = scanner
        self.compared_with: list[Minutiae] = []

    def compare(self, image: FingerImage, reference: Minutiae) -> Compared:
        self.compared_with.append(reference)
        score = self._scanner.scores[-1]
        return Compared(score, 61 if score else 0, "clarity", () if score == GOOD else ("hint",))


class SilentListener:
    """Hears everything and tells nobody."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def asks(self, finger: Finger, touch: int, most: int) -> None:
        self.heard.append(f"{finger.name} {touch}/{most}")

    def stage(self, stage: TouchStage) -> None:
        return

    def failed(self, touch: Touch, hints: tuple[str, ...]) -> None:
        self.heard.append(f"failed {touch.score}")

    def fault(self, error: StationError) -> None:
        self.heard.append(error.code)
