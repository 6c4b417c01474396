"""Two index fingers as an ISO/IEC 19794-2:2005 record of random minutiae (facts: fingerprint.md).

They cost nothing and match nothing; fingers that a simulated scanner can press are in `grown_fingers.py`.
"""

import math
from dataclasses import dataclass
from random import Random
from typing import Final

from .iso_record import Minutia, View, record_of

WIDTH: Final = 300
HEIGHT: Final = 360
_RIGHT_INDEX: Final = 2
_LEFT_INDEX: Final = 7
_ENDING: Final = 1
_BIFURCATION: Final = 2
_SMALLEST_DISTANCE: Final = 11.0  # pixels; a ridge period is about 9
_FEWEST: Final = 30
_MOST: Final = 60


def fingers_record(random: Random) -> bytes:
    """Return the whole record: right index, left index, one view each."""
    views = []
    for finger in (_RIGHT_INDEX, _LEFT_INDEX):
        minutiae = _minutiae(random)
        views.append(View(finger, random.randint(55, 95), minutiae))
    return record_of(views, WIDTH, HEIGHT)


def _minutiae(random: Random) -> list[Minutia]:
    wanted = random.randint(_FEWEST, _MOST)
    flow = _Flow.loop(random)
    found: list[Minutia] = []
    while len(found) < wanted:
        x, y = random.randrange(20, WIDTH - 20), random.randrange(20, HEIGHT - 20)
        if _in_contact(x, y) and all(math.dist((x, y), (p.x, p.y)) >= _SMALLEST_DISTANCE for p in found):
            found.append(flow.minutia(x, y, random))
    return found


def _in_contact(x: int, y: int) -> bool:
    return ((x - WIDTH / 2) / 125) ** 2 + ((y - HEIGHT / 2) / 160) ** 2 <= 1


@dataclass(frozen=True)
class _Flow:
    """The ridge flow of a loop: one core above one delta, as complex numbers x + i(H - y)."""

    core: complex
    delta: complex

    @classmethod
    def loop(cls, random: Random) -> "_Flow":
        core = complex(WIDTH / 2 + random.gauss(0, 12), 0.56 * HEIGHT + random.gauss(0, 14))
        side = random.choice((-1, 1)) * random.uniform(75, 115)
        return cls(core, core + complex(side, -random.uniform(110, 150)))

    def minutia(self, x: int, y: int, random: Random) -> Minutia:
        place = complex(x, HEIGHT - y)
        # Direction in image axes (y down), as the fact sheet's synthetic fingers have it; the record's
        # angle is counter-clockwise as seen, hence the minus sign.
        ridge = (_argument(place - self.delta) - _argument(place - self.core)) / 2
        direction = -(ridge + random.choice((0, math.pi)) + random.gauss(0, 0.08))
        return Minutia(
            kind=random.choice((_ENDING, _ENDING, _BIFURCATION)),
            x=x,
            y=y,
            angle=round(direction * 128 / math.pi) % 256,
            quality=random.randint(40, 95),
        )


def _argument(number: complex) -> float:
    return math.atan2(number.imag, number.real)
