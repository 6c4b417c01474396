"""The printed faces, as the printer simulator decoded them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from simulators.demo import plan
from simulators.demo.accounts import Check
from simulators.demo.documents import Attempt, Job

BLANK_BELOW = 10.0  # standard deviation of the grey values below which nothing can be on a card


def copy_faces(cards: Path, printed: Iterable[tuple[Job, Attempt]], target: Path) -> list[Path]:
    """Copy the front of each card, named by the number of its job."""
    target.mkdir(parents=True, exist_ok=True)
    copied = []
    for job, attempt in printed:
        copy = target / f"{job.job:04}.png"
        copy.write_bytes((cards / attempt.uid / "front.png").read_bytes())
        copied.append(copy)
    return copied


def check_faces(pictures: Iterable[Path]) -> list[Check]:
    """See that each picture has the printer's size and that something is on it."""
    found = []
    for path in pictures:
        with Image.open(path) as image:
            size, spread = image.size, float(np.asarray(image.convert("L"), dtype=np.float64).std())
        found.append(Check(f"face {path.name}", (plan.PICTURE, True), (size, spread > BLANK_BELOW)))
    return found
