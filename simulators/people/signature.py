"""Drawn signatures: random curves with the rhythm of handwriting."""

from io import BytesIO
from random import Random
from typing import Final

from PIL import Image, ImageDraw

SIZE: Final = (480, 180)
_INK: Final = 0
_PAPER: Final = 1
_Point = tuple[float, float]


def signature_png(random: Random) -> bytes:
    """Return a signature as a 1-bit PNG of 480 x 180 pixels, black on white."""
    image = Image.new("1", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    start = (random.uniform(25, 60), random.uniform(80, 120))
    initial, start = _initial(start, random)
    strokes = [initial, _letters(start, random)]
    if random.random() < 0.8:
        strokes.append(_flourish(random))
    for stroke in strokes:
        _ink(pen, stroke, random.randint(3, 4))
    stream = BytesIO()
    image.save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def _initial(start: _Point, random: Random) -> tuple[list[_Point], _Point]:
    """A tall first letter: loops, peaks, or a round one."""
    x, y = start
    height, width = random.uniform(60, 90), random.uniform(35, 70)
    end = (x + width * 1.25, y + random.uniform(0, 15))
    letter = random.choice((_looped, _peaked, _round))
    return letter(x, y, width, height, end), end


def _looped(x: float, y: float, width: float, height: float, end: _Point) -> list[_Point]:
    turn = (x + width * 0.6, y)
    up = _bezier((x, y + 20), (x - 20, y - height), (x + width, y - height * 1.2), turn)
    return up + _bezier(turn, (x + width * 0.3, y + 75), (x - 35, y + 60), end)


def _peaked(x: float, y: float, width: float, height: float, end: _Point) -> list[_Point]:
    peak, valley = (x + width * 0.35, y - height), (x + width * 0.6, y + 10)
    first = _bezier((x, y + 40), (x + 5, y), (x + width * 0.2, y - height), peak)
    second = _bezier(peak, (x + width * 0.4, y - height * 0.5), (x + width * 0.5, y + 5), valley)
    return first + second + _bezier(valley, (x + width * 0.8, y - height * 1.4), (x + width, y + 20), end)


def _round(x: float, y: float, width: float, height: float, end: _Point) -> list[_Point]:
    top = (x + width * 0.7, y - height)
    left = _bezier(top, (x - width * 0.5, y - height), (x - 10, y + 40), (x + width * 0.6, y + 25))
    return left + _bezier(left[-1], (x + width * 1.5, y), (x + width * 0.6, y - height * 1.3), end)


def _letters(start: _Point, random: Random) -> list[_Point]:
    """A row of small letters: waves of uneven height that lean to the right."""
    points, (x, y) = [start], start
    for _ in range(random.randint(4, 8)):
        width, height = random.uniform(22, 42), random.uniform(15, 40)
        if random.random() < 0.25:
            height *= 1.9
        end = (min(x + width, SIZE[0] - 40), y + random.uniform(-7, 6))
        lean = random.uniform(5, 18)
        points += _bezier((x, y), (x + lean, y - height * 1.5), (x + width * 0.9 + lean, y - height), end)
        if random.random() < 0.3:
            points += _bezier(end, (end[0] - 4, y + height), (end[0] - width, y + height), end)
        x, y = end
    tail = (min(x + random.uniform(15, 60), SIZE[0] - 12), y - random.uniform(-20, 30))
    return points + _bezier((x, y), (x + 10, y + 12), (tail[0] - 8, tail[1] + 10), tail)


def _flourish(random: Random) -> list[_Point]:
    """A line under the name."""
    left, right = random.uniform(30, 120), random.uniform(280, 440)
    y = random.uniform(135, 160)
    return _bezier((left, y), (left + 90, y - 30), (right - 90, y + 15), (right, y - random.uniform(5, 35)))


def _bezier(start: _Point, first: _Point, second: _Point, end: _Point) -> list[_Point]:
    points = []
    for step in range(25):
        t = step / 24
        a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        x = a * start[0] + b * first[0] + c * second[0] + d * end[0]
        points.append((x, a * start[1] + b * first[1] + c * second[1] + d * end[1]))
    return points


def _ink(pen: ImageDraw.ImageDraw, points: list[_Point], width: int) -> None:
    pen.line(points, fill=_INK, width=width, joint="curve")
    for x, y in points:
        radius = width / 2 - 0.3
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_INK)
