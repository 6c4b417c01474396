"""Touch after touch, until one matches or none is left. Pictures and minutiae live no longer than a touch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from station.errors import DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown, StationError
from station.fingers.image import FingerImage
from station.fingers.minutiae import Finger, Minutiae
from station.handover.rows import Conclusion, HandoverReport, Touch
from station.ports import FingerScanner, TouchStage

TOUCHES: Final = 3  # of each finger (facts: fingerprint.md, Policy)
MOST_TORN: Final = 3  # pictures torn on their way, one after the other: then a technician looks at the line


@dataclass(frozen=True)
class Compared:
    """What one picture gave.

    Attributes:
        score: against the finger that was asked for; None where too little of a finger was seen.
        quality: 0 to 100, by `measure`.
        hints: what the person may do better, marked for translation.
    """

    score: float | None
    quality: int
    measure: str
    hints: tuple[str, ...]


class FingerComparer(Protocol):
    """Compares the picture of a live finger with minutiae."""

    @property
    def threshold(self) -> float:
        """The score from which on it is the same finger; one for all, and never lowered."""

    def compare(self, image: FingerImage, reference: Minutiae) -> Compared:
        """Compare; nothing is kept.

        Raises:
            InputFault: the picture cannot be one of this scanner.
        """


class TouchListener(Protocol):
    """Tells the operator what to say to the person."""

    def asks(self, finger: Finger, touch: int, most: int) -> None:
        """A finger is asked for; which touch of it this is, of how many."""

    def stage(self, stage: TouchStage) -> None:
        """How far the touch is."""

    def failed(self, touch: Touch, hints: tuple[str, ...]) -> None:
        """This touch was no match, and what may help."""

    def fault(self, error: StationError) -> None:
        """The scanner gave no picture of this touch."""


class FingerCheck:
    """One check: two fingers, up to three touches each, the best score decides."""

    def __init__(
        self, scanner: FingerScanner, comparer: FingerComparer, seconds: float, listener: TouchListener
    ) -> None:
        """Prepare a check.

        Args:
            scanner: on the counter.
            comparer: with its threshold.
            seconds: to wait for each touch.
            listener: hears what to tell the person.
        """
        self._scanner, self._comparer = scanner, comparer
        self._seconds, self._listener = seconds, listener

    def run(self, references: Mapping[Finger, Minutiae], touches: list[Touch]) -> HandoverReport:
        """Ask for each finger in turn.

        Args:
            references: minutiae by finger.
            touches: each is added as it happens, so that whoever stops the check knows of it.

        Returns:
            Every touch, and MATCHED, NO_MATCH, NO_PICTURE (nothing could be compared) or STOPPED (the scanner
            failed).
        """
        for finger, reference in references.items():
            for number in range(1, TOUCHES + 1):
                self._listener.asks(finger, number, TOUCHES)
                try:
                    touch = self._touch(finger, reference, touches)
                except (DeviceAbsent, OutcomeUnknown, InputFault) as error:
                    self._listener.fault(error)
                    stopped, seen = Conclusion.STOPPED, tuple(touches)
                    return HandoverReport(conclusion=stopped, touches=seen, error=error.code)
                touches.append(touch)
                if touch.score is not None and touch.score >= self._comparer.threshold:
                    return HandoverReport(conclusion=Conclusion.MATCHED, touches=tuple(touches))
        compared = any(touch.score is not None for touch in touches)
        conclusion = Conclusion.NO_MATCH if compared else Conclusion.NO_PICTURE
        return HandoverReport(conclusion=conclusion, touches=tuple(touches))

    def _touch(self, finger: Finger, reference: Minutiae, touches: list[Touch]) -> Touch:
        """Take one touch; a torn picture is taken again, and noted.

        Raises:
            DeviceAbsent: the scanner is gone. OutcomeUnknown: picture after picture is torn.
            InputFault: the picture is of another size than the sensor's window.
        """
        for torn in range(1, MOST_TORN + 1):
            try:
                image = self._scanner.capture(finger, self._seconds, self._listener.stage)
                return self._compared(finger, image, reference)
            except OutcomeUnknown as error:
                touches.append(Touch(finger=finger, fault=error.code, torn=True))
                if torn == MOST_TORN:
                    raise
                self._listener.fault(error)
            except DeviceFault as error:
                self._listener.fault(error)
                return Touch(finger=finger, fault=error.code)
        raise LookupError("a torn picture was neither taken again nor given up")

    def _compared(self, finger: Finger, image: FingerImage, reference: Minutiae) -> Touch:
        found = self._comparer.compare(image, reference)
        # Rounded down: no rounding makes a match of what is none.
        score = None if found.score is None else math.floor(found.score * 1000) / 1000
        touch = Touch(finger=finger, score=score, quality=found.quality, measure=found.measure)
        if score is None or score < self._comparer.threshold:
            self._listener.failed(touch, found.hints)
        return touch
