"""The letters that are scanned: different people and numbers, each with a code signed like a real one."""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from simulators.people.person import Person, make_person
from station.claim_keys import Algorithm
from station.letters.claim.code import write_code
from station.letters.claim.statement import LetterStatement
from templates.letters.layout import LetterLayout, PaperName
from templates.letters.press import Press
from templates.letters.values import Holder, LetterValues
from tests.fakes.letter_values import HEAD, SIGNER
from tests.scans.fold import Grey, Square
from tests.unit.letter_codes.letter_keys import ISSUER, SoftClaimKey

FOLDERS: Final = (Path("/usr/share/fonts/truetype"), Path("/usr/share/color/icc"))
FACE: Final = Path(__file__).parents[1] / "unit" / "card_face" / "golden" / "photo.jpg"
YEAR: Final = 2026
PRINT_DPI: Final = 300
PAGES_AT_ONCE: Final = 20


@dataclass(frozen=True)
class PrintedLetter:
    """A sheet of paper.

    Attributes:
        sheet: its grey levels at 150 dpi, 255 where it is white.
        code: the text of its QR code.
        square: where the code is.
    """

    sheet: Grey
    code: str
    square: Square


def print_letters(seed: int, count: int, paper: PaperName = "a4") -> Iterator[PrintedLetter]:
    """Print letters `0` to `count - 1` of a seed."""
    press, photo = Press.load(FOLDERS), _photo()
    square = code_square(press.layout, paper)
    for first in range(0, count, PAGES_AT_ONCE):
        numbers = range(first, min(first + PAGES_AT_ONCE, count))
        letters = [_letter(seed, number, photo) for number in numbers]
        target = BytesIO()
        press.many_letters(letters, target, paper)
        for letter, sheet in zip(letters, render(target.getvalue()), strict=True):
            yield PrintedLetter(sheet, str(letter.qr_payload), square)


def code_square(layout: LetterLayout, paper: PaperName) -> Square:
    """Return where the letter's code is."""
    height, margins, side = layout.papers[paper].height, layout.margins, layout.strip.qr
    return Square(margins.left, height - margins.bottom - side, side)


def render(letters: bytes) -> list[Grey]:
    """Return the pages of a PDF as grey levels at 150 dpi, each dot the mean of four at 300 dpi."""
    with tempfile.TemporaryDirectory(prefix="scans-") as folder:
        command = ["pdftoppm", "-gray", "-r", str(PRINT_DPI), "-", f"{folder}/page"]
        subprocess.run(command, input=letters, check=True, timeout=100)
        return [_halved(path) for path in sorted(Path(folder).iterdir())]


def _halved(path: Path) -> Grey:
    with Image.open(path) as page:
        return np.asarray(page.reduce(2), dtype=np.float32)


def _photo() -> bytes:
    target = BytesIO()
    with Image.open(FACE) as image:
        image.resize((354, 472)).save(target, "JPEG", quality=80)
    return target.getvalue()


def _letter(seed: int, number: int, photo: bytes) -> LetterValues:
    person = make_person(seed, number)
    printed = f"471.13/{number + 1:05}/99.01.325/{YEAR}"
    return LetterValues(
        letterhead=HEAD,
        holder=_holder(person, photo),
        signer=SIGNER,
        number=printed,
        issued=date(YEAR, 11, 28),
        valid_until=date(YEAR + 1, 5, 28),
        status_code="SFE",
        qr_payload=write_code(_statement(person, number, printed), SoftClaimKey(Algorithm.EDDSA)),
        specimen=True,
    )


def _statement(person: Person, number: int, printed: str) -> LetterStatement:
    issued = int(datetime(YEAR, 11, 28, 3, tzinfo=UTC).timestamp()) + number
    return LetterStatement(
        issuer=ISSUER,
        number=printed,
        year=YEAR,
        place=number,
        nik=person.nik,
        name=person.name,
        birth_date=person.birth_date,
        issued=issued,
        expires=issued + 182 * 86_400,
    )


def _holder(person: Person, photo: bytes) -> Holder:
    return Holder(
        nik=person.nik,
        name=person.name,
        birthplace=person.birthplace,
        birth_date=person.birth_date,
        sex=person.sex,
        blood_group=person.blood_group,
        religion=person.religion,
        marital_status=person.marital_status,
        occupation=person.occupation,
        nationality="WNA" if person.foreign else "WNI",
        address=person.address,
        rt_rw=f"{person.rt}/{person.rw}",
        village=person.village,
        district=person.district,
        regency=person.regency.name,
        province=person.regency.province,
        photo=photo,
    )
