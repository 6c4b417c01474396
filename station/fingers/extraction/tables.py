"""Tables over the spectrum of a window, made once: directions, ridge periods, filters."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from station.fingers.extraction.blocks import Plane
from station.fingers.minutiae import Integers

WINDOW: Final = 32  # pixels
DIRECTIONS: Final = 32
PERIODS: Final = 24
SHORTEST_PERIOD: Final = 4.5  # pixels
LONGEST_PERIOD: Final = 16.0
FREQUENCIES: Final = 12  # of the filters
RING_WIDTH: Final = 0.75 / WINDOW  # cycles a pixel: a Hann window widens a line by about so much
ACROSS_POWER: Final = 8
RADIAL_WIDTH: Final = 0.30  # of the frequency
ANGULAR_WIDTH: Final = 0.25  # radians
LOW: Final = 10  # of the 17 columns of a half spectrum; no ring reaches farther


@dataclass(frozen=True, eq=False)
class SpectrumTables:
    """Weights for the places of a half spectrum of 32 x 17, and for the L = 19 * 10 low ones of them.

    Attributes:
        hann: float32[32, 32].
        across: float32[32, L], for each direction of the ridges the weight of what runs across them.
        rings: float32[L, 24], for each ridge frequency the places near it.
        ring_frequencies: float32[24], cycles a pixel.
        filter_frequencies: float32[12].
        filters: float32[12, 32, 32, 17].
        low_rows: int64[19], the rows of the low places.
    """

    hann: Plane
    across: Plane
    rings: Plane
    ring_frequencies: Plane
    filter_frequencies: Plane
    filters: Plane
    low_rows: Integers


@cache
def spectrum_tables() -> SpectrumTables:
    """Make the tables."""
    line = np.hanning(WINDOW + 1)[:-1]
    down, across = np.meshgrid(np.fft.fftfreq(WINDOW), np.fft.rfftfreq(WINDOW), indexing="ij")
    radius, angle = np.hypot(across, down), np.arctan2(down, across)
    normals = np.arange(DIRECTIONS) * np.pi / DIRECTIONS + np.pi / 2
    apart = np.abs((angle - normals[:, None, None] + np.pi / 2) % np.pi - np.pi / 2)
    low_rows = np.flatnonzero(np.abs(np.fft.fftfreq(WINDOW)) * WINDOW < LOW)
    low = np.ix_(low_rows, np.arange(LOW))
    low_radius, low_apart = radius[low].ravel(), apart[:, *low].reshape(DIRECTIONS, -1)
    rings = np.geomspace(1 / LONGEST_PERIOD, 1 / SHORTEST_PERIOD, PERIODS)
    centres = np.geomspace(1 / LONGEST_PERIOD, 1 / SHORTEST_PERIOD, FREQUENCIES)
    width = RADIAL_WIDTH * centres[:, None, None]
    radial = np.exp(-(((radius - centres[:, None, None]) / width) ** 2) / 2)
    radial[:, 0, 0] = 0  # the mean
    angular = np.exp(-((apart / ANGULAR_WIDTH) ** 2) / 2)
    return SpectrumTables(
        hann=np.outer(line, line).astype(np.float32),
        across=(np.cos(low_apart) ** ACROSS_POWER * low_radius).astype(np.float32),
        rings=np.exp(-(((low_radius[:, None] - rings) / RING_WIDTH) ** 2) / 2).astype(np.float32),
        ring_frequencies=rings.astype(np.float32),
        filter_frequencies=centres.astype(np.float32),
        filters=(radial[:, None] * angular[None]).astype(np.float32),
        low_rows=low_rows,
    )
