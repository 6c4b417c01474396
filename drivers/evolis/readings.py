"""What the driver reads from an Evolis printer, as plain values."""

from dataclasses import dataclass

from drivers.evolis.commands import EjectionTray, InsertionTray, RejectionTray
from drivers.evolis.models import PrinterModel
from drivers.evolis.ribbons import Ribbon


@dataclass(frozen=True)
class PrinterIdentity:
    """Who the printer is.

    Attributes:
        model: The entry of the model table.
        reported_model: The model in the printer's own words.
        firmware: Firmware version.
        serial: Serial number of the printer.
        head_kit: Number of the print-head kit.
    """

    model: PrinterModel
    reported_model: str
    firmware: str
    serial: str
    head_kit: str


@dataclass(frozen=True)
class Counters:
    """The two lifetime counters that prove what happened; they count different things.

    Attributes:
        panels_printed: `Rco;p`, ribbon panels printed.
        cards_inserted: `Rco;c`, cards taken in.
    """

    panels_printed: int
    cards_inserted: int


@dataclass(frozen=True)
class RibbonReading:
    """The ribbon in the printer.

    Attributes:
        configured: The ribbon set in the printer's own words (`Rr`).
        reported_type: The ribbon's kind in the printer's own words (`Rrt;type`).
        ribbon: What the driver knows of that kind, or None where it cannot print with it.
        prints_left: Prints left on it (`Rrt;count`).
    """

    configured: str
    reported_type: str
    ribbon: Ribbon | None
    prints_left: int


@dataclass(frozen=True)
class Trays:
    """Where cards come from and where they go.

    Attributes:
        insertion: Input.
        ejection: Good cards.
        rejection: Spoiled cards.
    """

    insertion: InsertionTray
    ejection: EjectionTray
    rejection: RejectionTray
