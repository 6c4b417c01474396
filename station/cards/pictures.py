"""Making a record's pictures small enough for the chip."""

import io

from PIL import Image

from station.errors import InputFault
from templates.photos import DECODER_FAULTS

PHOTO_SIZES = ((240, 320), (192, 256), (150, 200))
JPEG_QUALITIES = (80, 70, 60, 50, 40)
SIGNATURE_WIDTHS = (240, 200, 160, 120)


def chip_photo(photo: bytes, budget: int) -> bytes:
    """Make the chip's photo: baseline JPEG, at most `budget` bytes; the largest and then the best that fits.

    The same input gives the same bytes, so a photo on a chip can be compared with its record.

    Raises:
        InputFault: PHOTO_UNREADABLE, PHOTO_OVER_CHIP_BUDGET.
    """
    picture = _opened(photo, "RGB", "PHOTO_UNREADABLE")
    for size in PHOTO_SIZES:
        small = picture.copy()
        small.thumbnail(size, Image.Resampling.LANCZOS)
        for quality in JPEG_QUALITIES:
            target = io.BytesIO()
            small.save(target, "JPEG", quality=quality, optimize=True, progressive=False)
            if target.tell() <= budget:
                return target.getvalue()
    raise InputFault("PHOTO_OVER_CHIP_BUDGET", limit=budget)


def chip_signature(signature: bytes, budget: int) -> bytes:
    """Make the chip's signature image: PNG, one bit a dot, at most `budget` bytes.

    Raises:
        InputFault: SIGNATURE_UNREADABLE, SIGNATURE_OVER_CHIP_BUDGET.
    """
    picture = _opened(signature, "L", "SIGNATURE_UNREADABLE")
    for width in SIGNATURE_WIDTHS:
        small = picture.copy()
        small.thumbnail((width, width), Image.Resampling.LANCZOS)
        target = io.BytesIO()
        small.point(lambda level: 255 if level > 160 else 0).convert("1").save(target, "PNG", optimize=True)
        if target.tell() <= budget:
            return target.getvalue()
    raise InputFault("SIGNATURE_OVER_CHIP_BUDGET", limit=budget)


def _opened(data: bytes, mode: str, code: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return opened.convert(mode)
    except DECODER_FAULTS as error:
        raise InputFault(code, problem=type(error).__name__) from error
