"""The two one-finger records that a chip holds, made of a record of two fingers."""

from dataclasses import replace
from typing import Final

from station.errors import InputFault
from station.fingers.dropping import kept_minutiae
from station.fingers.record import (
    EXTENDED,
    HEADER,
    MINUTIA,
    VIEW,
    FingerView,
    read_record,
    write_record,
)
from station.language import marked

FINGERS_ON_CHIP: Final = 2


def fitted(view: FingerView, most_minutiae: int) -> FingerView:
    """Drop minutiae until at most `most_minutiae` are left; the order of those that stay is kept."""
    if len(view.minutiae) <= most_minutiae:
        return view
    _, x, y, _, quality = zip(*view.minutiae, strict=True)
    kept = kept_minutiae(x, y, quality, most_minutiae)
    return replace(view, minutiae=tuple(view.minutiae[index] for index in kept))


def chip_fingers(data: bytes, budget: int) -> tuple[bytes, bytes]:
    """Make the two one-finger records of a chip, each at most `budget` bytes.

    Raises:
        InputFault: FINGERS_UNREADABLE, also when there are not exactly two different fingers.
    """
    record = read_record(data)
    if len(record.views) != FINGERS_ON_CHIP or record.views[0].finger == record.views[1].finger:
        raise InputFault("FINGERS_UNREADABLE", problem=marked("a chip needs two different fingers"))
    most = (budget - HEADER.size - VIEW.size - EXTENDED.size) // MINUTIA.size
    first, second = (write_record(replace(record, views=(fitted(view, most),))) for view in record.views)
    return first, second
