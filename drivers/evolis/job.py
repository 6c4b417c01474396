"""Whole print jobs, panels to bytes (facts evolis.md, A job on the wire)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from drivers.evolis.commands import CR, ESC, JOB_END, JOB_START, NUL, Side, command, set_print_tuning
from drivers.evolis.errors import CapabilityError, RasterError
from drivers.evolis.models import K_LEVELS, DownloadCommand, PrinterModel
from drivers.evolis.panels import Panel, ink_share
from drivers.evolis.ribbons import COLOUR, Ribbon

_DEFAULT_TUNING = 10
_IMAGE_PANELS = (*COLOUR, "k")
_TUNINGS = (("Pc", "a"), ("Pl", "a"), ("Pc", "k"), ("Pc", "o"), ("Pc", "l"), ("Pc", "f"), ("Pl", "f"))


class JobForm(Enum):
    """The two forms in which a job travels."""

    TAGGED = "tagged"
    """What the vendor library sends to every model of the table (S): the default, because firmware that
    requires the tags is possible and firmware that refuses them is not known."""

    BARE = "bare"
    """What the older Windows driver sent (W): for printers older than the table, such as the Dualys."""


@dataclass(frozen=True)
class SideJob:
    """One side of a card in panels, in the ribbon's order."""

    side: Side
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class PrintJob:
    """A card's print job, ready for the wire.

    Attributes:
        pieces: The bytes in order.
        size: Their number.
    """

    pieces: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return sum(len(piece) for piece in self.pieces)


def encode_job(
    model: PrinterModel, ribbon: Ribbon, sides: tuple[SideJob, ...], form: JobForm, unix_time: int
) -> PrintJob:
    """Return the job that prints one or two sides and ejects the card.

    Args:
        model: Whose raster and download command hold.
        ribbon: The ribbon in the printer.
        sides: The front, or the front and the back.
        form: Tagged or bare.
        unix_time: Seconds since 1970, for `Ppws`.

    Raises:
        RasterError: A panel has not the model's size.
        CapabilityError: The sides are not front, or front and back; or the form has no word for the ribbon.
    """
    _check_sides(sides)
    for panel in (panel for side in sides for panel in side.panels):
        _check_panel(model, panel)
    if form is JobForm.BARE:
        return PrintJob(tuple(_bare(model, ribbon, sides, unix_time)))
    return PrintJob(tuple(_tagged(model, ribbon, sides, unix_time)))


def download(model: PrinterModel, panel: Panel) -> bytes:
    """Return the command that carries one panel, ESC to CR."""
    if model.download is DownloadCommand.DB:
        head = f"Db;{panel.letter};{panel.levels};"
    else:
        head = f"Dbx;{panel.letter};{panel.levels};{model.dpi_x};{model.dpi_y};"
    return ESC + head.encode("ascii") + panel.data + CR


def _check_sides(sides: tuple[SideJob, ...]) -> None:
    if tuple(side.side for side in sides) not in ((Side.FRONT,), (Side.FRONT, Side.BACK)):
        raise CapabilityError("a job prints the front, or the front and then the back")


def _check_panel(model: PrinterModel, panel: Panel) -> None:
    allowed = model.levels if panel.letter in COLOUR else K_LEVELS
    expected = model.panel_size(allowed)
    if panel.levels != allowed or len(panel.data) != expected:
        raise RasterError(
            f"panel {panel.letter}: {len(panel.data)} bytes at {panel.levels} levels, "
            f"the {model.name} takes {expected} at {allowed}"
        )


