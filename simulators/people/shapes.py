"""A few shapes on a drawing that is larger than the finished picture."""

import math
from collections.abc import Sequence
from typing import Final

from PIL import ImageDraw

from .look import Colour

BRUSH: Final = 2
"""The drawing is this much larger than the picture; made smaller, its edges become smooth."""

_STEPS: Final = 40

Point = tuple[float, float]
Oval = tuple[float, float, float, float]
"""Centre x and y, half width, half height."""


def shade(colour: Colour, share: float) -> Colour:
    """Return a colour made darker (share below 1) or lighter."""
    red, green, blue = (min(255, round(level * share)) for level in colour)
    return red, green, blue


class Sketch:
    """The drawing board: shapes in pixels of the finished picture."""

    def __init__(self, pen: ImageDraw.ImageDraw) -> None:
        self._pen = pen

    def ellipse(self, x: float, y: float, half_width: float, half_height: float, fill: Colour) -> None:
        """Fill an ellipse around a centre."""
        self._pen.ellipse(_around(x, y, half_width, half_height), fill=fill)

    def ring(
        self, x: float, y: float, half_width: float, half_height: float, colour: Colour, width: int
    ) -> None:
        """Draw the outline of an ellipse."""
        self._pen.ellipse(_around(x, y, half_width, half_height), outline=colour, width=width * BRUSH)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        """Fill a rectangle."""
        self._pen.rectangle((left * BRUSH, top * BRUSH, right * BRUSH, bottom * BRUSH), fill=fill)

    def polygon(self, points: Sequence[Point], fill: Colour) -> None:
        """Fill a polygon."""
        self._pen.polygon(_large(points), fill=fill)

    def curve(self, points: Sequence[Point], colour: Colour, width: int) -> None:
        """Draw a line of two points, or a bow through three, with round ends."""
        path = list(points) if len(points) < 3 else _bow(points[0], points[1], points[2])
        self._pen.line(_large(path), fill=colour, width=width * BRUSH, joint="curve")
        for x, y in (path[0], path[-1]):
            self.ellipse(x, y, width / 2, width / 2, colour)

    def half_ellipse(self, x: float, y: float, half_width: float, height: float, fill: Colour) -> None:
        """Fill half an ellipse that stands on the height `y`, or hangs from it where `height` is negative."""
        turn = [math.pi * step / _STEPS for step in range(_STEPS + 1)]
        points = [(x + half_width * math.cos(angle), y - height * math.sin(angle)) for angle in turn]
        self._pen.polygon(_large(points), fill=fill)

    def frame(self, outer: Oval, inner: Oval, fill: Colour) -> None:
        """Fill what lies between two ellipses."""
        self._pen.polygon(_large([*_full_turn(outer), *reversed(_full_turn(inner))]), fill=fill)


def _around(x: float, y: float, half_width: float, half_height: float) -> tuple[float, float, float, float]:
    return (
        (x - half_width) * BRUSH,
        (y - half_height) * BRUSH,
        (x + half_width) * BRUSH,
        (y + half_height) * BRUSH,
    )


def _large(points: Sequence[Point]) -> list[Point]:
    return [(x * BRUSH, y * BRUSH) for x, y in points]


def _full_turn(oval: Oval) -> list[Point]:
    x, y, half_width, half_height = oval
    turn = [2 * math.pi * step / _STEPS for step in range(_STEPS + 1)]
    return [(x + half_width * math.cos(angle), y + half_height * math.sin(angle)) for angle in turn]


def _bow(start: Point, middle: Point, end: Point) -> list[Point]:
    # The control point is moved out so that the curve passes through `middle`.
    control = (2 * middle[0] - (start[0] + end[0]) / 2, 2 * middle[1] - (start[1] + end[1]) / 2)
    points = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        a, b, c = (1 - t) ** 2, 2 * (1 - t) * t, t**2
        points.append(
            (a * start[0] + b * control[0] + c * end[0], a * start[1] + b * control[1] + c * end[1])
        )
    return points
