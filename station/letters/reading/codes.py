"""The QR codes in a picture."""

from collections.abc import Iterable, Iterator
from math import ceil, sqrt
from typing import Final

import numpy as np
import zxingcpp
from PIL import Image

from station.letters.reading.finders import find_finders
from station.letters.reading.mending import mended
from station.letters.reading.picture import Grey, Picture, grey_levels
from station.letters.reading.symbols import Symbol, find_symbols

MOST_DOTS: Final = 7_000_000  # of the picture that is searched; an A4 sheet at 200 dpi has 3.9 million
MOST_MENDED: Final = 8  # what may be codes and is mended
QR_CODE: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
Point = tuple[float, float]


def read_codes(picture: Picture, *, mend: bool = True) -> list[str]:
    """Return the texts of the QR codes in a picture, each once, in the order in which they are found.

    Nothing that was not read whole is returned: a QR code corrects its errors, or is not read.

    Args:
        picture: of any size and kind; one without a code, or without a dot, gives an empty list.
        mend: whether to search for codes that a fold or a blur hides, which takes about a second.
    """
    grey = grey_levels(picture)
    if not grey.size:
        return []
    found = list(_read(grey))
    texts = [text for text, _middle in found]
    if mend:
        texts += _mended_texts(grey, [middle for _text, middle in found])
    return list(dict.fromkeys(texts))


def _read(picture: Grey | Image.Image) -> Iterator[tuple[str, Point]]:
    for code in zxingcpp.read_barcodes(picture, formats=QR_CODE):
        place = code.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        yield code.text, (sum(corner.x for corner in corners) / 4, sum(corner.y for corner in corners) / 4)


def _mended_texts(grey: Grey, read: list[Point]) -> Iterator[str]:
    """Read codes that were not read as they are; `read` are the middles of those that were."""
    reduction = ceil(sqrt(grey.size / MOST_DOTS))
    small = np.asarray(Image.fromarray(grey).reduce(reduction)) if reduction > 1 else grey
    done = [(x / reduction, y / reduction) for x, y in read]
    symbols = find_symbols(small, find_finders(small))
    for symbol in symbols[:MOST_MENDED]:
        if not _covers(symbol, done) and (text := _first(mended(small, symbol))) is not None:
            done.append(_middle(symbol))
            yield text


def _first(tries: Iterable[Image.Image]) -> str | None:
    return next((text for image in tries for text, _middle in _read(image)), None)


def _middle(symbol: Symbol) -> Point:
    x, y = symbol.dots(np.array([[symbol.width / 2, symbol.width / 2]]))[0]
    return float(x), float(y)


def _covers(symbol: Symbol, points: list[Point]) -> bool:
    """Whether one of some points is within the code."""
    x, y = _middle(symbol)
    reach = symbol.module * symbol.width / 2
    return any(abs(x - other_x) < reach and abs(y - other_y) < reach for other_x, other_y in points)
