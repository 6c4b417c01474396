"""The photo of a letter: looked at, and passed through as the JPEG that it is."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from templates.photos import DECODER_FAULTS, LARGEST_SIDE, PHOTO_RATIOS

from .errors import LetterPhotoError

# 30 x 40 mm at 150 dpi: below this a print is visibly soft (assumed).
SMALLEST_PHOTO: Final = (177, 236)
END_OF_IMAGE: Final = b"\xff\xd9"  # ITU-T T.81, table B.1: EOI
ORIENTATION: Final = 0x0112  # Exif 2.3, table 4
UPRIGHT: Final = 1
QUALITY: Final = 92


@dataclass(frozen=True)
class Photo:
    """An upright RGB JPEG and its size in pixels."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int


def read_photo(data: bytes, *, decode: bool = False) -> Photo:
    """Look at a JPEG's header and end; with `decode` at every pixel, which takes some milliseconds.

    A photo that its Exif data turn is turned here, since a PDF reader would not.

    Raises:
        LetterPhotoError: missing, not a JPEG, damaged, not in colour, too small, too large, of a wrong shape.
    """
    if not data:
        raise LetterPhotoError("there is none")
    try:
        with JpegImageFile(BytesIO(data)) as image:
            if max(image.size) > LARGEST_SIDE:
                raise LetterPhotoError(f"{image.width} x {image.height} pixels are too many")
            if decode:
                image.load()
            if not data.rstrip(b"\x00").endswith(END_OF_IMAGE):
                raise LetterPhotoError("the JPEG is cut off")
            if image.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT:
                return read_photo(_turned(image))
            _check(image)
            return Photo(data, image.width, image.height)
    except SyntaxError as error:
        raise LetterPhotoError("not a JPEG file") from error
    except DECODER_FAULTS as error:
        raise LetterPhotoError(f"the JPEG is damaged: {type(error).__name__}") from error


def _turned(image: Image.Image) -> bytes:
    target = BytesIO()
    ImageOps.exif_transpose(image).save(target, "JPEG", quality=QUALITY)
    return target.getvalue()


def _check(image: Image.Image) -> None:
    if image.mode != "RGB":
        raise LetterPhotoError(f"the colours are {image.mode}, not RGB")
    width, height = image.size
    if width < SMALLEST_PHOTO[0] or height < SMALLEST_PHOTO[1]:
        raise LetterPhotoError(f"{width} x {height} pixels are too few, {SMALLEST_PHOTO} are needed")
    if not PHOTO_RATIOS[0] <= width / height <= PHOTO_RATIOS[1]:
        raise LetterPhotoError(f"{width} x {height} pixels are no upright portrait")
