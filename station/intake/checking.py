"""What a record must be to be held, and what only looks odd.

Pictures are looked at, not decoded: head, size and end. Decoding 30 KB of JPEG takes longer than everything
else that is done to a record here, and the card job decodes every picture before it uses a blank.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from station.errors import InputFault
from station.fingers.record import read_record
from station.intake.pictures import look_at_jpeg, look_at_png
from station.records.nik import nik_codes
from station.records.parts import FILES, FINGERS, PHOTO, SIGNATURE, record_of
from station.records.record import Record, RecordData

FEMALE: Final = "PEREMPUAN"
LARGEST_PART: Final = 4 * 1024 * 1024
FINGER_IMAGE: Final = re.compile(r"finger-(0[1-9]|10)\.png")  # ISO/IEC 19794-2:2005, table 2: positions


@dataclass(frozen=True)
class Checked:
    """A record that can be held, and the codes of what looks odd about it."""

    record: Record = field(repr=False)
    warnings: tuple[str, ...]


def check(record_id: str, parts: Mapping[str, bytes]) -> Checked:
    """Check the parts of a record that was opened.

    Args:
        record_id: the id that it is carried under.
        parts: name -> content.

    Raises:
        InputFault: RECORD_FILE_MISSING, RECORD_MALFORMED, RECORD_ID_DIFFERS, PHOTO_UNREADABLE,
            SIGNATURE_UNREADABLE, FINGERS_UNREADABLE, FINGER_IMAGE_UNREADABLE. None repeats the record.
    """
    for name, content in parts.items():
        if len(content) > LARGEST_PART:
            raise _malformed(name, "larger than 4 MiB")
    try:
        record = record_of(parts)
    except InputFault as fault:
        if fault.code != "RECORD_MALFORMED":
            raise
        raise _malformed(str(fault.values["field"]), str(fault.values["problem"])) from None
    if record.data.record_id != record_id:
        raise InputFault("RECORD_ID_DIFFERS", record=record_id)
    look_at_jpeg(parts[PHOTO], "PHOTO_UNREADABLE")
    look_at_png(parts[SIGNATURE], "SIGNATURE_UNREADABLE")
    fingers = {view.finger for view in read_record(parts[FINGERS]).views}
    images = {name: int(found[1]) for name in parts if (found := FINGER_IMAGE.fullmatch(name))}
    for name in images:
        look_at_png(parts[name], "FINGER_IMAGE_UNREADABLE")
    return Checked(record, tuple(_warnings(record, fingers, set(images.values()), parts)))


def _warnings(
    record: Record, fingers: set[int], images: set[int], parts: Mapping[str, bytes]
) -> Iterable[str]:
    data = record.data
    yield from nik_codes(data.nik, data.birth_date, data.sex == FEMALE)
    if not fingers <= images:
        yield "FINGER_IMAGE_MISSING"
    if any(name not in FILES and not FINGER_IMAGE.fullmatch(name) for name in parts):
        yield "FILE_UNKNOWN"


def _malformed(where: str, problem: str) -> InputFault:
    """Say where; a name that the record itself has made up is not repeated, for it could be anything."""
    ours = where in FILES or where in RecordData.model_fields or FINGER_IMAGE.fullmatch(where)
    return InputFault("RECORD_MALFORMED", field=where if ours else "-", problem=problem)