def _bare(model: PrinterModel, ribbon: Ribbon, sides: tuple[SideJob, ...], unix_time: int) -> Iterator[bytes]:
    if ribbon.word is None:
        raise CapabilityError(f"the bare form has no word for the ribbon {ribbon.name}")
    # Pr .. Ss as in W; Pmi is left out: the station sets the trays, and `;s` would save it over power-off
    yield _padded(
        command("Pr", ribbon.word),
        set_print_tuning("Pc", "k", _DEFAULT_TUNING),
        command("Pdt", "DU"),
        command("Mr", "s"),
        command("Ppws", unix_time),
        JOB_START,
    )
    for side in sides:
        yield _padded(command(side.side.value))
        for panel in side.panels:
            yield _padded(download(model, panel))
    yield _padded(command("Se", 1))


def _padded(*commands: bytes) -> bytes:
    return b"".join(entry + NUL for entry in commands)


def _tagged(
    model: PrinterModel, ribbon: Ribbon, sides: tuple[SideJob, ...], unix_time: int
) -> Iterator[bytes]:
    yield _tagged_head(model, ribbon, len(sides), unix_time)
    for side in sides:
        yield from _tagged_face(model, side)
    yield JOB_END
    yield command("Psync", 6, 1) + b"</CARD>" + command("Psync", 6, 0)
    yield command("Psync", 4, 1) + b"</DOC>" + command("Psync", 4, 0)
    yield command("Pcla", 0) + command("Psync", 11, 1) + b"<END>" + command("Psync", 11, 0)


def _tagged_head(model: PrinterModel, ribbon: Ribbon, sides: int, unix_time: int) -> bytes:
    dpi = f"{model.dpi_x}x{model.dpi_y}"
    header = (
        command("Psmgr", 1)
        + command("Ppws", unix_time)
        + command("Pcla", 1)
        + command("Ppmode", 0)
        + command("Pr", ribbon.number, "t")
        + command("Pwres", model.dpi_x, model.dpi_y, ribbon.number)
        + command("Psk", 10)
        + command("Piqla", "a", "d")
        + command("Pmc", "h")
        + command("Peoic", "k", "D")
        + command("Psync", 2)
    )
    return (
        command("Psync", 1, 0)
        + b"<HEADER>"
        + header
        + b"</HEADER>"
        + command("Psync", 12, 1)
        + f"<OPTION Dpi={dpi}>".encode("ascii")
        + command("Psync", 13, 0)
        + b"</OPTION>"
        + command("Psync", 3, 1)
        + f"<DOC Duplex={sides - 1}>".encode("ascii")
        + command("Psync", 3, 0)
        + command("Psync", 5, 1)
        + b"<CARD>"
        + command("Psync", 5, 0)
        + JOB_START
        + command("Mr", "s")
    )


def _tagged_face(model: PrinterModel, side: SideJob) -> Iterator[bytes]:
    yield command("Psync", 9, 1) + b"<FACE>" + command("Psync", 9, 0) + command(side.side.value)
    yield b"".join(set_print_tuning(kind, panel, _DEFAULT_TUNING) for kind, panel in _TUNINGS)
    colours = [panel for panel in side.panels if panel.letter in COLOUR]
    if colours:
        yield _image_values(side.panels)
        yield from _binary(model, colours)
    for panel in side.panels:
        if panel.letter not in COLOUR:
            yield from _binary(model, [panel])
    yield command("Psync", 10, 1) + b"</FACE>" + command("Psync", 10, 0)


def _image_values(panels: tuple[Panel, ...]) -> bytes:
    """Return Pida, four numbers that vary with the image; per cent of ink in y, m, c and k is assumed."""
    shares = {panel.letter: ink_share(panel) for panel in panels if panel.letter in _IMAGE_PANELS}
    return command("Pida", *(round(100 * shares.get(letter, 0)) for letter in _IMAGE_PANELS))


def _binary(model: PrinterModel, panels: list[Panel]) -> Iterator[bytes]:
    downloads = [download(model, panel) for panel in panels]
    size = sum(len(entry) for entry in downloads)  # whole commands, ESC to CR
    yield f"<BINARY Size={size}>".encode("ascii")
    yield from downloads
    yield b"</BINARY>"
