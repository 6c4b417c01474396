"""The dot grid of one printer, and where the card lies on it."""

from dataclasses import dataclass
from typing import Final

from .errors import RasterError

MILLIMETRES_PER_INCH: Final = 25.4
LARGEST_DIFFERENCE: Final = 3.0
"""Millimetres by which a raster may differ from its card; those of the fact sheet differ by 0.9 at most."""


@dataclass(frozen=True)
class DotBox:
    """A rectangle of whole dots: `left` and `top` inside, `right` and `bottom` just outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Dots across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Dots down."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Raster:
    """The landscape raster of a printer: `width` x `height` dots, and dots per inch on each axis.

    A card printer's raster is a little larger than the card (1016 dots at 300 dpi are 86.02 mm, the
    card is 85.60 mm wide), so that ink runs over the edge. The card is assumed to lie in the middle
    of it; what a single printer adds is its calibrated offset, which is not the template's matter.
    """

    width: int
    height: int
    dots_per_inch_x: float
    dots_per_inch_y: float

    def __post_init__(self) -> None:
        if min(self.width, self.height, self.dots_per_inch_x, self.dots_per_inch_y) <= 0:
            raise ValueError("a raster has positive sizes and resolutions")

    @property
    def square(self) -> bool:
        """Tell whether a dot is as wide as it is high (not so on a Badgy: 300 x 260 dpi)."""
        return self.dots_per_inch_x == self.dots_per_inch_y

    def across(self, millimetres: float) -> float:
        """Dots, fractions included, that a horizontal length takes."""
        return millimetres * self.dots_per_inch_x / MILLIMETRES_PER_INCH

    def down(self, millimetres: float) -> float:
        """Dots, fractions included, that a vertical length takes."""
        return millimetres * self.dots_per_inch_y / MILLIMETRES_PER_INCH


@dataclass(frozen=True)
class CardOnRaster:
    """A card of `card_width` x `card_height` millimetres, centred on a raster.

    Raises RasterError where the raster is not about as large as the card.
    """

    raster: Raster
    card_width: float
    card_height: float

    def __post_init__(self) -> None:
        width = self.raster.width / self.raster.across(1)
        height = self.raster.height / self.raster.down(1)
        if max(abs(width - self.card_width), abs(height - self.card_height)) > LARGEST_DIFFERENCE:
            raise RasterError(
                f"a raster of {width:.1f} x {height:.1f} mm cannot print a card of "
                f"{self.card_width:.1f} x {self.card_height:.1f} mm: turned, or a wrong resolution?"
            )

    def x(self, millimetres: float) -> int:
        """Dot column of a distance from the card's left edge."""
        margin = (self.raster.width - self.raster.across(self.card_width)) / 2
        return round(margin + self.raster.across(millimetres))

    def y(self, millimetres: float) -> int:
        """Dot row of a distance from the card's top edge."""
        margin = (self.raster.height - self.raster.down(self.card_height)) / 2
        return round(margin + self.raster.down(millimetres))

    def box(self, x: float, y: float, width: float, height: float) -> DotBox:
        """Return the dots of a rectangle given in millimetres, cut at the raster's edge."""
        return DotBox(
            left=max(self.x(x), 0),
            top=max(self.y(y), 0),
            right=min(self.x(x + width), self.raster.width),
            bottom=min(self.y(y + height), self.raster.height),
        )
