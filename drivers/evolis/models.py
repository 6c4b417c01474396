"""The printers of the family as data (facts evolis.md, Models, levels, raster sizes)."""

from dataclasses import dataclass
from enum import Enum

from drivers.evolis.errors import UnknownModelError

K_LEVELS = 2
"""K and O panels: one bit for each dot."""


class DownloadCommand(Enum):
    """The command that carries a panel: Db, or Dbx with the resolution named."""

    DB = "Db"
    DBX = "Dbx"


@dataclass(frozen=True)
class PrinterModel:
    """A printer model: its raster, its panel form and what a unit of it may have.

    Attributes:
        name: As the printer gives it to `Rtp`.
        download: The command that carries its panels.
        levels: Ink levels of Y, M and C panels.
        lines: Columns of the landscape card.
        dots: Rows of the landscape card.
        dpi_x: Dots per inch along the card.
        dpi_y: Dots per inch across the card.
        contact: May have a contact station. Whether a unit has one is in its status (CONFIG).
        contactless: May have a contactless station.
        flip: May turn the card over.
        reject: May put a card into a reject tray.
        status_channel: A silent TCP connection brings the status text.
        has_overlay: Prints with an O panel; a retransfer printer does not.
        black_limit: Largest inked part of a K panel, 0 to 1. A full black panel snaps the ribbon (facts
            complaints.md 14); the value itself is assumed.
    """

    name: str
    download: DownloadCommand
    levels: int
    lines: int
    dots: int
    dpi_x: int
    dpi_y: int
    contact: bool
    contactless: bool
    flip: bool
    reject: bool
    status_channel: bool = True
    has_overlay: bool = True
    black_limit: float = 0.8

    def panel_size(self, levels: int) -> int:
        """Return the bytes of one whole panel of the given levels."""
        return self.lines * self.dots * bits_of(levels) // 8


# Raster and levels: evolis.md, Models (S). What a model may have is assumed from the vendor's product range;
# what a unit has is in its CONFIG word.
MODELS: tuple[PrinterModel, ...] = (
    PrinterModel("Primacy", DownloadCommand.DB, 256, 1016, 648, 300, 300, True, True, True, True),
    PrinterModel("Primacy 2", DownloadCommand.DB, 256, 1016, 648, 300, 300, True, True, True, True),
    PrinterModel("KC200", DownloadCommand.DB, 256, 1016, 648, 300, 300, True, True, False, True),
    PrinterModel("Zenius", DownloadCommand.DB, 128, 1016, 648, 300, 300, True, True, False, True),
    PrinterModel("Badgy200", DownloadCommand.DBX, 128, 1016, 562, 300, 260, False, False, False, False),
    PrinterModel(
        "Agilia", DownloadCommand.DBX, 256, 2032, 1296, 600, 600, True, True, True, True, has_overlay=False
    ),
)

_LEVEL_BITS = {2: 1, 32: 5, 64: 6, 128: 7, 256: 8}


def bits_of(levels: int) -> int:
    """Return the bits that one dot of a panel takes.

    Raises:
        ValueError: No panel has that number of levels (evolis.md, Commands: Db).
    """
    if levels not in _LEVEL_BITS:
        raise ValueError(f"no panel has {levels} levels")
    return _LEVEL_BITS[levels]


def find_model(reported: str) -> PrinterModel:
    """Return the model that a printer's answer to `Rtp` names.

    Case does not matter and "Evolis " may stand in front; "Primacy2" without its blank is no known name
    (evolis.md, Commands: Rtp).

    Raises:
        UnknownModelError: The table holds no such model.
    """
    wanted = reported.strip().lower().removeprefix("evolis ")
    for model in MODELS:
        if model.name.lower() == wanted:
            return model
    raise UnknownModelError(reported)
