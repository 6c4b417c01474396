"""A disk that is carried to the centre and back: where things lie on it.

`print-station/STATION/to-centre/` takes what the station writes, `print-station/STATION/from-centre/` what
the centre answers. docs/reference/centre.md, "By hand".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from station.bundles.frame import read_frame
from station.bundles.manifest import Manifest
from station.bundles.plain_file import open_plain
from station.errors import InputFault

ROOT = "print-station"
ENDING = ".bundle"


@dataclass(frozen=True)
class CarriedDisk:
    """The part of a disk that belongs to this station."""

    folder: Path
    station: str

    @property
    def to_centre(self) -> Path:
        """What the station writes."""
        return self.folder / ROOT / self.station / "to-centre"

    @property
    def from_centre(self) -> Path:
        """What the centre answers."""
        return self.folder / ROOT / self.station / "from-centre"

    def free_name(self, stem: str) -> Path:
        """A name for a bundle that no file on the disk has."""
        path, number = self.to_centre / f"{stem}{ENDING}", 1
        while path.exists():
            number += 1
            path = self.to_centre / f"{stem}-{number}{ENDING}"
        return path

    def whole_bundles(self) -> Iterator[tuple[Path, Manifest]]:
        """The whole bundles for the centre that lie on the disk; what is half written is passed over."""
        for path in sorted(self.to_centre.glob(f"*{ENDING}")):
            try:
                with open_plain(path) as file:
                    yield path, read_frame(file).manifest
            except (InputFault, OSError):
                continue
