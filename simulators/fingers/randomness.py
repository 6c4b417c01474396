"""Seeded noise: the same words give the same numbers, whatever else is drawn."""

from __future__ import annotations

import hashlib

import numpy
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Field = NDArray[numpy.float64]


def generator(*words: str | float) -> numpy.random.Generator:
    """Return a random source that belongs to these words and to nothing else."""
    text = "/".join(str(word) for word in ("synthetic-fingers", *words))
    return numpy.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))


def blurred_noise(random: numpy.random.Generator, shape: tuple[int, int], sigma: float) -> Field:
    """Return white noise of deviation 1, blurred with `sigma` pixels: its deviation is far below 1."""
    field: Field = gaussian_filter(random.standard_normal(shape), sigma, mode="reflect")
    return field


def patches(random: numpy.random.Generator, shape: tuple[int, int], sigma: float) -> Field:
    """Return smooth noise of deviation 1."""
    field = blurred_noise(random, shape, sigma)
    even: Field = (field - field.mean()) / field.std()
    return even
