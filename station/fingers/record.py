"""Minutiae records, ISO/IEC 19794-2:2005, record format (clause 7), read strictly and written.

A header of 24 bytes, then for each view 4 bytes, 6 bytes a minutia and the length of extended data with the
data. All numbers are big-endian. The layout was checked against bytes of a vendor (facts: fingerprint.md).
"""

import struct
from collections import Counter
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from station.errors import InputFault
from station.fingers.minutiae import TURN, Finger, Minutiae, MinutiaKind
from station.language import marked

FORMAT: Final = b"FMR\0"  # 7.3, format identifier
VERSION: Final = b" 20\0"  # 7.3, version of the standard: "20", a space first
WRONG_VERSION: Final = b"020\0"  # what some writers in the field put instead
HEADER: Final = struct.Struct(">4s4sIHHHHHBB")
# format, version, length, capture device, width, height, x and y resolution, number of views, reserved
VIEW: Final = struct.Struct(">BBBB")  # finger, view number and impression, quality, number of minutiae
MINUTIA: Final = struct.Struct(">HHBB")  # type and x, reserved and y, angle, quality
EXTENDED: Final = struct.Struct(">H")
ANSI_LENGTH: Final = struct.Struct(">8xH")  # ANSI INCITS 378-2004: the length has 2 bytes
SHORTEST_ANSI: Final = 26
COORDINATE: Final = 0x3FFF
DEVICE_RESERVED: Final = 0x7000  # bits 14 to 12 of the capture device
ANGLES: Final = 256  # units of a full turn
MOST_QUALITY: Final = 100
MOST_MINUTIAE: Final = 255

PIXELS_PER_CM: Final = 197  # 500 dpi
LOWEST_RESOLUTION: Final = 99  # pixels per cm: 250 dpi; strict readers refuse less
HIGHEST_RESOLUTION: Final = 788  # 2000 dpi; our limit: no sensor of fingers is finer
# Our limits: a finger's image is neither a strip nor larger than the plate for a whole hand.
SHORTEST_SIDE: Final = 4.0  # mm
LONGEST_SIDE: Final = 85.0  # mm
MOST_ASPECT: Final = 4.0
MOST_RESOLUTION_RATIO: Final = 2.0


class Minutia(NamedTuple):
    """One minutia as a record has it.

    Attributes:
        kind: a value of `MinutiaKind`.
        x, y: pixels of the record's own image, y down.
        angle: counter-clockwise as seen, in units of 360 / 256 degrees.
        quality: 1 to 100, 0 for none given.
    """

    kind: int
    x: int
    y: int
    angle: int
    quality: int


@dataclass(frozen=True)
class FingerView:
    """One view of one finger: position (`Finger`), impression, quality 0 to 100, minutiae.

    `impression` is 0 live plain, 1 live rolled, 2 and 3 the same not live, 8 swipe; other values are kept.
    """

    finger: int
    impression: int
    quality: int
    minutiae: tuple[Minutia, ...]


@dataclass(frozen=True)
class FingerRecord:
    """A strictly read record. Width and height in pixels, resolution in pixels per cm."""

    device: int
    width: int
    height: int
    resolution_x: int
    resolution_y: int
    views: tuple[FingerView, ...]


def minutiae_of(record: FingerRecord, view: FingerView) -> Minutiae:
    """Return a view's minutiae as the matcher wants them: pixels at 500 dpi, directions in image axes."""
    kind, x, y, angle, quality = (np.array(column) for column in zip(*view.minutiae, strict=True))
    found = Minutiae.of(x, y, -angle * (TURN / ANGLES), quality, kind)
    return found.scaled(PIXELS_PER_CM / record.resolution_x, PIXELS_PER_CM / record.resolution_y)


def view_of(minutiae: Minutiae, finger: Finger, quality: int, impression: int = 0) -> FingerView:
    """Return a view, to be put into a record of 197 pixels per cm.

    At most 255 minutiae fit; the best are taken. Coordinates are rounded to whole pixels.
    """
    best = minutiae.best(MOST_MINUTIAE)
    angles = np.rint(-best.direction * (ANGLES / TURN)).astype(np.int64) % ANGLES
    x, y = (np.maximum(np.rint(values), 0).astype(np.int64) for values in (best.x, best.y))
    columns = (best.kind, x, y, angles, best.quality)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return FingerView(finger, impression, quality, tuple(Minutia(*row) for row in rows))


def _fault(problem: str) -> InputFault:
    return InputFault("FINGERS_UNREADABLE", problem=problem)


