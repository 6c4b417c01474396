"""The finger image record of ISO/IEC 19794-4:2011, read strictly (facts: sbi.md 3).

The standard itself was not at hand: the layout is that of MOSIP's reader and writer and of sample records.
"""

import struct
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Final, NoReturn

from drivers.sbi.errors import Reason, RecordUnusable
from drivers.sbi.extended_blocks import ExtendedBlock, read_blocks
from drivers.sbi.record_bytes import RecordBytes

MAGIC: Final = b"FIR\x00" + b"020\x00"  # format identifier and version
_GENERAL: Final = struct.Struct(">IHBB")  # at 8: record length, representations, certification flag, fingers
_TIME: Final = struct.Struct(">HBBBBBH")  # at 20: year, month, day, hour, minute, second, milliseconds
_SENSOR: Final = struct.Struct(">BHH")  # at 29: technology, vendor, device type
_SCORE: Final = struct.Struct(">BHH")  # score, vendor, algorithm
_CERTIFICATION: Final = struct.Struct(">HB")  # authority, scheme
_IMAGE: Final = struct.Struct(">BBBHHHHBBBHHI")
BEFORE_REPRESENTATION: Final = 16
NO_SCORE: Final = 255
LARGEST_SIDE: Final = 2048  # pixels: 4 inches at 500 dpi; a slap's plate is 3.2 by 2.0
PER_INCH: Final = 1
PER_CENTIMETRE: Final = 2
_FEWEST_DPI: Final = 490  # MOSIP's validator: 490 to 1010
_MOST_DPI: Final = 1010
_LIVE_PLAIN: Final = 0
_UNKNOWN_IMPRESSION: Final = 29


class Compression(IntEnum):
    """How the image is written."""

    RAW = 0
    PACKED = 1
    WSQ = 2
    JPEG = 3
    JPEG_2000 = 4
    JPEG_2000_LOSSLESS = 5
    PNG = 6


@dataclass(frozen=True)
class Score:
    """A quality score, 0 to 100 or NO_SCORE, and whose it is."""

    value: int
    vendor: int
    algorithm: int


@dataclass(frozen=True)
class FingerImage:
    """One finger's image as it was recorded.

    Attributes:
        captured_at: without a zone: UTC by one draft, local time by MOSIP's own writer.
        position: finger position code, 0 where it is unknown.
        dpi: of the image, in both directions.
        width, height: in pixels.
        content: the image, compressed as `compression` says.
    """

    captured_at: datetime
    scores: tuple[Score, ...]
    position: int
    dpi: int
    compression: Compression
    impression: int
    width: int
    height: int
    content: bytes = field(repr=False)
    blocks: tuple[ExtendedBlock, ...] = ()


def read_finger_image(record: bytes) -> FingerImage:
    """Read a record of one representation of one finger.

    Raises:
        RecordUnusable: RECORD_MALFORMED, RESOLUTION_UNSUITABLE, IMPRESSION_UNSUITABLE, SIZE_WRONG,
            COMPRESSION_UNSUITABLE.
    """
    source = RecordBytes(record)
    has_certification = _read_general(source, len(record))
    (length,) = source.unpack(struct.Struct(">I"))
    if length != len(record) - BEFORE_REPRESENTATION:
        _malformed("the representation's length is not right")
    captured_at = _read_time(source)
    source.unpack(_SENSOR)
    scores = tuple(_read_score(source) for _ in range(source.byte()))
    if has_certification:
        for _ in range(source.byte()):
            source.unpack(_CERTIFICATION)
    return _read_image(source, captured_at, scores)


def _read_general(source: RecordBytes, size: int) -> bool:
    """Read the record's header; give whether certification blocks follow."""
    if source.take(len(MAGIC)) != MAGIC:
        _malformed("it is no finger image record of 2011")
    length, representations, flag, fingers = source.unpack(_GENERAL)
    if length != size:
        _malformed("the record's length is not right")
    if representations != 1 or fingers != 1:
        _malformed(f"{representations} representations of {fingers} fingers, where one of one is due")
    if flag not in (0, 1):
        _malformed("the certification flag is neither 0 nor 1")
    return flag == 1


def _read_time(source: RecordBytes) -> datetime:
    *moment, milliseconds = source.unpack(_TIME)
    year, month, day, hour, minute, second = moment
    try:
        # A naive time is what the record has: no zone is written in it.
        return datetime(year, month, day, hour, minute, second, milliseconds * 1000)  # noqa: DTZ001
    except ValueError:
        _malformed("the capture's time is none")


def _read_score(source: RecordBytes) -> Score:
    score = Score(*source.unpack(_SCORE))
    if score.value > 100 and score.value != NO_SCORE:
        _malformed(f"a quality score of {score.value}")
    return score


def _read_image(source: RecordBytes, captured_at: datetime, scores: tuple[Score, ...]) -> FingerImage:
    position, number, unit, *rates, depth, code, impression, width, height, length = source.unpack(_IMAGE)
    if number != 0:
        _malformed(f"the only representation has the number {number}")
    if position > 10:
        _malformed(f"position {position} is not that of one finger")
    if depth != 8:
        _malformed(f"{depth} bits a pixel")
    if impression not in (_LIVE_PLAIN, _UNKNOWN_IMPRESSION):
        raise RecordUnusable(Reason.IMPRESSION_UNSUITABLE, f"impression type {impression}")
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise RecordUnusable(Reason.SIZE_WRONG, f"an image of {width} by {height}")
    return FingerImage(
        captured_at,
        scores,
        position,
        _dpi(unit, rates),
        _compression(code),
        impression,
        width,
        height,
        source.take(length),
        read_blocks(source),
    )


def _dpi(unit: int, rates: list[int]) -> int:
    """The image's resolution: it stands in the record, whatever the compressed image says of itself."""
    if unit not in (PER_INCH, PER_CENTIMETRE):
        _malformed(f"the resolution has the unit {unit}")
    capture_across, capture_down, across, down = (
        round(rate * (2.54 if unit == PER_CENTIMETRE else 1)) for rate in rates
    )
    suits = all(_FEWEST_DPI <= dpi <= _MOST_DPI for dpi in (capture_across, capture_down, across, down))
    if not suits or across != down or across > capture_across or down > capture_down:
        problem = f"captured at {capture_across} by {capture_down} dpi, written at {across} by {down}"
        raise RecordUnusable(Reason.RESOLUTION_UNSUITABLE, problem)
    return across


def _compression(code: int) -> Compression:
    try:
        return Compression(code)
    except ValueError:
        raise RecordUnusable(Reason.COMPRESSION_UNSUITABLE, f"compression {code}") from None


def _malformed(problem: str) -> NoReturn:
    raise RecordUnusable(Reason.RECORD_MALFORMED, problem)
