"""What all three engines print: synthetic people, photos of about 15 kB, a QR code of version 5."""

import json
import tempfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from simulators.people.folders import write_record
from station.letters.making import holder_of
from station.records.folder import read_record
from templates.letters import texts
from templates.letters.codes import Modules, barcode_modules, qr_modules
from templates.letters.values import Holder, LetterValues
from tests.fakes.letter_values import HEAD, SIGNER

SEED: Final = 1
PHOTOS: Final = 20  # synthetic people, each with a photo
PHOTO_SIZE: Final = (354, 472)  # 30 x 40 mm at 300 dpi
QUALITY: Final = 85
PAYLOAD: Final = 84  # bytes: the most that version 5 holds at level M
FOLDERS: Final = (Path("/usr/share/fonts/truetype"), Path("/usr/share/color/icc"))


def make_letters(count: int) -> list[LetterValues]:
    """Return letters of different people. There are `PHOTOS` people; then they come again."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        people = [_holder(number, Path(folder) / str(number)) for number in range(min(count, PHOTOS))]
    return [_letter(number, people[number % PHOTOS]) for number in range(count)]


def _holder(number: int, folder: Path) -> Holder:
    folder.mkdir()
    write_record(SEED, number, folder)
    record = read_record(folder)
    photo = BytesIO()
    with Image.open(BytesIO(record.photo)) as image:
        image.resize(PHOTO_SIZE).save(photo, "JPEG", quality=QUALITY)
    return replace(holder_of(record), photo=photo.getvalue())


def _letter(number: int, holder: Holder) -> LetterValues:
    return LetterValues(
        letterhead=HEAD,
        holder=holder,
        signer=SIGNER,
        number=f"471.13/{number + 1:05}/99.01.325/2026",
        issued=date(2026, 11, 28),
        valid_until=date(2027, 5, 28),
        status_code="SFE",
        qr_payload=f"letter {number:05} ".ljust(PAYLOAD, "x"),
        specimen=False,
    )


def renumbered(letters: list[LetterValues], round_number: int) -> list[LetterValues]:
    """Return the letters with other numbers, so that no engine can keep a page from an earlier round."""
    return [
        replace(letter, number=letter.number.replace("471.13/", f"471.13/{round_number}"))
        for letter in letters
    ]


def encoded(letter: LetterValues) -> tuple[Modules, Modules]:
    """Return both codes of a letter: QR and Code 128."""
    return qr_modules(letter.qr_payload), barcode_modules(letter.holder.nik)


def as_data(letter: LetterValues, codes: tuple[Modules, Modules], photo: str) -> dict[str, object]:
    """Return the words of a letter and its codes as JSON can hold them."""
    qr, barcode = codes
    return {
        "head": texts.head_lines(letter),
        "title": texts.TITLE,
        "number": f"Nomor: {letter.number}",
        "opening": texts.opening(letter),
        "rows": [[label, value] for _field, label, value in texts.rows(letter)],
        "introduction": texts.INTRODUCTION,
        "facts": [texts.RECORDED, texts.registered(letter)],
        "closing": [texts.validity(letter), texts.CLOSING],
        "date": texts.place_and_date(letter),
        "position": letter.signer.position.splitlines(),
        "signer": [text for text, _role in texts.signer_lines(letter)],
        "note": texts.NOTE,
        "nik": letter.holder.nik,
        "status": [texts.STATUS, letter.status_code],
        "photo": photo,
        "qr": [list(row) for row in qr.rows],
        "barcode": list(barcode.rows[0]),
    }


def as_json(letters: list[LetterValues]) -> str:
    """Return letters as one JSON text; the photos are files `p0.jpg` and so on."""
    return json.dumps(
        [as_data(letter, encoded(letter), f"p{number % PHOTOS}.jpg") for number, letter in enumerate(letters)]
    )
