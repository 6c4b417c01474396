"""One folder per record, as a recording station would hand it over."""

import json
from collections.abc import Mapping
from pathlib import Path

from .fingers import fingers_record
from .look import background_colour, choose_look
from .person import Person, make_person, random_source
from .portrait import portrait_jpeg
from .signature import signature_png

JsonValue = str | int | bool


def record_json(person: Person, status: str | None = None) -> dict[str, JsonValue]:
    """Return a record in the format `record/1` (README.md). `status` replaces the person's own."""
    end = person.valid_until
    return {
        "format": "record/1",
        "record_id": person.record_id,
        "nik": person.nik,
        "name": person.name,
        "birthplace": person.birthplace,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "blood_group": person.blood_group,
        "address": person.address,
        "rt": person.rt,
        "rw": person.rw,
        "village": person.village,
        "district": person.district,
        "regency": person.regency.name,
        "province": person.regency.province,
        "religion": person.religion,
        "marital_status": person.marital_status,
        "occupation": person.occupation,
        "nationality": "WNA" if person.foreign else "WNI",
        "valid_until": "SEUMUR HIDUP" if end is None else end.isoformat(),
        "place_issued": person.regency.bare_name,
        "date_issued": person.date_issued.isoformat(),
        "status": status or person.status,
        "issue_number": 1,
        "synthetic": True,
    }


def write_record(
    seed: int, number: int, folder: Path, status: str | None = None, fingers: bytes | None = None
) -> Person:
    """Make person `number` (from 0) of a seed and write the four files of the record into a folder.

    `fingers` takes the place of random minutiae, see `grown_fingers.py`.
    """
    person = make_person(seed, number)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record_json(person, status), ensure_ascii=False, indent=2)
    (folder / "record.json").write_text(text + "\n", encoding="utf-8")
    look = choose_look(person, random_source(seed, number, "look"))
    background = background_colour(person.foreign, person.birth_date)
    (folder / "photo.jpg").write_bytes(portrait_jpeg(look, background, person.record_id))
    (folder / "signature.png").write_bytes(signature_png(random_source(seed, number, "signature")))
    fingers = fingers or fingers_record(random_source(seed, number, "fingers"))
    (folder / "fingers.iso").write_bytes(fingers)
    return person


def write_people(
    seed: int, count: int, out: Path, status: str | None = None, fingers: Mapping[int, bytes] | None = None
) -> list[Path]:
    """Write `count` records into `out/0001`, `out/0002`, ... and return the folders.

    `fingers` holds the finger records of some people by their numbers; the others' are random minutiae.
    """
    folders = [out / f"{number + 1:04}" for number in range(count)]
    for number, folder in enumerate(folders):
        write_record(seed, number, folder, status, (fingers or {}).get(number))
    return folders
