"""ISO/IEC 19794-2:2005 records as a foreign vendor's software writes them (facts: fingerprint.md)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LIVE_PLAIN: Final = 0
_PIXELS_PER_CENTIMETRE: Final = 197  # 500 dpi


@dataclass(frozen=True)
class Minutia:
    """A ridge ending or bifurcation. `x`, `y` in pixels, y down; `angle` in units of 1.40625 degrees."""

    kind: int
    x: int
    y: int
    angle: int
    quality: int


@dataclass(frozen=True)
class View:
    """One touch of one finger (position as in ISO/IEC 19794-2: 1-5 right thumb to little, 6-10 left)."""

    finger: int
    quality: int
    minutiae: Sequence[Minutia]


def record_of(views: Sequence[View], width: int, height: int) -> bytes:
    """Return a whole record; of each finger there is one view, number 0."""
    body = b"".join(_view(view) for view in views)
    # Record header, 24 bytes: magic, version, length, capture device, size, resolution, number of views,
    # reserved. Capture device 0: none certified, none named.
    resolution = _PIXELS_PER_CENTIMETRE
    fields = (24 + len(body), 0, width, height, resolution, resolution, len(views), 0)
    return b"FMR\0 20\0" + struct.pack(">IHHHHHBB", *fields) + body


def _view(view: View) -> bytes:
    # View header: finger, view number 0 in the high nibble over the impression, quality, count.
    view_number = 0
    head = bytes([view.finger, view_number << 4 | LIVE_PLAIN, view.quality, len(view.minutiae)])
    body = b"".join(
        struct.pack(">HHBB", point.kind << 14 | point.x, point.y, point.angle, point.quality)
        for point in view.minutiae
    )
    return head + body + b"\0\0"  # no extended data
