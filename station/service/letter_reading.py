"""Reading a letter's signed file out of the register, for paper or for a file; nothing is written."""

from station.letters.withdrawing import require_letter
from station.office import Office


def letter_pdf(office: Office, number: str) -> bytes:
    """The signed file of a letter, as it was issued.

    Raises:
        Refused: LETTER_UNKNOWN, LETTER_FILE_GONE.
        InputFault: RECORD_SEAL_BROKEN, RECORD_KEY_BROKEN.
        DeviceAbsent: the token is not there.
    """
    with office.database.reading() as transaction:
        letter = require_letter(transaction, number)
    return office.letter_files.open(letter).pdf
