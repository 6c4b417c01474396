"""The fingers that are compared: real ones of two folders, or synthetic ones."""

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from simulators.fingers.finger import Finger
from simulators.fingers.template import finger_record
from station.errors import InputFault
from station.fingers.minutiae import Minutiae
from station.fingers.record import minutiae_of, read_record
from tests.bench.rows import BenchFailed

SEEDS: Final = range(1, 7)
PRESSES: Final = range(1, 7)
LIVE_DIFFICULTY: Final = 1.8  # nearest to real ones (facts: fingerprint.md)
RIGHT_INDEX: Final = 2


@dataclass(frozen=True)
class FingerSet:
    """Touches of fingers, by the name FINGER_TOUCH.

    Attributes:
        real: whether they are of people.
        images: PNG files.
        records: what another extractor has found in the same touches.
    """

    real: bool
    images: Mapping[str, bytes]
    records: Mapping[str, Minutiae]


def finger_of(name: str) -> str:
    """Return the finger of a touch."""
    return name.split("_")[0]


def find_fingers() -> FingerSet:
    """Take the folders that the environment names, IMAGES and RECORDS; without them synthetic fingers.

    Raises:
        BenchFailed: they are named and cannot be used.
    """
    images, records = os.environ.get("IMAGES", ""), os.environ.get("RECORDS", "")
    return _real(Path(images), Path(records)) if images else _synthetic()


def _real(images: Path, records: Path) -> FingerSet:
    pictures = {path.stem: path.read_bytes() for path in sorted(images.glob("*_*.png"))}
    if not pictures or not records.is_dir():
        raise BenchFailed("IMAGES and RECORDS must name folders of FINGER_TOUCH.png and FINGER_TOUCH.iso")
    try:
        return FingerSet(True, pictures, {name: _read(records / f"{name}.iso") for name in pictures})
    except (OSError, InputFault) as error:
        raise BenchFailed(str(error)) from error


def _read(path: Path) -> Minutiae:
    return _first(path.read_bytes())


def _first(data: bytes) -> Minutiae:
    record = read_record(data)
    return minutiae_of(record, record.views[0])


def _synthetic() -> FingerSet:
    images, records = dict[str, bytes](), dict[str, Minutiae]()
    for seed in SEEDS:
        finger = Finger.from_seed(seed)
        for press in PRESSES:
            target = io.BytesIO()
            Image.fromarray(finger.press(press, LIVE_DIFFICULTY)).save(target, "PNG")
            images[f"{seed}_{press}"] = target.getvalue()
            records[f"{seed}_{press}"] = _first(finger_record([(RIGHT_INDEX, finger)], press))
    return FingerSet(False, images, records)
