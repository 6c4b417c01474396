"""The sensor's own templates: 512 bytes that only it understands (layout assumed; a real one's is secret).

A template made here holds the seed of the finger, so that the sensor's comparison is a plain question. One
that came from the host and was made elsewhere is like itself only.
"""

from __future__ import annotations

from random import Random
from typing import Final

LENGTH: Final = 512  # facts: R305, R307
_MAGIC: Final = b"SIM1"
_SEED: Final = slice(4, 12)
_SCORE_SAME_BYTES: Final = 300
_SCORE_SAME_FINGER: Final = 120


def made_from(finger: int, number: int) -> bytes:
    """Return a template of a finger; no two touches give the same one."""
    filler = Random(f"template/{finger}/{number}").randbytes(LENGTH - _SEED.stop)
    return _MAGIC + finger.to_bytes(8, "big") + filler


def score(one: bytes, other: bytes) -> int:
    """Return how alike two templates are; 0 = not one finger."""
    if one == other:
        return _SCORE_SAME_BYTES
    ours = one.startswith(_MAGIC) and other.startswith(_MAGIC)
    return _SCORE_SAME_FINGER if ours and one[_SEED] == other[_SEED] else 0
