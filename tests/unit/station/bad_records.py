"""Records that cannot become a card: how each is spoiled, and the code that it must get."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from station.gate.statuses import STATUSES

Spoil = Callable[[Path], None]


def _fields(**changes: object) -> Spoil:
    def spoil(folder: Path) -> None:
        file = folder / "record.json"
        data = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps({**data, **changes}), encoding="utf-8")

    return spoil


def _without(name: str) -> Spoil:
    return lambda folder: (folder / name).unlink()


def _content(name: str, content: bytes) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return spoil


def _cut(name: str) -> Spoil:
    def spoil(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return spoil


def _garbled(name: str, place: int) -> Spoil:
    def spoil(folder: Path) -> None:
        content = bytearray((folder / name).read_bytes())
        content[place : place + 8] = bytes(8)
        (folder / name).write_bytes(content)

    return spoil


def noise_photo() -> bytes:
    """A portrait of nothing but noise: no quality of JPEG makes it small enough for a chip."""
    pixels = np.random.default_rng(1).integers(0, 256, (320, 240, 3), dtype=np.uint8)
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=95)
    return target.getvalue()


NOT_PRINTABLE = sorted(name for name, status in STATUSES.items() if not status.printable)
FILES = ("record.json", "photo.jpg", "signature.png", "fingers.iso")
# Accounted for as refused jobs: they are records, but no card may be made of them.
REFUSED: dict[str, tuple[str, Spoil]] = {
    **{status.lower(): ("RECORD_NOT_PRINT_READY", _fields(status=status)) for status in NOT_PRINTABLE},
    "unknown_status": ("STATUS_UNKNOWN", _fields(status="MOON_PHASE_PENDING")),
    "lower_case_status": ("STATUS_UNKNOWN", _fields(status="print_ready_record")),
    "glyph_missing": ("FACE_GLYPH_MISSING", _fields(name="BUDI \u03a9")),
    "accent": ("BIODATA_UNWRITABLE", _fields(name="JOS\u00c9")),
    "sex_unknown": ("FACE_VALUE_UNKNOWN", _fields(sex="X")),
    "validity": ("RECORD_MALFORMED", _fields(valid_until="0190-01-01")),
    "noise_photo": ("PHOTO_OVER_CHIP_BUDGET", _content("photo.jpg", noise_photo())),
    "photo_cut": ("PHOTO_UNREADABLE", _cut("photo.jpg")),
    "photo_garbled": ("PHOTO_UNREADABLE", _garbled("photo.jpg", 0)),
    "photo_empty": ("PHOTO_UNREADABLE", _content("photo.jpg", b"")),
    "signature_cut": ("SIGNATURE_UNREADABLE", _cut("signature.png")),
    "signature_garbled": ("SIGNATURE_UNREADABLE", _garbled("signature.png", 12)),
    "fingers_cut": ("FINGERS_UNREADABLE", _cut("fingers.iso")),
    "fingers_garbled": ("FINGERS_UNREADABLE", _garbled("fingers.iso", 12)),
}
# No records at all: there is nothing to account for.
NO_RECORDS: dict[str, tuple[str, Spoil]] = {
    **{f"without_{name}": ("RECORD_FILE_MISSING", _without(name)) for name in FILES},
    "no_json": ("RECORD_MALFORMED", _content("record.json", b"{")),
    "json_cut": ("RECORD_MALFORMED", _cut("record.json")),
    "unknown_field": ("RECORD_MALFORMED", _fields(colour="red")),
    "another_format": ("RECORD_MALFORMED", _fields(format="record/2")),
    "birth_year": ("RECORD_MALFORMED", _fields(birth_date="0190-05-05")),
    "nik_serial": ("RECORD_MALFORMED", _fields(nik="3201010101900000")),
    "long_name": ("RECORD_MALFORMED", _fields(name="A" * 61)),
    "no_folder": ("RECORD_FOLDER_MISSING", shutil.rmtree),
}
ALL = {**REFUSED, **NO_RECORDS}
