"""Canaries: made-up people whose names, NIKs and templates can be found again wherever they are written.

Every canary begins with a mark that all of its kind share, so that a scan for the mark in a form finds every
canary in that form.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from simulators.recording_station.recordings import recording
from simulators.recording_station.sealing import Sealed, sealed
from station.fingers.record import COORDINATE, MINUTIA, FingerRecord, FingerView, Minutia, write_record

NAME_MARK = "QXKANARIZJ"
NIK_MARK = "987654410190"  # a region that no table has; born on 1 January 1990, as the records say
TEMPLATE_MARK = bytes.fromhex("4055016b375e404d016f6d5b40ff01c1c35d")  # three minutiae that nobody has
STATUS = "PRINT_READY_RECORD"
SEED = 20261128
LETTERS = "ABCDEFGHIJ"
PACKED = (
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"\x28\xb5\x2f\xfd",
    b"BZh",
    b"\xfd7zXZ",
)  # nothing can be found in these


@dataclass(frozen=True)
class Canary:
    """One person: three canaries, and the sealed record that carries them."""

    record: str
    name: str
    nik: str
    template: bytes
    sealed: Sealed


def canary(number: int, changes: dict[str, str] | None = None) -> Canary:
    """Make person `number`; `changes` replaces values of record.json, `{name}` in them by the name."""
    one = recording(SEED, number, STATUS)
    word = NAME_MARK + "".join(LETTERS[int(digit)] for digit in f"{number:04}")
    name, nik = f"SITI {word}", f"{NIK_MARK}{number + 1:04}"
    data = json.loads(one.parts["record.json"])
    data |= {"name": name, "nik": nik, "birth_date": "1990-01-01", "sex": "PEREMPUAN"}
    data |= {key: value.replace("{name}", name) for key, value in (changes or {}).items()}
    template = TEMPLATE_MARK + b"".join(
        bytes((0x40, number % 200, 0x00, index * 9 + 10, number >> 4 & 0xFF, 60)) for index in range(9)
    )
    parts = {**one.parts, "record.json": json.dumps(data).encode(), "fingers.iso": _fingers(template)}
    return Canary(one.record, name, nik, template, sealed(one.record, one.captured_at, parts))


def _fingers(template: bytes) -> bytes:
    minutiae = tuple(
        Minutia(kind_and_x >> 14, kind_and_x & COORDINATE, y, angle, quality)
        for kind_and_x, y, angle, quality in MINUTIA.iter_unpack(template)
    )
    views = tuple(FingerView(finger, 0, 60, minutiae) for finger in (2, 7))
    return write_record(FingerRecord(0, 500, 500, 197, 197, views))


def forms() -> dict[str, bytes]:
    """The marks in every form that a program writes without meaning to."""
    found: dict[str, bytes] = {}
    for kind, text in (("name", NAME_MARK), ("nik", NIK_MARK)):
        found[f"{kind} as text"] = text.encode()
        found[f"{kind} in small letters"] = text.lower().encode()
        for coding in ("utf-16-le", "utf-16-be", "utf-32-le"):
            found[f"{kind} as {coding}"] = text.encode(coding)
        found |= _encoded(kind, text.encode())
    found["template as bytes"] = TEMPLATE_MARK
    return found | _encoded("template", TEMPLATE_MARK)


def _encoded(kind: str, mark: bytes) -> dict[str, bytes]:
    found = {f"{kind} in hex": mark.hex().encode(), f"{kind} in HEX": mark.hex().upper().encode()}
    for shift in range(3):
        # What stands before and behind changes the first and last letters: take those that do not change.
        middle = base64.b64encode(bytes(shift) + mark)[4 if shift else 0 : -4]
        found[f"{kind} in base64, shifted by {shift}"] = middle
        found[f"{kind} in base64 for URLs, shifted by {shift}"] = middle.replace(b"+", b"-").replace(
            b"/", b"_"
        )
    return found


def sightings(*folders: Path) -> list[str]:
    """Where a canary was seen: file and form. Files in which nothing could be found are named too."""
    found, marks = [], forms()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_symlink() or not file.is_file():
                continue
            content = file.read_bytes()
            found += [f"{file}: {form}" for form, mark in marks.items() if mark in content]
            found += [f"{file}: packed" for magic in PACKED if content.startswith(magic)]
            found += [f"{file.name}: its name" for mark in (NAME_MARK, NIK_MARK) if mark in file.name]
    return found
