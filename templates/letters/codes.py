"""The two codes of a letter, as modules: QR and Code 128. The encoder is zxing-cpp; drawing is elsewhere."""

from dataclasses import dataclass
from typing import Final

import zxingcpp

from .errors import LetterValueError

# At 150 dpi level Q needs a larger square and wins nothing (facts: letters.md section 1).
CORRECTION: Final = "M"
# Version 17, 85 modules: at 40 mm the module is 0.47 mm; 0.41 is the least that a 200 dpi scan reads (same
# place).
MOST_MODULES: Final = 85


@dataclass(frozen=True)
class Modules:
    """A code without its quiet zone. `rows` hold a byte for each module: 0 where it is dark, else 255."""

    rows: tuple[bytes, ...]

    @property
    def width(self) -> int:
        """Modules across."""
        return len(self.rows[0])

    @property
    def height(self) -> int:
        """Modules down."""
        return len(self.rows)


def qr_modules(payload: str | bytes) -> Modules:
    """Encode a QR code of level M in the smallest version that holds it.

    Raises:
        LetterValueError: nothing to encode, or so much that the printed modules would be too small.
    """
    if not payload:
        raise LetterValueError("qr_payload", "there is nothing to encode")
    try:
        code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level=CORRECTION)
    except ValueError as error:
        raise LetterValueError("qr_payload", "more than a QR code holds") from error
    modules = _modules(code)
    if modules.width > MOST_MODULES:
        raise LetterValueError("qr_payload", f"{modules.width} modules across, {MOST_MODULES} are the most")
    return modules


def barcode_modules(digits: str) -> Modules:
    """Encode an even number of digits as Code 128; zxing-cpp takes set C, two digits a symbol."""
    return Modules(_modules(zxingcpp.create_barcode(digits, zxingcpp.BarcodeFormat.Code128)).rows[:1])


def _modules(code: zxingcpp.Barcode) -> Modules:
    image = code.to_image(scale=1, add_quiet_zones=False)
    height, width = image.shape
    dots = memoryview(image).tobytes()  # type: ignore[arg-type]  # it has a buffer; its stub does not say so
    return Modules(tuple(dots[start : start + width] for start in range(0, height * width, width)))
