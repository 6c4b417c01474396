"""The printed face of the KTP-el: values and a layout in, pixels out.

This package imports neither numpy nor Pillow by itself. Drawing lives in the modules
`front` (`render_front`), `back` (`render_back`), `fonts`, `layout`, `raster`, `lint` and `preview`.
"""

from .errors import (
    CardFaceError,
    FaceOverflowError,
    FontChangedError,
    FontUnreadableError,
    GlyphMissingError,
    LayoutError,
    PhotoError,
    RasterError,
    SignatureError,
    ValueRefusedError,
)
from .values import CardValues

__all__ = [
    "CardFaceError",
    "CardValues",
    "FaceOverflowError",
    "FontChangedError",
    "FontUnreadableError",
    "GlyphMissingError",
    "LayoutError",
    "PhotoError",
    "RasterError",
    "SignatureError",
    "ValueRefusedError",
]
