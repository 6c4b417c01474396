"""Splitting a two-finger record into the one-finger records that a chip holds.

Format: ISO/IEC 19794-2:2005, record format, clause 7: header of 24 bytes, then for each view 4 bytes, 6 bytes
a minutia and the length of extended data with the data. All numbers big-endian.
"""

import struct
from dataclasses import dataclass, replace

from station.errors import InputFault

MAGIC = b"FMR\0 20\0"  # format identifier and version "20", space first
HEADER = struct.Struct(
    ">8sIHHHHHBB"
)  # magic, length, device, width, height, x and y resolution, views, reserved
VIEW = struct.Struct(">BBBB")  # finger, view number and impression, quality, number of minutiae
MINUTIA = 6
POINTS = struct.Struct(">HH2x")  # x and y of a minutia; the two high bits of each are no part of it
COORDINATE = 0x3FFF
LOWEST_RESOLUTION = 99  # pixels per cm
FINGERS_ON_CHIP = 2


@dataclass(frozen=True)
class FingerView:
    """One finger: its position code 0 to 10, quality 0 to 100, and its minutiae, 6 bytes each."""

    finger: int
    impression: int
    quality: int
    minutiae: tuple[bytes, ...]


@dataclass(frozen=True)
class FingerRecord:
    """A strictly read record. Resolution in pixels per cm."""

    device: int
    width: int
    height: int
    resolution_x: int
    resolution_y: int
    views: tuple[FingerView, ...]


def _fault(problem: str) -> InputFault:
    return InputFault("FINGERS_UNREADABLE", problem=problem)


def read_fingers(data: bytes) -> FingerRecord:
    """Read a record strictly.

    Raises:
        InputFault: FINGERS_UNREADABLE: not this format, truncated, impossible sizes, no minutiae.
    """
    if len(data) < HEADER.size:
        raise _fault("shorter than its header")
    magic, length, device, width, height, res_x, res_y, count, _ = HEADER.unpack_from(data)
    if magic != MAGIC:
        raise _fault("not ISO/IEC 19794-2:2005")
    if length != len(data):
        raise _fault("its length field differs from its size")
    if not width or not height or min(res_x, res_y) < LOWEST_RESOLUTION:
        raise _fault("image size or resolution cannot be")
    offset, views = HEADER.size, []
    for _ in range(count):
        view, offset = _read_view(data, offset, width, height)
        views.append(view)
    if offset != len(data):
        raise _fault("bytes after the last finger")
    return FingerRecord(device, width, height, res_x, res_y, tuple(views))


def _read_view(data: bytes, offset: int, width: int, height: int) -> tuple[FingerView, int]:
    if offset + VIEW.size > len(data):
        raise _fault("truncated before a finger")
    finger, view_and_impression, quality, count = VIEW.unpack_from(data, offset)
    start = offset + VIEW.size
    end = start + count * MINUTIA
    if end + 2 > len(data):
        raise _fault("truncated inside a finger")
    if not count:
        raise _fault("a finger without minutiae")
    if finger > 10 or quality > 100:
        raise _fault("finger position or quality cannot be")
    for x, y in POINTS.iter_unpack(data[start:end]):
        if x & COORDINATE >= width or y & COORDINATE >= height:
            raise _fault("a minutia outside the image")
    minutiae = tuple([data[at : at + MINUTIA] for at in range(start, end, MINUTIA)])
    extended = int.from_bytes(data[end : end + 2], "big")
    if end + 2 + extended > len(data):
        raise _fault("truncated inside extended data")
    return FingerView(finger, view_and_impression & 0x0F, quality, minutiae), end + 2 + extended


def _x(minutia: bytes) -> int:
    return int.from_bytes(minutia[0:2], "big") & COORDINATE  # the two high bits are the type


def _y(minutia: bytes) -> int:
    return int.from_bytes(minutia[2:4], "big") & COORDINATE


def write_fingers(record: FingerRecord) -> bytes:
    """Write a record; every view is the first of its finger and has no extended data."""
    views = b"".join(
        VIEW.pack(view.finger, view.impression, view.quality, len(view.minutiae))
        + b"".join(view.minutiae)
        + b"\0\0"
        for view in record.views
    )
    return (
        HEADER.pack(
            MAGIC,
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


def fitted(view: FingerView, most_minutiae: int) -> FingerView:
    """Drop minutiae until at most `most_minutiae` are left.

    The lowest quality goes first, at equal quality the farthest from the centre of mass of them all
    (ISO/IEC 19794-2:2011, 9.3.2). The order of those that stay is kept.
    """
    if len(view.minutiae) <= most_minutiae:
        return view
    centre_x = sum(map(_x, view.minutiae)) / len(view.minutiae)
    centre_y = sum(map(_y, view.minutiae)) / len(view.minutiae)

    def worth(index: int) -> tuple[int, float, int]:
        minutia = view.minutiae[index]
        return minutia[5], -((_x(minutia) - centre_x) ** 2 + (_y(minutia) - centre_y) ** 2), -index

    kept = sorted(sorted(range(len(view.minutiae)), key=worth, reverse=True)[:most_minutiae])
    return replace(view, minutiae=tuple(view.minutiae[index] for index in kept))


def chip_fingers(data: bytes, budget: int) -> tuple[bytes, bytes]:
    """Make the two one-finger records of a chip, each at most `budget` bytes.

    Raises:
        InputFault: FINGERS_UNREADABLE, also when there are not exactly two different fingers.
    """
    record = read_fingers(data)
    if len(record.views) != FINGERS_ON_CHIP or record.views[0].finger == record.views[1].finger:
        raise _fault("a chip needs two different fingers")
    most = (budget - HEADER.size - VIEW.size - 2) // MINUTIA
    first, second = (write_fingers(replace(record, views=(fitted(view, most),))) for view in record.views)
    return first, second
