"""A finger image record of ISO/IEC 19794-4:2011, written (facts: sbi.md 3; the standard was not at hand)."""

from __future__ import annotations

import datetime
import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy
from numpy.typing import NDArray
from PIL import Image

LOSSY, LOSSLESS = 4, 5  # JPEG 2000
VENDOR, ALGORITHM = 0x0040, 0x000F  # of quality scores in the samples


@dataclass(frozen=True)
class Record:
    """What goes into a record of one representation of one finger.

    Attributes:
        image: compressed as `compression` says.
        scores: one quality block each.
        certifications: authority and scheme, one block each; None = the flag is 0 and there is no count.
        unit: 1 pixels per inch, 2 per centimetre.
        rates: capture across, down; image across, down.
        blocks: extended blocks, type and content.
    """

    captured_at: datetime.datetime
    position: int
    width: int
    height: int
    image: bytes = field(repr=False)
    scores: Sequence[int] = (70,)
    certifications: Sequence[tuple[int, int]] | None = None
    unit: int = 1
    rates: tuple[int, int, int, int] = (500, 500, 500, 500)
    depth: int = 8
    compression: int = LOSSLESS
    impression: int = 0
    number: int = 0
    blocks: Sequence[tuple[int, bytes]] = ()

    def but(self, **changes: object) -> Record:
        """The same with something else."""
        return replace(self, **changes)  # type: ignore[arg-type]


def pack(record: Record) -> bytes:
    """Write a record, big-endian."""
    representation = b"".join(
        (
            _time(record.captured_at),
            struct.pack(">BHH", 0, 0, 0),  # sensor technology, vendor, type: unspecified
            bytes([len(record.scores)]),
            *(struct.pack(">BHH", score, VENDOR, ALGORITHM) for score in record.scores),
            _certifications(record.certifications),
            bytes([record.position, record.number, record.unit]),
            struct.pack(">4H", *record.rates),
            bytes([record.depth, record.compression, record.impression]),
            struct.pack(">HHI", record.width, record.height, len(record.image)),
            record.image,
            *(struct.pack(">HH", kind, len(content) + 4) + content for kind, content in record.blocks),
        )
    )
    body = struct.pack(">I", len(representation) + 4) + representation
    flag = 0 if record.certifications is None else 1
    return b"FIR\x00020\x00" + struct.pack(">IHBB", len(body) + 16, 1, flag, 1) + body


def segmentation(position: int, width: int, height: int) -> tuple[int, bytes]:
    """Extended block 1: one finger, two corners, not turned."""
    corners = struct.pack(">4H", 0, 0, width, height)
    head = struct.pack(">HHBHHB", VENDOR, 0, 80, VENDOR, ALGORITHM, 1)
    return 1, head + bytes([position, 80, 2]) + corners + b"\0"


def annotation(marks: Sequence[tuple[int, int]]) -> tuple[int, bytes]:
    """Extended block 2: fingers that are amputated (1) or unusable (2)."""
    return 2, bytes([len(marks)]) + b"".join(bytes(mark) for mark in marks)


def comment(text: str) -> tuple[int, bytes]:
    """Extended block 3: text."""
    return 3, text.encode()


def lossless(pixels: NDArray[numpy.uint8]) -> bytes:
    """Write JPEG 2000 with the reversible transform, as Registration wants it."""
    return _written(pixels, {"irreversible": False})


def lossy(pixels: NDArray[numpy.uint8]) -> bytes:
    """Write JPEG 2000 at 15:1, as devices for Auth do."""
    return _written(pixels, {"irreversible": True, "quality_mode": "rates", "quality_layers": [15]})


def _written(pixels: NDArray[numpy.uint8], options: dict[str, object]) -> bytes:
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG2000", **options)
    return target.getvalue()


def _time(moment: datetime.datetime) -> bytes:
    day = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    return struct.pack(">HBBBBBH", *day, moment.microsecond // 1000)


def _certifications(blocks: Sequence[tuple[int, int]] | None) -> bytes:
    if blocks is None:
        return b""
    return bytes([len(blocks)]) + b"".join(struct.pack(">HB", *block) for block in blocks)
