"""Where grown fingers are kept: growing one takes seconds."""

from __future__ import annotations

import io
import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy
from numpy.typing import NDArray

from simulators.fingers.pattern import HEIGHT, WIDTH

CACHE_VARIABLE: Final = "SIMULATED_FINGERS"  # names the folder
_FORM: Final = 1  # of the growth; a change of it grows every finger again


def cache_folder() -> Path:
    """Return the folder of the fingers that were grown, under this user's cache."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "print-station" / "fingers"


def path_of(folder: Path, name: str) -> Path:
    """Return the file of a finger."""
    return folder / f"{sha256(f'{_FORM}/{name}'.encode()).hexdigest()[:24]}.npy"


def stored_ridges(path: Path) -> NDArray[numpy.int8] | None:
    """Read a grown finger back; None where there is none, or none that is whole."""
    try:
        ridges = numpy.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if not isinstance(ridges, numpy.ndarray) or ridges.dtype != numpy.int8 or ridges.shape != (HEIGHT, WIDTH):
        return None
    return ridges


def store_ridges(path: Path, ridges: NDArray[numpy.int8]) -> None:
    """Keep a grown finger; several processes may grow the same one at once. A full disk only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as beside:
            numpy.save(beside, ridges, allow_pickle=False)
        Path(beside.name).replace(path)
    except OSError:
        return
