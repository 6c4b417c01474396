"""The photo and the signature of a card, from file bytes to dots."""

from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from templates.photos import DECODER_FAULTS, LARGEST_SIDE, PHOTO_RATIOS

from .errors import PhotoError, SignatureError
from .face import BlackPlane, ColourPlane
from .raster import DotBox

# A 300 dpi card shows about 230 x 307 dots of the photo: below this size a print is visibly soft.
SMALLEST_PHOTO: Final = (240, 320)
# A thin pen stroke must survive being made smaller, hence a fifth of a dot's area of ink is enough.
INK_SHARE: Final = 0.20


def read_photo(data: bytes) -> Image.Image:
    """Decode the portrait, upright.

    Raises:
        PhotoError: not a JPEG, damaged, not in colour, too small, too large, or of a wrong shape.
    """
    try:
        with Image.open(BytesIO(data), formats=["JPEG"]) as image:
            if max(image.size) > LARGEST_SIDE:
                raise PhotoError(f"{image.width} x {image.height} pixels are too many")
            image.load()
            upright = ImageOps.exif_transpose(image)
    except UnidentifiedImageError as error:
        raise PhotoError("not a JPEG file") from error
    except DECODER_FAULTS as error:
        raise PhotoError(f"the JPEG is damaged: {type(error).__name__}") from error
    _check_photo(upright)
    return upright


def _check_photo(image: Image.Image) -> None:
    if image.mode != "RGB":
        raise PhotoError(f"the colours are {image.mode}, not RGB")
    width, height = image.size
    if width < SMALLEST_PHOTO[0] or height < SMALLEST_PHOTO[1]:
        raise PhotoError(f"{width} x {height} pixels are too few, {SMALLEST_PHOTO} are needed")
    if not PHOTO_RATIOS[0] <= width / height <= PHOTO_RATIOS[1]:
        raise PhotoError(f"{width} x {height} pixels are no upright portrait")


def photo_dots(photo: Image.Image, box: DotBox, ratio: float) -> ColourPlane:
    """Return the portrait as RGB dots that fill a box, cut at the middle to the box's shape.

    `ratio` is the box's width over its height in millimetres, which is not that of its dots
    where dots are oblong.
    """
    width, height = photo.size
    cut_width, cut_height = min(width, height * ratio), min(height, width / ratio)
    left = (width - cut_width) / 2
    # Heads stand high in a portrait: what is cut off goes mostly at the foot.
    top = (height - cut_height) / 4
    area = (left, top, left + cut_width, top + cut_height)
    return np.array(photo.resize((box.width, box.height), Image.Resampling.LANCZOS, box=area))


def read_signature(data: bytes) -> Image.Image:
    """Decode the signature as grey levels on white, transparency taken as white.

    Raises:
        SignatureError: not a PNG, damaged, or too large.
    """
    try:
        with Image.open(BytesIO(data), formats=["PNG"]) as image:
            if max(image.size) > LARGEST_SIDE:
                raise SignatureError(f"{image.width} x {image.height} pixels are too many")
            image.load()
            layers = image.convert("RGBA")
    except UnidentifiedImageError as error:
        raise SignatureError("not a PNG file") from error
    except DECODER_FAULTS as error:
        raise SignatureError(f"the PNG is damaged: {type(error).__name__}") from error
    paper = Image.new("RGBA", layers.size, (255, 255, 255, 255))
    return Image.alpha_composite(paper, layers).convert("L")


def signature_dots(signature: Image.Image, box: DotBox, ratio: float) -> BlackPlane:
    """Return the signature as inked dots of the size of a box: cut to its ink, as large as fits, centred.

    `ratio` is the box's width over its height in millimetres. A blank signature gives no ink.
    """
    dots = np.zeros((box.height, box.width), dtype=np.bool_)
    ink = ImageOps.invert(signature)
    bounds = ink.point(lambda level: 255 if level >= 128 else 0).getbbox()
    if bounds is None:
        return dots
    ink = ink.crop(bounds)
    widening = ink.width / ink.height / ratio
    width = max(1, round(box.width * min(1.0, widening)))
    height = max(1, round(box.height * min(1.0, 1 / widening)))
    small = np.array(ink.resize((width, height), Image.Resampling.BOX))
    left, top = (box.width - width) // 2, (box.height - height) // 2
    dots[top : top + height, left : left + width] = small >= INK_SHARE * 255
    return dots


def is_blank(signature: Image.Image) -> bool:
    """Tell whether a signature has no dark pixel at all."""
    return int(np.array(signature).min()) >= 128
