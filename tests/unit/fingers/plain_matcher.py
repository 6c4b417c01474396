"""The matcher of the fact sheet, one minutia and one hypothesis after the other: slow, and easy to check."""

import math

import numpy as np
from numpy.typing import NDArray

from station.fingers.minutiae import Minutiae

Points = NDArray[np.float64]


def wrap(angle: Points) -> Points:
    return (angle + np.pi) % (2 * np.pi) - np.pi


def plain_score(first: Minutiae, second: Minutiae) -> float:
    a, b = np.c_[first.x, first.y], np.c_[second.x, second.y]
    similarity = _similarity(a, first.direction, b, second.direction)
    best = 0.0
    for flat in np.argsort(-similarity, axis=None, kind="stable")[:24]:
        i, j = divmod(int(flat), len(b))
        best = max(best, _hypothesis(a, first.direction, b, second.direction, similarity, i, j))
    return best


def _neighbours(points: Points, directions: Points) -> list[tuple[Points, Points, Points]]:
    found = []
    for place, point in enumerate(points):
        distance = np.hypot(*(points - point).T)
        distance[place] = np.inf
        nearest = np.argsort(distance, kind="stable")[: min(6, len(points) - 1)]
        bearing = np.arctan2(points[nearest, 1] - point[1], points[nearest, 0] - point[0]) - directions[place]
        found.append((distance[nearest], bearing, directions[nearest] - directions[place]))
    return found


def _similarity(a: Points, first: Points, b: Points, second: Points) -> Points:
    around_a, around_b = _neighbours(a, first), _neighbours(b, second)
    similarity = np.zeros((len(a), len(b)))
    for i, (distance, bearing, turn) in enumerate(around_a):
        for j, (other_distance, other_bearing, other_turn) in enumerate(around_b):
            if abs(wrap(second[j] - first[i])) >= math.pi / 3:
                continue
            by_distance = np.abs(distance[:, None] - other_distance) / (8 + 0.08 * distance[:, None])
            by_bearing = np.abs(wrap(bearing[:, None] - other_bearing)) / 0.35
            by_turn = np.abs(wrap(turn[:, None] - other_turn)) / 0.45
            alike = np.exp(-(by_distance**2 + by_bearing**2 + by_turn**2) / 2)
            similarity[i, j] = alike.max(axis=1).sum() + alike.max(axis=0).sum()
    return similarity


def _hypothesis(
    a: Points, first: Points, b: Points, second: Points, similarity: Points, i: int, j: int
) -> float:
    turn = float(wrap(second[j] - first[i]))
    shift = b[j] - _rotation(turn) @ a[i]
    worth, pairs, moved = 0.0, list[tuple[int, int]](), a
    for tolerance in (16.2, 12.0, 12.0):
        moved = a @ _rotation(turn).T + shift
        worth, pairs = _paired(moved, first + turn, b, second, tolerance)
        if len(pairs) < 4:
            return 0.0
        x, y = a[[one for one, _ in pairs]], b[[other for _, other in pairs]]
        spread = (x - x.mean(axis=0)).T @ (y - y.mean(axis=0))
        turn = math.atan2(spread[0, 1] - spread[1, 0], spread[0, 0] + spread[1, 1])
        shift = y.mean(axis=0) - _rotation(turn) @ x.mean(axis=0)
    common = math.sqrt(max(_inside(moved, b), 8) * max(_inside(b, moved), 8))
    local = sum(similarity[pair] for pair in pairs) / len(pairs)
    return float(worth**2 / common * (0.4 + 0.15 * local))


def _paired(
    moved: Points, turned: Points, b: Points, second: Points, tolerance: float
) -> tuple[float, list[tuple[int, int]]]:
    near = []
    for i, point in enumerate(moved):
        for j, other in enumerate(b):
            distance, apart = math.dist(point, other), abs(float(wrap(turned[i] - second[j])))
            if distance < tolerance and apart < 0.35:
                near.append((distance / tolerance + apart / 0.35, i, j))
    worth, pairs = 0.0, list[tuple[int, int]]()
    for cost, i, j in sorted(near)[: len(moved) + len(b)]:
        if all(i != one and j != other for one, other in pairs):
            pairs.append((i, j))
            worth += 1 - 0.35 * cost
    return worth, pairs


def _rotation(turn: float) -> Points:
    return np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])


def _inside(points: Points, box: Points) -> int:
    return int(((points >= box.min(axis=0) - 15) & (points <= box.max(axis=0) + 15)).all(axis=1).sum())
