"""Minutiae on a card, ISO/IEC 19794-2:2005, compact card format: 3 bytes a minutia and nothing else.

x and y in units of 0.1 mm, a byte each; then the type in the two high bits and the angle in the six low ones,
counter-clockwise in units of 5.625 degrees. Finger, count and quality are not in the bytes: the data object
around them says which finger it is, and its length how many minutiae there are.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from station.errors import InputFault
from station.fingers.dropping import kept_minutiae
from station.fingers.minutiae import DPI, TURN, Integers, Minutiae, MinutiaKind
from station.language import marked

SIZE: Final = 3
TENTHS_PER_PIXEL: Final = 254 / DPI  # tenths of a millimetre
HIGHEST: Final = 255  # 25.5 mm: 502 pixels at 500 dpi
ANGLES: Final = 64  # units of a full turn
ANGLE: Final = 0x3F


class SortKey(IntEnum):
    """By what a card wants its minutiae sorted: bits 3 to 5 of its minutiae order byte.

    The codes were read in a vendor's header file, not in the standard; what comes second at equal keys, and
    that the pole is the centre of mass, is from memory (docs/reference/fingers.md, "Unverified").
    """

    NONE = 0x00
    X_THEN_Y = 0x04
    Y_THEN_X = 0x08
    ANGLE = 0x0C
    POLAR = 0x10


@dataclass(frozen=True)
class CardLimits:
    """What a card states of the minutiae it takes: how many at most, and in which order."""

    most: int
    key: SortKey = SortKey.NONE
    descending: bool = False


def write_compact(minutiae: Minutiae, width: int, height: int, limits: CardLimits) -> bytes:
    """Write minutiae for a card; too many are dropped (`kept_minutiae`), then they are sorted.

    Args:
        minutiae: at least one.
        width: of their image, pixels at 500 dpi.
        height: likewise.
        limits: what the card states.

    Raises:
        InputFault: FINGER_NOT_COMPACT: the image is larger than 25.5 mm, or there are no minutiae.
    """
    if not len(minutiae):
        raise InputFault("FINGER_NOT_COMPACT", problem=marked("a finger without minutiae"))
    if max(width - 1, height - 1) * TENTHS_PER_PIXEL > HIGHEST:
        raise InputFault("FINGER_NOT_COMPACT", problem=marked("its image is larger than 25.5 mm"))
    if not _inside(minutiae, width, height):
        raise InputFault("FINGER_NOT_COMPACT", problem=marked("a minutia outside the image"))
    quality = minutiae.quality.tolist()
    kept = kept_minutiae(minutiae.x.tolist(), minutiae.y.tolist(), quality, limits.most)
    rows = _rows(minutiae.taken(np.array(kept, dtype=np.int64)))
    return rows[_order(rows, limits)].astype(np.uint8).tobytes()


def _inside(minutiae: Minutiae, width: int, height: int) -> bool:
    across = (minutiae.x >= 0) & (minutiae.x <= width - 1)
    return bool(np.all(across & (minutiae.y >= 0) & (minutiae.y <= height - 1)))


def _rows(minutiae: Minutiae) -> Integers:
    """Return int64[n, 3]: the bytes of each minutia."""
    x, y = (np.rint(values * TENTHS_PER_PIXEL) for values in (minutiae.x, minutiae.y))
    angle = np.rint(-minutiae.direction * (ANGLES / TURN)) % ANGLES
    return np.stack([x, y, minutiae.kind.astype(np.int64) * ANGLES + angle], axis=1).astype(np.int64)


def _order(rows: Integers, limits: CardLimits) -> Integers:
    x, y, angle = rows[:, 0], rows[:, 1], rows[:, 2] & ANGLE
    place = np.arange(len(rows))
    if limits.key is SortKey.NONE:
        return place
    from_centre = np.hypot(x - x.mean(), y - y.mean())
    round_centre = np.arctan2(y.mean() - y, x - x.mean()) % TURN  # counter-clockwise as seen
    keys = {
        SortKey.X_THEN_Y: (place, y, x),  # the last one counts most
        SortKey.Y_THEN_X: (place, x, y),
        SortKey.ANGLE: (place, angle),
        SortKey.POLAR: (place, round_centre, from_centre),
    }[limits.key]
    ascending = np.lexsort(keys)
    return ascending[::-1] if limits.descending else ascending


def read_compact(data: bytes) -> Minutiae:
    """Read a card's minutiae; their quality is 0, for none is given.

    Raises:
        InputFault: FINGER_NOT_COMPACT: no whole number of minutiae, none at all, or of a kind that cannot be.
    """
    if not data or len(data) % SIZE:
        raise InputFault("FINGER_NOT_COMPACT", problem=marked("no whole number of minutiae"))
    rows = np.frombuffer(data, dtype=np.uint8).reshape(-1, SIZE).astype(np.int64)
    kind, angle = rows[:, 2] // ANGLES, rows[:, 2] & ANGLE
    if kind.max() > MinutiaKind.BIFURCATION:
        raise InputFault("FINGER_NOT_COMPACT", problem=marked("a minutia of a kind that cannot be"))
    x, y = (rows[:, at].astype(np.float64) / TENTHS_PER_PIXEL for at in (0, 1))
    direction = -angle.astype(np.float64) * (TURN / ANGLES)
    return Minutiae.of(x, y, direction, np.zeros(len(rows), dtype=np.uint8), kind)
