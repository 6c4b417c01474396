"""The index fingers of people whose fingers a simulated scanner can press."""

from typing import Final

from simulators.fingers import Finger, finger_record, seed_of

_RIGHT_INDEX: Final = 2
_LEFT_INDEX: Final = 7
_ENROLMENT: Final = 0  # seed of the touches at the recording; those at handover are others


def grown_fingers_record(seed: int, number: int) -> bytes:
    """Return a foreign vendor's record of person `number`'s index fingers, right and left.

    The first time it takes seconds of computing a finger. `simulators.fingers.seed_of(seed, number, 2)` names
    the right one to a simulated scanner, 7 the left one.
    """
    fingers = [
        (position, Finger.from_seed(seed_of(seed, number, position)))
        for position in (_RIGHT_INDEX, _LEFT_INDEX)
    ]
    return finger_record(fingers, _ENROLMENT)
