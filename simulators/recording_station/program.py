"""Writing many bundles."""

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from simulators.recording_station.bundle import Sender
from simulators.recording_station.recordings import recordings
from simulators.recording_station.sealing import sealed

IN_A_FOLDER: Final = 1000


def write_bundles(
    out: Path,
    count: int,
    sender: Sender,
    station: ec.EllipticCurvePublicKey,
    *,
    seed: int = 1,
    per_bundle: int = 100,
    status: str | None = None,
) -> list[Path]:
    """Write `count` records into bundles under `out`, a thousand to a folder; return the files."""
    files = []
    for number, begin in enumerate(range(0, count, per_bundle)):
        file = out / f"{number // IN_A_FOLDER:03}" / f"{number:06}.bundle"
        file.parent.mkdir(parents=True, exist_ok=True)
        people = recordings(seed, min(per_bundle, count - begin), status, begin)
        sender.write(file, [sealed(one.record, one.captured_at, one.parts) for one in people], station)
        files.append(file)
    return files
