"""Two index fingers as an ISO/IEC 19794-2:2005 record of random minutiae (facts: fingerprint.md)."""

import math
import struct
from dataclasses import dataclass
from random import Random
from typing import Final

WIDTH: Final = 300
HEIGHT: Final = 360
_PIXELS_PER_CENTIMETRE: Final = 197  # 500 dpi
_RIGHT_INDEX: Final = 2
_LEFT_INDEX: Final = 7
_LIVE_PLAIN: Final = 0
_ENDING: Final = 1
_BIFURCATION: Final = 2
_SMALLEST_DISTANCE: Final = 11.0  # pixels; a ridge period is about 9
_FEWEST: Final = 30
_MOST: Final = 60


@dataclass(frozen=True)
class Minutia:
    """A ridge ending or bifurcation. `x`, `y` in pixels, y down; `angle` in units of 1.40625 degrees."""

    kind: int
    x: int
    y: int
    angle: int
    quality: int


def fingers_record(random: Random) -> bytes:
    """Return the whole record: right index, left index, one view each."""
    views = b"".join(_view(finger, _minutiae(random), random) for finger in (_RIGHT_INDEX, _LEFT_INDEX))
    return _header(24 + len(views), 2) + views


def _header(total: int, views: int) -> bytes:
    # 19794-2:2005 record header, 24 bytes: magic, version, length, capture device, size, resolution,
    # number of views, reserved. Capture device 0: none certified, none named.
    resolution = _PIXELS_PER_CENTIMETRE
    fields = (total, 0, WIDTH, HEIGHT, resolution, resolution, views, 0)
    return b"FMR\0 20\0" + struct.pack(">IHHHHHBB", *fields)


def _view(finger: int, minutiae: list[Minutia], random: Random) -> bytes:
    # View header: finger, view number 0 in the high nibble over the impression, quality, count.
    view_number = 0
    head = bytes([finger, view_number << 4 | _LIVE_PLAIN, random.randint(55, 95), len(minutiae)])
    body = b"".join(
        struct.pack(">HHBB", point.kind << 14 | point.x, point.y, point.angle, point.quality)
        for point in minutiae
    )
    return head + body + b"\0\0"  # no extended data


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
