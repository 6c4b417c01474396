"""Recordings of made-up people: a few are drawn, the others are varied from them.

Drawing a face takes 50 ms, so 50,000 people share the pictures of a few. What tells people apart in
`record.json` is of each one: id, NIK, name, birth date, address.
"""

import datetime
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Final

from simulators.people.fingers import fingers_record
from simulators.people.folders import record_json
from simulators.people.look import background_colour, choose_look
from simulators.people.person import make_person, random_source
from simulators.people.portrait import portrait_jpeg
from simulators.people.signature import signature_png
from simulators.recording_station.finger_image import finger_png

DRAWN: Final = 16
FINGERS: Final = (2, 7)  # right and left index, as in fingers.iso
FIRST_CAPTURE: Final = datetime.datetime(2026, 10, 1, 8, 0, tzinfo=datetime.UTC)
BETWEEN: Final = 180  # seconds from one person to the next


@dataclass(frozen=True)
class Recording:
    """One person's recording, before it is sealed."""

    record: str
    nik: str
    name: str
    captured_at: str
    parts: Mapping[str, bytes] = field(repr=False)


def recordings(seed: int, count: int, status: str | None, first: int = 0) -> Iterator[Recording]:
    """Yield recordings `first` to `first + count - 1` of a seed; the same seed gives the same people."""
    for number in range(first, first + count):
        yield recording(seed, number, status)


def recording(seed: int, number: int, status: str | None) -> Recording:
    """Make one recording."""
    person = make_person(seed, number)
    data = record_json(person, status or "BIO_CAPTURED")
    data["record_id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, f"recording-station/{seed}/{number}"))
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    at = FIRST_CAPTURE + datetime.timedelta(seconds=BETWEEN * number)
    return Recording(
        record=str(data["record_id"]),
        nik=person.nik,
        name=person.name,
        captured_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        parts={"record.json": text, **_pictures(seed, number % DRAWN)},
    )


@cache
def _pictures(seed: int, number: int) -> Mapping[str, bytes]:
    """The pictures of one of the people that are drawn."""
    person = make_person(seed, number)
    look = choose_look(person, random_source(seed, number, "look"))
    background = background_colour(person.foreign, person.birth_date)
    return {
        "photo.jpg": portrait_jpeg(look, background, person.record_id),
        "signature.png": signature_png(random_source(seed, number, "signature")),
        "fingers.iso": fingers_record(random_source(seed, number, "fingers")),
        **{f"finger-{finger:02}.png": finger_png(_grain(seed, number, finger)) for finger in FINGERS},
    }


def _grain(seed: int, number: int, finger: int) -> Random:
    return random_source(seed, number, f"finger image {finger}")
