"""The register of a year with the names that its letters state: what the office enters into SIAK.

SE Dirjen 471.13/6153/DUKCAPIL of 2020 makes that entry a duty (facts: domain.md section 4). SIAK's own form
of import is unknown: this is a table of ours (docs/reference/letters-register.md).
"""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from station.database import Database
from station.letters import store
from station.letters.claim import cose
from station.letters.claim.container import unwrap
from station.letters.claim.statement import LetterStatement, read_statement
from station.letters.files import LetterFiles
from station.letters.store import Letter

COLUMNS: Final = (
    "tahun",
    "urut",
    "nomor",
    "nik",
    "nama",
    "tanggal_lahir",
    "tanggal_terbit",
    "berlaku_sampai",
    "alasan",
    "penandatangan",
    "keadaan",
    "sebab",
    "menggantikan",
)
PAGE: Final = 200
STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate such a cell


def lines(database: Database, files: LetterFiles, year: int) -> Iterator[str]:
    """The lines of a year's register as CSV (RFC 4180), the head first; every place has its line.

    Raises:
        InputFault: RECORD_SEAL_BROKEN, RECORD_KEY_BROKEN.
        DeviceAbsent: the token is not there.
    """
    yield _line(COLUMNS)
    after = 0
    while page := _page(database, year, after):
        for letter in page:
            statement = _statement(files, letter)
            yield _line(_cells(letter, statement))
        after = page[-1].place


def _page(database: Database, year: int, after: int) -> list[Letter]:
    with database.reading() as transaction:
        return store.of_year(transaction, year, after, PAGE)


def _statement(files: LetterFiles, letter: Letter) -> LetterStatement | None:
    """What the letter states; None where its file is not there."""
    if letter.wrapped_key is None:
        return None
    token = cose.take_apart(unwrap(files.open(letter).code))
    return read_statement(cose.decode(token.payload))


def _cells(letter: Letter, statement: LetterStatement | None) -> tuple[str, ...]:
    return (
        str(letter.year),
        str(letter.place),
        letter.number,
        statement.nik if statement else "",
        statement.name if statement else "",
        statement.birth_date.isoformat() if statement else "",
        letter.issued_on,
        letter.valid_until,
        letter.reason,
        letter.signer,
        letter.state.value,
        letter.cause or "",
        letter.renews or "",
    )


def _line(cells: tuple[str, ...]) -> str:
    target = StringIO(newline="")
    csv.writer(target).writerow([f"'{cell}" if cell.startswith(STARTS_FORMULA) else cell for cell in cells])
    return target.getvalue()
