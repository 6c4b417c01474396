"""What a rig is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Connection = Literal["usbip", "socket"]
CONNECTIONS: tuple[Connection, ...] = ("usbip", "socket")
ChipStation = Literal["contact", "contactless"]
CHIP_STATIONS: tuple[ChipStation, ...] = ("contactless", "contact")
MOST_PRINTERS = 8  # pcscd has 16 reader contexts, and each printer's reader takes two (fact sheet on PC/SC)
LANE_NAMES = "ABCDEFGH"


@dataclass(frozen=True)
class RigOptions:
    """One rig. What the printers hold counts for their first start only; later their own truth tells.

    Attributes:
        folder: takes everything that the rig makes; a second start goes on with what is there.
        printers: how many lanes.
        speed: simulated seconds in one second of wall time.
        seed: of the blanks' numbers and of the batch key.
        hopper: blanks in each hopper.
        model: of every printer.
        ribbon, ribbon_sets: kind of ribbon and sets left on it.
        tray_capacity: cards that the good tray holds; None for the model's.
        connection: how the station reaches the printers.
        chip_station: which of the printer's stations the lane uses.
        pictures: whether the printed faces are decoded.
        paper: whether there is a paper printer behind a cupsd; without it letters go into a folder.
        scanner: whether a fingerprint scanner on a serial line stands on the counter.
    """

    folder: Path
    printers: int = 1
    speed: float = 1.0
    seed: int = 1
    hopper: int = 20
    model: str = "Primacy 2"
    ribbon: str = "YMCKO"
    ribbon_sets: int = 200
    tray_capacity: int | None = None
    connection: Connection = "usbip"
    chip_station: ChipStation = "contactless"
    pictures: bool = True
    paper: bool = False
    scanner: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot stand."""
        if not 1 <= self.printers <= MOST_PRINTERS:
            raise ValueError(f"1 to {MOST_PRINTERS} printers are possible")
        if self.speed < 0 or self.hopper < 0 or self.ribbon_sets < 0:
            raise ValueError("speed, hopper and ribbon sets must not be negative")

    @property
    def lanes(self) -> tuple[str, ...]:
        """The names of the lanes, A first."""
        return tuple(LANE_NAMES[: self.printers])

    def printer_folder(self, lane: str) -> Path:
        """Where the printer of a lane keeps its truth and its cards."""
        return self.folder / f"printer-{lane}"

    @property
    def scanner_link(self) -> Path:
        """The name of the scanner's serial line."""
        return self.folder / "scanner" / "line"

    def reader_name(self, lane: str) -> str:
        """The name that the reader of a lane has in the reader file."""
        return f"Simulated printer {lane}"
