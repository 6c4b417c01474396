"""A face as one picture, for the screen. The caller draws the face with `specimen=True`."""

from io import BytesIO

import numpy as np
from PIL import Image

from .face import CardFace, ColourPlane


def merge(face: CardFace) -> ColourPlane:
    """Return both planes as one RGB picture: black dots over colour, as the card shows them."""
    picture = face.colour.copy()
    picture[face.black] = 0
    return picture


def face_png(face: CardFace) -> bytes:
    """Return the merged picture as the bytes of a PNG file."""
    stream = BytesIO()
    Image.fromarray(np.ascontiguousarray(merge(face))).save(stream, format="PNG")
    return stream.getvalue()
