"""Steps 4 and 5: the local ridge frequency, and the ridges cleaned by it, from the same short-time spectra.

The windows of one row of blocks are worked on together: what is held in between then stays in the processor's
cache, and each row is laid over the image as one strip.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from station.fingers.extraction.blocks import SIDE, Cells, Plane, RidgeField, smooth
from station.fingers.extraction.tables import DIRECTIONS, LOW, WINDOW, spectrum_tables
from station.fingers.minutiae import Integers

BEFORE: Final = (WINDOW - SIDE) // 2  # a window has its block in the middle
STEPS: Final = WINDOW // SIDE
LOWEST, HIGHEST = 0.6, 1.6  # of the median frequency
FREQUENCY_SIGMA: Final = 2.0  # blocks

Spectra = NDArray[np.complex64]


@dataclass(frozen=True, eq=False)
class Row:
    """The windows round the blocks of one row, from the first block of skin to the last.

    Attributes:
        row: of the blocks.
        begin, end: the columns of the blocks.
        spectra: complex64[n, 32, 17].
        turns: int64[n], which of the 32 directions the ridges have.
    """

    row: int
    begin: int
    end: int
    spectra: Spectra
    turns: Integers


def enhanced(plane: Plane, field: RidgeField, mask: Cells) -> Plane:
    """Filter each window of 32 x 32 pixels along its ridges, one pass, and lay the windows over each other.

    Args:
        plane: the normalised image.
        field: the direction of the ridges.
        mask: blocks of skin, at least one; there is nothing elsewhere but between them.

    Returns:
        float32[height, width]: ridges below 0, valleys above; 0 far from skin.
    """
    tables = spectrum_tables()
    rows = _rows(plane, field, mask)
    frequency = _smoothed(_frequencies(rows, mask.shape), mask)
    bounds = np.sqrt(tables.filter_frequencies[1:] * tables.filter_frequencies[:-1])
    kinds = np.searchsorted(bounds, frequency)
    whole = np.zeros((plane.shape[0] + 2 * BEFORE, plane.shape[1] + 2 * BEFORE), np.float32)
    for row in rows:
        row.spectra[...] *= tables.filters[kinds[row.row, row.begin : row.end], row.turns]
        windows = fft.irfft2(row.spectra, s=(WINDOW, WINDOW), overwrite_x=True)
        windows *= tables.hann
        strip = _strip(windows)
        top, left = SIDE * row.row, SIDE * row.begin
        whole[top : top + WINDOW, left : left + strip.shape[1]] += strip
    return whole[BEFORE:-BEFORE, BEFORE:-BEFORE]


def _rows(plane: Plane, field: RidgeField, mask: Cells) -> list[Row]:
    room = np.pad(plane, BEFORE, mode="reflect")
    views = np.lib.stride_tricks.sliding_window_view(room, (WINDOW, WINDOW))[::SIDE, ::SIDE]
    turns = np.rint(field.direction * (DIRECTIONS / np.pi)).astype(np.int64) % DIRECTIONS
    rows = []
    for row in np.flatnonzero(mask.any(axis=1)).tolist():
        columns = np.flatnonzero(mask[row])
        begin, end = int(columns[0]), int(columns[-1]) + 1
        spectra = np.asarray(fft.rfft2(views[row, begin:end] * spectrum_tables().hann), dtype=np.complex64)
        rows.append(Row(row, begin, end, spectra, turns[row, begin:end]))
    return rows


def _frequencies(rows: list[Row], shape: tuple[int, ...]) -> Plane:
    """Return the frequency of the strongest ring, cycles a pixel, for every block that has a window."""
    tables = spectrum_tables()
    found = np.zeros(shape, np.float32)
    for row in rows:
        low = row.spectra[:, tables.low_rows, :LOW].reshape(len(row.turns), -1)
        power = low.real**2
        power += low.imag**2
        power *= tables.across[row.turns]
        found[row.row, row.begin : row.end] = tables.ring_frequencies[np.argmax(power @ tables.rings, axis=1)]
    return found


def _smoothed(found: Plane, mask: Cells) -> Plane:
    """Return the frequency for every block: without strays, smoothed; where there is none, the usual one."""
    usual = np.median(found[mask])
    steady = mask & (found > LOWEST * usual) & (found < HIGHEST * usual)
    weight = smooth(steady.astype(np.float32), FREQUENCY_SIGMA)
    value = smooth(np.where(steady, found, np.float32(0)), FREQUENCY_SIGMA)
    return np.where(weight > 1e-3, value / np.maximum(weight, np.float32(1e-3)), usual)


def _strip(windows: Plane) -> Plane:
    """Lay n windows of one row over each other, each 8 pixels beside the last: float32[32, 8 * (n + 3)]."""
    count = len(windows)
    sums = np.zeros((WINDOW, count + STEPS - 1, SIDE), np.float32)
    for step in range(STEPS):
        part = windows[:, :, SIDE * step : SIDE * (step + 1)]
        sums[:, step : step + count] += part.transpose(1, 0, 2)
    return sums.reshape(WINDOW, -1)
