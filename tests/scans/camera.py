"""A pinhole camera above a sheet of paper that was folded."""

from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.scans.fold import DOTS_PER_MM, Fold, Grey

MARGIN: Final = 20  # dots of table around the sheet
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """How a camera sees a sheet.

    Attributes:
        tilt: angle between the sheet's normal and the camera's axis, in radians.
        axis: direction, in the sheet, about which it is tilted, in radians.
        turn: of the camera about its axis, in radians.
        distance: from the pinhole to the middle of the sheet, in millimetres.
        table: grey level around the sheet.
    """

    tilt: float
    axis: float
    turn: float
    distance: float
    table: float


def draw_view(source: np.random.Generator, tilt: float | None = None) -> View:
    """Draw a view, of a given tilt in radians or any up to 20 degrees."""
    drawn = radians(source.uniform(0, 20))
    return View(
        tilt=drawn if tilt is None else tilt,
        axis=source.uniform(0, 2 * pi),
        turn=source.uniform(0, 2 * pi),
        distance=source.uniform(300, 600),
        table=source.uniform(20, 235),
    )


def photograph(sheet: Grey, fold: Fold, view: View) -> Grey:
    """Return what a sharp, noiseless camera sees. `sheet` has 150 dpi; so has the picture in its middle."""
    height, width = sheet.shape
    near, far = _projections(fold, view, width / DOTS_PER_MM, height / DOTS_PER_MM)
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], dtype=float).T
    moved, size = _into_frame(near @ corners)
    near, far = moved @ near, moved @ far
    crease = np.linalg.inv(near).T @ _crease(fold)
    right, down = (np.arange(length) + 0.5 for length in size)
    is_beyond = crease[0] * right[None, :] > -(crease[1] * down[:, None] + crease[2])
    return np.where(is_beyond, _warped(sheet, far, size, view), _warped(sheet, near, size, view))


def _projections(fold: Fold, view: View, width: float, height: float) -> tuple[Matrix, Matrix]:
    """Return the homographies from dots of the sheet to dots of the picture, for both parts."""
    rotation = _about_z(view.turn) @ _about_z(view.axis) @ _about_x(view.tilt) @ _about_z(-view.axis)
    focal = view.distance * DOTS_PER_MM
    lens = np.diag([focal, focal, 1.0])
    away = np.array([[0, 0, 0], [0, 0, 0], [0, 0, view.distance]], dtype=float)
    into_millimetres = np.array(
        [[1 / DOTS_PER_MM, 0, -width / 2], [0, 1 / DOTS_PER_MM, -height / 2], [0, 0, 1]]
    )
    flat = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0]], dtype=float)
    bent = flat + _rise(fold, width, height)
    near, far = (lens @ (rotation @ plane + away) @ into_millimetres for plane in (flat, bent))
    return near, far


def _rise(fold: Fold, width: float, height: float) -> Matrix:
    """Return how a point beyond the crease, in millimetres from the middle of the sheet, leaves the plane."""
    across = np.array([*fold.normal, 0.0])
    distance = np.array([across[0], across[1], across @ [width / 2 - fold.x, height / 2 - fold.y, 0]])
    shift = across * (cos(fold.slope) - 1) + np.array([0, 0, sin(fold.slope)])
    return np.outer(shift, distance)


def _crease(fold: Fold) -> NDArray[np.float64]:
    """Return the crease as a line of the sheet's dots, positive beyond it."""
    across_x, across_y = fold.normal
    return np.array([across_x, across_y, -DOTS_PER_MM * (across_x * fold.x + across_y * fold.y)])


def _into_frame(projected: Matrix) -> tuple[Matrix, tuple[int, int]]:
    """Return the shift that brings the sheet into the picture, and the picture's size."""
    places = projected[:2] / projected[2]
    low, high = places.min(axis=1) - MARGIN, places.max(axis=1) + MARGIN
    shift = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]])
    return shift, (int(high[0] - low[0]), int(high[1] - low[1]))


def _warped(sheet: Grey, projection: Matrix, size: tuple[int, int], view: View) -> Grey:
    back = np.linalg.inv(projection)
    coefficients = tuple((back / back[2, 2]).ravel()[:8])
    picture = Image.fromarray(sheet).transform(
        size,
        Image.Transform.PERSPECTIVE,
        coefficients,
        Image.Resampling.BICUBIC,
        fillcolor=view.table,
    )
    return np.asarray(picture, dtype=np.float32)


def _about_x(angle: float) -> Matrix:
    return np.array([[1, 0, 0], [0, cos(angle), -sin(angle)], [0, sin(angle), cos(angle)]])


def _about_z(angle: float) -> Matrix:
    return np.array([[cos(angle), -sin(angle), 0], [sin(angle), cos(angle), 0], [0, 0, 1]])
