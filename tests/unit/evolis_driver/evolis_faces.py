"""Faces for tests of the printer driver."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivers.evolis.models import PrinterModel


@dataclass(frozen=True)
class PlainFace:
    """What the driver's `Face` asks for, and nothing else."""

    colour: npt.NDArray[np.uint8]
    black: npt.NDArray[np.bool_]


def white_face(model: PrinterModel) -> PlainFace:
    """Return an empty face."""
    return PlainFace(
        np.full((model.dots, model.lines, 3), 255, dtype=np.uint8),
        np.zeros((model.dots, model.lines), dtype=np.bool_),
    )


def photo_face(model: PrinterModel, seed: int = 1) -> PlainFace:
    """Return a face with a colourful left half and some black lines."""
    face = white_face(model)
    random = np.random.default_rng(seed)
    half = model.lines // 2
    face.colour[:, :half] = random.integers(0, 256, (model.dots, half, 3), dtype=np.uint8)
    face.black[100:104, :] = True
    return face
