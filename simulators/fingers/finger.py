"""A synthetic finger: it belongs to nobody, and the same seed gives the same finger."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy
from numpy.typing import NDArray

from simulators.fingers.growth import grow
from simulators.fingers.impression import Impression, touch
from simulators.fingers.pattern import Pattern, Turns, choose_turns, ridge_directions
from simulators.fingers.plate import HEALTHY, Defects, Frame, expose
from simulators.fingers.randomness import Field, generator
from simulators.fingers.store import cache_folder, path_of, store_ridges, stored_ridges

_TOP: Final = 127  # of a ridge, on disk
_SEED_BYTES: Final = 6  # JSON numbers of other languages hold 53 bits
DEFAULT_FRAME: Final = Frame()


@dataclass(frozen=True, eq=False)
class Finger:
    """One finger at 500 dots per inch, before it touches anything.

    Attributes:
        seed: what it was grown from.
        turns: its pattern, cores and deltas.
        directions: float[416, 352], direction of the ridges in radians, image axes (y down).
        ridges: float[416, 352], from -1 (valley) to 1 (ridge).
    """

    seed: int
    turns: Turns
    directions: Field
    ridges: Field

    @classmethod
    def from_seed(cls, seed: int, pattern: Pattern | None = None, folder: Path | None = None) -> Finger:
        """Return the finger of a seed: from the folder, or grown, which takes seconds of computing.

        Args:
            seed: of the finger; of a synthetic person's, see `seed_of`.
            pattern: where it matters; None lets the seed decide.
            folder: where grown fingers are kept; None = under the user's cache.
        """
        return _finger(seed, pattern, folder or cache_folder())

    def press(self, seed: int, difficulty: float = 1.0, moisture: float = 0.0) -> NDArray[numpy.uint8]:
        """Press the finger on a healthy plate of 500 dots per inch.

        Args:
            seed: of this touch; the same seed gives the same picture.
            difficulty: 0.5 easy, 1 normal, 1.8 hard.
            moisture: -1 very dry to 1 very wet.

        Returns:
            uint8[360, 300], dark ridges on light ground.
        """
        return self.press_on(DEFAULT_FRAME, seed, difficulty, moisture)

    def press_on(
        self,
        frame: Frame,
        seed: int,
        difficulty: float = 1.0,
        moisture: float = 0.0,
        defects: Defects = HEALTHY,
    ) -> NDArray[numpy.uint8]:
        """Press the finger on a plate of any size and state: uint8[frame.height, frame.width]."""
        scene = self.touch(frame, seed, difficulty, moisture).scene
        return expose(scene, generator("sensor", self.seed, seed), defects)

    def touch(self, frame: Frame, seed: int, difficulty: float = 1.0, moisture: float = 0.0) -> Impression:
        """Return the touch itself, before the sensor."""
        return touch(self.ridges, frame, generator("touch", self.seed, seed), difficulty, moisture)


def seed_of(people_seed: int, number: int, position: int) -> int:
    """Return the seed of a synthetic person's finger.

    Args:
        people_seed: of `simulators.people`.
        number: of the person, from 0.
        position: ISO/IEC 19794-2: 1-5 right thumb to little finger, 6-10 left.

    Raises:
        ValueError: there is no such finger.
    """
    if number < 0 or not 1 <= position <= 10:
        raise ValueError(f"person {number} has no finger {position}: hands have 1 to 10")
    text = f"finger/{people_seed}/{number}/{position}"
    return int.from_bytes(sha256(text.encode()).digest()[:_SEED_BYTES], "big")


@lru_cache(maxsize=16)
def _finger(seed: int, pattern: Pattern | None, folder: Path) -> Finger:
    name = f"{seed}/{pattern or 'any'}"
    random = generator("master", name)
    turns = choose_turns(random, pattern)
    directions = ridge_directions(turns, random)
    path = path_of(folder, name)
    stored = stored_ridges(path)
    if stored is None:
        stored = numpy.round(grow(directions, random) * _TOP).astype(numpy.int8)
        store_ridges(path, stored)
    ridges = stored / _TOP
    ridges.setflags(write=False)
    return Finger(seed, turns, directions, ridges)
