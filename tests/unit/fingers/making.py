"""Minutiae for tests: random ones, moved ones, and plain values of records."""

import math

import numpy as np
from hypothesis import strategies as st

from station.fingers.minutiae import Minutiae
from station.fingers.record import FingerRecord, FingerView, Minutia

WIDTH, HEIGHT = 388, 374


def record_of(
    *views: FingerView, width: int = WIDTH, height: int = HEIGHT, resolution: int = 197
) -> FingerRecord:
    return FingerRecord(0, width, height, resolution, resolution, views)


def scattered(seed: int, count: int = 40) -> Minutiae:
    """Minutiae at least 11 px apart, with random directions."""
    random = np.random.default_rng(seed)
    places: list[tuple[float, float]] = []
    while len(places) < count:
        place = (random.uniform(40, 340), random.uniform(40, 330))
        if all(math.dist(place, other) >= 11 for other in places):
            places.append(place)
    x, y = zip(*places, strict=True)
    kinds = random.integers(1, 3, count)
    return Minutiae.of(x, y, random.uniform(-math.pi, math.pi, count), random.integers(20, 90, count), kinds)


def moved(minutiae: Minutiae, turn: float, across: float, down: float) -> Minutiae:
    """Turn about the middle of the image, clockwise as seen, and shift."""
    x, y = minutiae.x - WIDTH / 2, minutiae.y - HEIGHT / 2
    cosine, sine = math.cos(turn), math.sin(turn)
    return Minutiae(
        cosine * x - sine * y + WIDTH / 2 + across,
        sine * x + cosine * y + HEIGHT / 2 + down,
        minutiae.direction + turn,
        minutiae.quality,
        minutiae.kind,
    )


def disturbed(minutiae: Minutiae, seed: int, lost: float = 0.25) -> Minutiae:
    """Another touch: some minutiae are missing, all are a little elsewhere."""
    random = np.random.default_rng(seed)
    kept = minutiae.taken(np.flatnonzero(random.uniform(size=len(minutiae)) >= lost))
    return Minutiae(
        kept.x + random.normal(0, 2, len(kept)),
        kept.y + random.normal(0, 2, len(kept)),
        kept.direction + random.normal(0, 0.08, len(kept)),
        kept.quality,
        kept.kind,
    )


RECORD_MINUTIAE = st.builds(
    Minutia,
    st.integers(0, 2),
    st.integers(0, WIDTH - 1),
    st.integers(0, HEIGHT - 1),
    st.integers(0, 255),
    st.integers(0, 100),
)
VIEWS = st.builds(
    FingerView,
    st.integers(0, 10),
    st.integers(0, 15),
    st.integers(0, 100),
    st.lists(RECORD_MINUTIAE, min_size=1, max_size=90).map(tuple),
)
