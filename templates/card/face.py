"""One drawn side of a card: what a printer driver is given."""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ColourPlane = npt.NDArray[np.uint8]
BlackPlane = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CardFace:
    """`colour`: uint8[height, width, 3], RGB, white where nothing is printed. `black`: bool[height, width].

    `black` holds text and signature as whole dots of the black panel. Both arrays are made read-only.
    Raises ValueError on a wrong shape or type.
    """

    colour: ColourPlane
    black: BlackPlane

    def __post_init__(self) -> None:
        if self.colour.dtype != np.uint8 or self.black.dtype != np.bool_:
            raise ValueError("a card face is uint8 colour and bool black")
        if self.colour.ndim != 3 or self.colour.shape != (*self.black.shape, 3):
            raise ValueError("the colour plane is [height, width, 3], the black plane [height, width]")
        self.colour.setflags(write=False)
        self.black.setflags(write=False)

    @property
    def height(self) -> int:
        """Dots down."""
        return int(self.black.shape[0])

    @property
    def width(self) -> int:
        """Dots across."""
        return int(self.black.shape[1])


def face_sha256(face: CardFace) -> bytes:
    """Return the 32-byte digest of a face's size and of every dot of both planes."""
    digest = hashlib.sha256(face.width.to_bytes(4, "big") + face.height.to_bytes(4, "big"))
    digest.update(face.colour.tobytes())
    digest.update(np.packbits(face.black).tobytes())
    return digest.digest()
