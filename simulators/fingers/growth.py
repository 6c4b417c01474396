"""Ridges that grow by themselves from a few points, along given directions.

Filtering noise again and again with a wave that follows the ridge direction makes ridges; where they do not
fit, endings and bifurcations appear (facts: fingerprint.md, Synthetic fingers).
"""

from __future__ import annotations

import math
from typing import Final

import numpy
from numpy.typing import NDArray
from scipy import fft

from simulators.fingers.randomness import Field, blurred_noise

ROUNDS: Final = 9
_DIRECTIONS: Final = 24
_PERIOD_FACTORS: Final = (0.92, 1.0, 1.08)
_KERNEL: Final = 21  # pixels
_SEEDS: Final = 90
_STEEPNESS: Final = 1.2


def grow(directions: Field, random: numpy.random.Generator) -> Field:
    """Grow the ridges of one finger; takes seconds.

    Args:
        directions: float[h, w], radians in image axes.
        random: decides where ridges begin and how wide they are.

    Returns:
        float[h, w] from -1 (valley) to 1 (ridge).
    """
    period = random.uniform(8.2, 9.8)  # pixels from ridge to ridge
    classes = _classes(directions, random)
    waves = [
        _transformed(_wave(index * math.pi / _DIRECTIONS, period * factor), directions.shape)
        for factor in _PERIOD_FACTORS
        for index in range(_DIRECTIONS)
    ]
    picked = [numpy.flatnonzero(classes == index) for index in range(len(waves))]
    field = _start(directions.shape, random)
    for _ in range(ROUNDS):
        field = _filtered(field, waves, picked)
        field = numpy.tanh(_STEEPNESS * field / field.std())
    return field


def _start(shape: tuple[int, ...], random: numpy.random.Generator) -> Field:
    field = random.normal(0, 0.02, shape)
    field.flat[random.choice(field.size, _SEEDS, replace=False)] = 1
    return field


def _classes(directions: Field, random: numpy.random.Generator) -> NDArray[numpy.int64]:
    """Number the filter of every pixel: its direction, and one of three periods."""
    turned = numpy.round(directions * _DIRECTIONS / math.pi).astype(numpy.int64) % _DIRECTIONS
    width = blurred_noise(random, (directions.shape[0], directions.shape[1]), 40)
    periods = numpy.digitize(width / width.std(), (-0.6, 0.6))
    numbers: NDArray[numpy.int64] = periods * _DIRECTIONS + turned
    return numbers


def _wave(direction: float, period: float) -> Field:
    """Return a filter that answers to ridges of this direction and period."""
    half = _KERNEL // 2
    down, across = numpy.mgrid[-half : half + 1, -half : half + 1].astype(numpy.float64)
    off_ridge = -across * math.sin(direction) + down * math.cos(direction)
    bell = numpy.exp(-(across**2 + down**2) / (2 * (0.42 * period) ** 2))
    wave: Field = bell * numpy.cos(2 * math.pi * off_ridge / period)
    balanced: Field = wave - wave.mean()
    return balanced


def _transformed(wave: Field, shape: tuple[int, ...]) -> NDArray[numpy.complex128]:
    """Return the wave's spectrum, its middle at the origin; convolution then wraps at the borders."""
    whole = numpy.zeros(shape)
    whole[:_KERNEL, :_KERNEL] = wave
    half = _KERNEL // 2
    spectrum: NDArray[numpy.complex128] = fft.rfft2(numpy.roll(whole, (-half, -half), (0, 1)))
    return spectrum


def _filtered(
    field: Field, waves: list[NDArray[numpy.complex128]], picked: list[NDArray[numpy.int64]]
) -> Field:
    spectrum = fft.rfft2(field)
    result = numpy.empty(field.size)
    for wave, pixels in zip(waves, picked, strict=True):
        if pixels.size:
            result[pixels] = fft.irfft2(spectrum * wave, s=field.shape).ravel()[pixels]
    return result.reshape(field.shape)
