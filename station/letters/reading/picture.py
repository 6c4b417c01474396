"""A picture file, opened with limits: whoever brings a letter brings the file."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from station.errors import InputFault

Grey = NDArray[np.uint8]
Picture = (
    Image.Image
    | NDArray[np.uint8]
    | NDArray[np.uint16]
    | NDArray[np.float32]
    | NDArray[np.float64]
    | NDArray[np.bool_]
)

MILLION: Final = 1_000_000
MOST_MILLIONS: Final = 70  # dots; an A4 sheet at 800 dpi has 62 million
FORMATS: Final = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF", "MPO")
PAGED: Final = frozenset({"TIFF"})
WHITE: Final = 255
# What Pillow's decoders raise for damaged files; they have no error in common.
DAMAGE: Final = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    MemoryError,
    RuntimeError,
    struct.error,
    zlib.error,
)


def open_pictures(content: bytes) -> Iterator[Image.Image]:
    """Decode a picture file page by page, upright as its EXIF entry says.

    Only TIFF has pages, as scanners write them. Of other forms the first picture is taken: what follows in
    them is a film, or what a telephone has noted about its picture.

    Raises:
        InputFault: LETTER_PICTURE_TOO_LARGE, before anything of the page is decoded;
            LETTER_PICTURE_UNREADABLE.
    """
    with _damage_told():
        image = Image.open(BytesIO(content), formats=FORMATS)
    yield _decoded(image)
    number = 1
    while image.format in PAGED and _turned_to(image, number):
        yield _decoded(image)
        number += 1


def _turned_to(image: Image.Image, number: int) -> bool:
    with _damage_told():
        try:
            image.seek(number)
        except EOFError:
            return False
    return True


def _decoded(image: Image.Image) -> Image.Image:
    if image.width * image.height > MOST_MILLIONS * MILLION:
        raise InputFault("LETTER_PICTURE_TOO_LARGE", most=MOST_MILLIONS)
    with _damage_told():
        image.load()
        return ImageOps.exif_transpose(image)  # a picture of its own: the next page takes this one's place


@contextmanager
def _damage_told() -> Iterator[None]:
    """Say what Pillow says of a damaged file in our own words."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the limit is ours, and odd metadata does not matter
            yield
    except Image.DecompressionBombError as error:
        raise InputFault("LETTER_PICTURE_TOO_LARGE", most=MOST_MILLIONS) from error
    except DAMAGE as error:
        raise InputFault("LETTER_PICTURE_UNREADABLE") from error


def grey_levels(picture: Picture) -> Grey:
    """Return a picture of any mode or type as grey levels, on white where it is transparent.

    Arrays have rows and columns, and perhaps channels: RGB, or RGB with alpha, which is left out. 16 bits are
    taken from 0 to 65535, numbers with a fraction from 0 to 255.
    """
    return _of_image(picture) if isinstance(picture, Image.Image) else _of_array(picture)


def _of_image(image: Image.Image) -> Grey:
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        levels = np.asarray(image)
        return _of_array(levels.astype(np.float32) if image.mode == "F" else _sixteen(levels))
    if image.has_transparency_data:
        shown = image.convert("RGBA")
        under = Image.new("L", image.size, WHITE)
        under.paste(shown.convert("L"), mask=shown.getchannel("A"))
        return np.asarray(under)
    straight = image.mode in ("1", "L", "P", "RGB", "CMYK", "YCbCr")
    return np.asarray((image if straight else image.convert("RGB")).convert("L"))


def _sixteen(levels: NDArray[np.int32] | NDArray[np.uint16]) -> NDArray[np.uint16]:
    return np.clip(levels, 0, 65_535).astype(np.uint16)


def _of_array(levels: Picture) -> Grey:
    array = np.asarray(levels)
    if array.ndim not in (2, 3) or not array.size:
        return np.zeros((0, 0), dtype=np.uint8)
    if array.dtype == np.bool_:
        array = array * np.uint8(WHITE)
    if array.dtype == np.uint16:
        array = (array >> 8).astype(np.uint8)
    if array.ndim == 3:
        array = array[:, :, 0] if array.shape[2] < 3 else array[:, :, :3] @ np.array([0.299, 0.587, 0.114])
    if array.dtype != np.uint8:
        array = np.clip(np.nan_to_num(array, nan=WHITE), 0, WHITE).astype(np.uint8)
    return np.ascontiguousarray(array)
