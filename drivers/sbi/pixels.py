"""The pixels of a finger image: its size and its losslessness are looked at before a decoder runs."""

import io
import struct
import subprocess
import sys
from collections.abc import Collection
from typing import Final

import numpy
from numpy.typing import NDArray
from PIL import Image

from drivers.sbi.codestream import read_codestream
from drivers.sbi.errors import Reason, RecordUnusable
from drivers.sbi.finger_image import Compression, FingerImage
from drivers.sbi.wsq_decoding import BROKEN, NOT_INSTALLED

LOSSLESS_ONLY: Final = frozenset({Compression.JPEG_2000_LOSSLESS})
"""What MOSIP's validator allows for the purpose Registration."""
_WSQ_PATIENCE: Final = 20.0  # seconds; a decoder that hangs is ended
_BAD_IMAGE: Final = (OSError, ValueError, SyntaxError, TypeError, struct.error, Image.DecompressionBombError)
"""What Pillow raises for images that are broken."""


def decode(image: FingerImage, allowed: Collection[Compression] = LOSSLESS_ONLY) -> NDArray[numpy.uint8]:
    """Decode an image.

    Args:
        image: read from its record.
        allowed: the compressions that are taken; of those, JPEG 2000 and WSQ can be decoded.

    Returns:
        uint8[h, w]: ridges dark. A record says nothing of that; it is the rule for live-scan images.

    Raises:
        RecordUnusable: COMPRESSION_UNSUITABLE, SIZE_WRONG, NOT_LOSSLESS, IMAGE_BROKEN, WSQ_NOT_INSTALLED.
    """
    if image.compression not in allowed:
        problem = f"the image is compressed as {image.compression.name}"
        raise RecordUnusable(Reason.COMPRESSION_UNSUITABLE, problem)
    if image.compression == Compression.WSQ:
        return _decode_wsq(image)
    if image.compression in (Compression.JPEG_2000, Compression.JPEG_2000_LOSSLESS):
        return _decode_jpeg_2000(image)
    raise RecordUnusable(Reason.COMPRESSION_UNSUITABLE, f"{image.compression.name} cannot be decoded here")


def _decode_jpeg_2000(image: FingerImage) -> NDArray[numpy.uint8]:
    stream = read_codestream(image.content)
    if (stream.width, stream.height) != (image.width, image.height):
        own, said = f"{stream.width} by {stream.height}", f"{image.width} by {image.height}"
        problem = f"the image is {own}, its record says {said}"
        raise RecordUnusable(Reason.SIZE_WRONG, problem)
    if image.compression == Compression.JPEG_2000_LOSSLESS and not stream.is_reversible:
        raise RecordUnusable(Reason.NOT_LOSSLESS, "the image is marked lossless, and is not")
    try:
        with Image.open(io.BytesIO(stream.content), formats=("JPEG2000",)) as picture:
            pixels = numpy.asarray(picture)
    except _BAD_IMAGE as error:
        raise RecordUnusable(Reason.IMAGE_BROKEN, type(error).__name__) from None
    return _as_expected(image, pixels)


def _decode_wsq(image: FingerImage) -> NDArray[numpy.uint8]:
    """Decode in a process of its own: the package's decoder prints, and may fail in any way."""
    command = [sys.executable, "-m", "drivers.sbi.wsq_decoding", str(image.width), str(image.height)]
    try:
        done = subprocess.run(
            command, input=image.content, capture_output=True, check=False, timeout=_WSQ_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise RecordUnusable(Reason.IMAGE_BROKEN, "the decoder did not come to an end") from None
    if done.returncode == NOT_INSTALLED:
        raise RecordUnusable(Reason.WSQ_NOT_INSTALLED, "the package wsq is not installed")
    if done.returncode == BROKEN or len(done.stdout) != image.width * image.height:
        raise RecordUnusable(Reason.IMAGE_BROKEN, "the image is no WSQ of the size that its record says")
    pixels = numpy.frombuffer(done.stdout, numpy.uint8).reshape(image.height, image.width)
    return _as_expected(image, pixels)


def _as_expected(image: FingerImage, pixels: NDArray[numpy.uint8]) -> NDArray[numpy.uint8]:
    if pixels.dtype != numpy.uint8 or pixels.shape != (image.height, image.width):
        raise RecordUnusable(Reason.SIZE_WRONG, "the decoded image has another form than its record says")
    return pixels