def read_record(data: bytes) -> FingerRecord:
    """Read a record strictly.

    Raises:
        InputFault: FINGERS_UNREADABLE, and in which way: not this format or version, a length, size,
            resolution or aspect that cannot be, no finger, no minutiae, truncated, or more than it says.
    """
    _require_format(data)
    _, _, length, device, width, height, res_x, res_y, count, reserved = HEADER.unpack_from(data)
    if length != len(data):
        raise _fault(marked("its length field differs from its size"))
    if reserved or device & DEVICE_RESERVED:
        raise _fault(marked("reserved bits of its header are set"))
    _require_sizes(width, height, res_x, res_y)
    if not count:
        raise _fault(marked("it holds no finger"))
    offset, views = HEADER.size, list[FingerView]()
    numbers: Counter[int] = Counter()
    for _ in range(count):
        view, number, offset = _read_view(data, offset, width, height)
        if number != numbers[view.finger]:
            raise _fault(marked("the views of a finger are not numbered 0, 1, 2"))
        numbers[view.finger] += 1
        views.append(view)
    if offset != len(data):
        raise _fault(marked("bytes after the last finger"))
    return FingerRecord(device, width, height, res_x, res_y, tuple(views))


def _require_format(data: bytes) -> None:
    if len(data) < HEADER.size:
        raise _fault(marked("shorter than its header"))
    if data[:4] != FORMAT:
        raise _fault(marked("not ISO/IEC 19794-2:2005"))
    if data[4:8] == WRONG_VERSION:
        raise _fault(
            marked("its version is written 020 with a zero, not with a space as the standard has it")
        )
    if data[4:8] != VERSION:
        raise _fault(marked("not ISO/IEC 19794-2:2005"))
    if ANSI_LENGTH.unpack_from(data)[0] >= SHORTEST_ANSI:
        raise _fault(marked("it is ANSI INCITS 378-2004, not ISO/IEC 19794-2:2005"))


def _require_sizes(width: int, height: int, res_x: int, res_y: int) -> None:
    if not (0 < width <= COORDINATE + 1 and 0 < height <= COORDINATE + 1):
        raise _fault(marked("an image size that cannot be"))
    lowest, highest = sorted((res_x, res_y))
    if lowest < LOWEST_RESOLUTION or highest > HIGHEST_RESOLUTION:
        raise _fault(marked("a resolution that cannot be"))
    shorter, longer = sorted((10 * width / res_x, 10 * height / res_y))
    if shorter < SHORTEST_SIDE or longer > LONGEST_SIDE:
        raise _fault(marked("an image size that cannot be"))
    if highest > MOST_RESOLUTION_RATIO * lowest or longer > MOST_ASPECT * shorter:
        raise _fault(marked("an image aspect that cannot be"))


def _read_view(data: bytes, offset: int, width: int, height: int) -> tuple[FingerView, int, int]:
    """Return a view, its number, and where the next one begins."""
    if offset + VIEW.size > len(data):
        raise _fault(marked("truncated before a finger"))
    finger, number_and_impression, quality, count = VIEW.unpack_from(data, offset)
    start = offset + VIEW.size
    end = start + count * MINUTIA.size
    if end + EXTENDED.size > len(data):
        raise _fault(marked("truncated inside a finger"))
    if not count:
        raise _fault(marked("a finger without minutiae"))
    if finger > Finger.LEFT_LITTLE or quality > MOST_QUALITY:
        raise _fault(marked("a finger position or quality that cannot be"))
    minutiae = tuple(
        [
            Minutia(kind_and_x >> 14, kind_and_x & COORDINATE, y, angle, worth)
            for kind_and_x, y, angle, worth in MINUTIA.iter_unpack(data[start:end])
        ]
    )
    _require_minutiae(minutiae, width, height)
    following = end + EXTENDED.size + EXTENDED.unpack_from(data, end)[0]
    if following > len(data):
        raise _fault(marked("truncated inside extended data"))
    view = FingerView(finger, number_and_impression & 0x0F, quality, minutiae)
    return view, number_and_impression >> 4, following


def _require_minutiae(minutiae: tuple[Minutia, ...], width: int, height: int) -> None:
    kinds, xs, ys, _, worths = zip(*minutiae, strict=True)
    if max(xs) >= width or max(ys) >= height:  # the two reserved bits of y are part of it here
        raise _fault(marked("a minutia outside the image"))
    if max(kinds) > MinutiaKind.BIFURCATION or max(worths) > MOST_QUALITY:
        raise _fault(marked("a minutia of a kind or quality that cannot be"))


def write_record(record: FingerRecord) -> bytes:
    """Write a record. The views of one finger are numbered in their order; none has extended data."""
    numbers: Counter[int] = Counter()
    views = bytearray()
    for view in record.views:
        number_and_impression = numbers[view.finger] << 4 | view.impression
        views += VIEW.pack(view.finger, number_and_impression, view.quality, len(view.minutiae))
        for kind, x, y, angle, quality in view.minutiae:
            views += MINUTIA.pack(kind << 14 | x, y, angle, quality)
        views += EXTENDED.pack(0)
        numbers[view.finger] += 1
    return (
        HEADER.pack(
            FORMAT,
            VERSION,
            HEADER.size + len(views),
            record.device,
            record.width,
            record.height,
            record.resolution_x,
            record.resolution_y,
            len(record.views),
            0,
        )
        + views
    )
