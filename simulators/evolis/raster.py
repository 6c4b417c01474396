"""Panels: bytes of a download command to amounts of ink, and ink to the picture on the card.

A panel is an array [lines, dots] of uint8, 0 = no ink, 255 = full (S: the value is the amount of ink). Line 0
is the left column of the landscape card, dots run from bottom to top (S).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from simulators.evolis.models import BITS_OF_LEVELS, Model

Ink = npt.NDArray[np.uint8]
Picture = npt.NDArray[np.uint8]


class RasterError(Exception):
    """Panel data that cannot be a panel of this model."""


def unpack(data: bytes, levels: int, model: Model) -> Ink:
    """Turn uncompressed panel data into ink.

    Values of 5, 6 and 7 bits are packed bit after bit, most significant first, with no padding at line ends
    (S, Q); K and O have one bit per dot, 1 = ink (S, W).

    Raises:
        RasterError: the length is not that of a panel.
    """
    if len(data) != model.panel_bytes(levels):
        raise RasterError(f"{len(data)} bytes, a panel has {model.panel_bytes(levels)}")
    raw = np.frombuffer(data, dtype=np.uint8)
    bits = BITS_OF_LEVELS[levels]
    if bits < 8:
        weights = (1 << np.arange(bits - 1, -1, -1)).astype(np.uint16)
        values = np.unpackbits(raw).reshape(-1, bits) @ weights
        raw = ((values * 255 + (levels - 1) // 2) // (levels - 1)).astype(np.uint8)
    return raw.reshape(model.lines, model.dots).copy()


def expand(data: bytes, model: Model) -> bytes:
    """Expand a compressed K or O panel (checked against the Windows driver's output: W).

    Each line is one byte: 00 = white, FF = black, else N and then N bytes, the rest of the line white.

    Raises:
        RasterError: the lines do not end with the data, or are not as many as a panel has.
    """
    width = model.dots // 8
    lines: list[bytes] = []
    index = 0
    while index < len(data):
        count = data[index]
        index += 1
        if count == 0xFF:
            lines.append(b"\xff" * width)
            continue
        if count > width or index + count > len(data):
            raise RasterError(f"line {len(lines)} claims {count} bytes")
        lines.append(data[index : index + count].ljust(width, b"\x00"))
        index += count
    if len(lines) != model.lines:
        raise RasterError(f"{len(lines)} lines, a panel has {model.lines}")
    return b"".join(lines)


def overprint(below: Ink, above: Ink) -> Ink:
    """Return the ink of two prints of one panel on one card; it adds up to full."""
    total = below.astype(np.uint16) + above
    result: Ink = np.minimum(total, 255).astype(np.uint8)
    return result


def compose(panels: Mapping[str, Ink], model: Model) -> Picture:
    """Return the landscape picture [rows, columns, 3] that the panels make on a white card.

    Y, M and C take blue, green and red out of the white, K covers them, the varnish O is not seen.
    """
    blank = np.zeros((model.lines, model.dots), dtype=np.uint8)
    channels = [255 - panels.get(panel, blank) for panel in ("c", "m", "y")]
    picture = np.stack(channels, axis=-1)
    picture[panels.get("k", blank) > 0] = 0
    # S: picture[row, column] = panel[line, dot] turned 90 degrees counter-clockwise
    return np.ascontiguousarray(np.rot90(picture))
