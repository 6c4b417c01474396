"""Pictures to ribbon panels: pure functions, arrays in and bytes out (facts evolis.md, Models)."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from drivers.evolis.errors import CapabilityError, InkLimitError, RasterError
from drivers.evolis.models import K_LEVELS, PrinterModel, bits_of
from drivers.evolis.ribbons import COLOUR

_FULL = 255


class Face(Protocol):
    """One side of a card in landscape: rows from top to bottom, columns from left to right."""

    @property
    def colour(self) -> npt.NDArray[np.uint8]:
        """The picture, uint8[dots, lines, 3], RGB."""

    @property
    def black(self) -> npt.NDArray[np.bool_]:
        """True where the K panel prints, bool[dots, lines]."""


@dataclass(frozen=True)
class Panel:
    """The bytes of one ribbon panel.

    Attributes:
        letter: y, m, c, k or o.
        levels: Ink levels of one dot.
        data: The dots, line after line, packed without padding.
    """

    letter: str
    levels: int
    data: bytes


def make_panels(face: Face, model: PrinterModel, letters: tuple[str, ...]) -> tuple[Panel, ...]:
    """Return the panels that print a face.

    K comes from `black` alone and Y, M and C are cleared under it; black in the colours stays in the colours.
    The overlay covers the whole card.

    Args:
        face: The side to print.
        model: Whose raster and levels hold.
        letters: The panels that the ribbon prints on this side, in order.

    Raises:
        RasterError: An array has not the model's size or type.
        InkLimitError: The K panel is blacker than the ribbon stands.
        CapabilityError: The face needs a panel that the ribbon does not have.
    """
    _check_raster(face, model)
    _check_ribbon(face, letters)
    return tuple(_panel(face, model, letter) for letter in letters)


def to_lines(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Turn a landscape picture [rows, columns] into panel order [lines, dots].

    Line 0 is the left column and dots run from bottom to top, so the picture is the panel turned 90 degrees
    counter-clockwise, and the panel is the picture turned clockwise.
    """
    return np.ascontiguousarray(np.rot90(picture, -1))


def pack_levels(ink: npt.NDArray[np.uint8], levels: int) -> bytes:
    """Pack amounts of ink (0 to 255) into a panel's bits, MSB first, without padding at line ends.

    All ones is full ink. A 1-bit panel has ink where the amount is at least 128.

    Raises:
        ValueError: No panel has that number of levels.
    """
    bits = bits_of(levels)
    if bits == 8:
        return ink.tobytes()
    highest = np.unpackbits(ink.reshape(-1, 1), axis=1)[:, :bits]
    return np.packbits(highest).tobytes()


def ink_share(panel: Panel) -> float:
    """Return the amount of ink of a whole panel, 0 to 1, from its packed bytes."""
    raw = np.frombuffer(panel.data, dtype=np.uint8)
    bits = bits_of(panel.levels)
    if bits == 8:
        values = raw
    elif bits == 1:
        values = np.unpackbits(raw)
    else:
        weights = 1 << np.arange(bits - 1, -1, -1, dtype=np.uint8)
        values = np.unpackbits(raw).reshape(-1, bits) @ weights
    return float(values.mean()) / (panel.levels - 1)


def _panel(face: Face, model: PrinterModel, letter: str) -> Panel:
    if letter in COLOUR:
        channel = face.colour[:, :, 2 - COLOUR.index(letter)]  # Y takes blue away, M green, C red
        ink = np.where(face.black, 0, _FULL - channel).astype(np.uint8)
        return Panel(letter, model.levels, pack_levels(to_lines(ink), model.levels))
    if letter == "k":
        _check_black(face.black, model)
        ink = face.black.astype(np.uint8) * _FULL
        return Panel(letter, K_LEVELS, pack_levels(to_lines(ink), K_LEVELS))
    if letter == "o":
        return Panel(letter, K_LEVELS, b"\xff" * model.panel_size(K_LEVELS))  # default varnish (evolis.md)
    raise CapabilityError(f"the driver makes no panel {letter!r}")


def _check_raster(face: Face, model: PrinterModel) -> None:
    shape = (model.dots, model.lines)
    if face.black.shape != shape or face.black.dtype != np.bool_:
        raise RasterError(
            f"black is {face.black.dtype}{list(face.black.shape)}, the {model.name} prints bool{list(shape)}"
        )
    if face.colour.shape != (*shape, 3) or face.colour.dtype != np.uint8:
        raise RasterError(
            f"colour is {face.colour.dtype}{list(face.colour.shape)}, "
            f"the {model.name} prints uint8{[*shape, 3]}"
        )


def _check_ribbon(face: Face, letters: tuple[str, ...]) -> None:
    if not set(COLOUR) & set(letters) and bool(np.any(face.colour[~face.black] != _FULL)):
        raise CapabilityError("the face has colours and the ribbon has none")
    if "k" not in letters and bool(np.any(face.black)):
        raise CapabilityError("the face has black and the ribbon has no K panel")


def _check_black(black: npt.NDArray[np.bool_], model: PrinterModel) -> None:
    share = float(np.mean(black))
    if share > model.black_limit:
        raise InkLimitError(f"{share:.0%} of the K panel is black, the ribbon stands {model.black_limit:.0%}")
