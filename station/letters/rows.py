"""What the journal says of letters. No payload names a person: numbers, records, dates and digests only."""

from enum import StrEnum
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from station.letter_settings import LetterReason

TAKEN: Final = "letter_number_taken"
ISSUED: Final = "letter_issued"
VOIDED: Final = "letter_voided"
WITHDRAWN: Final = "letter_withdrawn"
GIVEN_OUT: Final = "letter_given_out"
ERASED: Final = "letter_erased"
LIST_SIGNED: Final = "letter_withdrawals_signed"
REGISTER_EXPORTED: Final = "letters_exported"


class LetterState(StrEnum):
    """Where a place of the register stands. VOID and WITHDRAWN are for good."""

    TAKEN = "taken"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class WithdrawalCause(StrEnum):
    """Why a letter was taken back."""

    CARD_HANDED_OVER = "card_handed_over"
    RENEWED = "renewed"
    EXPIRED = "expired"  # another letter follows; nobody has brought this one back
    MISTAKE = "mistake"
    LOST_BY_HOLDER = "lost_by_holder"
    OTHER = "other"


class VoidCause(StrEnum):
    """Why a number carries no letter."""

    NOT_FINISHED = "not_finished"
    OTHER_FACTS = "other_facts"  # asked for again with another reason or signer
    RECORD_ERASED = "record_erased"
    CARD_HANDED_OVER = "card_handed_over"
    AFTER_RESTORE = "after_restore"  # perhaps used between the backup and the loss of the disk


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True)

    year: int
    place: int
    number: str


class NumberTaken(_Payload):
    """All that the letter will state besides the record: it is finished with these facts or not at all.

    Attributes:
        issued, expires: seconds of the Unix epoch, as in the code.
        issued_on, valid_until: first and last day, ISO 8601, the office's.
        reason: empty, as all of it, for a number that is only known to be used (a restore).
        signer: key of the signer in the settings. status_code: for the lower right corner.
        renews: number of the letter that it follows.
        policy: the regulations that were in force, oldest first.
    """

    record: str
    reason: LetterReason | Literal[""]
    issued: int
    expires: int
    issued_on: str
    valid_until: str
    signer: str
    status_code: str
    renews: str | None = None
    policy: tuple[str, ...] = ()


class LetterIssued(_Payload):
    """The letter is made and sealed. `key` is the hexadecimal id of the key that signed its code."""

    content_hash: str
    pdf_sha256: str
    key: str


class LetterVoided(_Payload):
    """The number is never used again."""

    cause: VoidCause
    note: str = ""


class LetterWithdrawn(_Payload):
    """The letter no longer counts."""

    cause: WithdrawalCause
    note: str = ""


class LetterGivenOut(_Payload):
    """A copy of the file leaves the register. `way`: file or paper. `reason`: of every copy but the first."""

    way: str
    reason: str = ""


class LetterErased(_Payload):
    """The proof that the letter's file was destroyed with its person's record."""

    content_hash: str


class ListSigned(BaseModel):
    """A list of withdrawn letters was signed. `letters`: how many places it speaks of."""

    model_config = ConfigDict(frozen=True)

    year: int
    letters: int
    withdrawn: int
    issued: int
    expires: int


class RegisterExported(BaseModel):
    """The register of a year was written, with names for SIAK; `letters`: its lines."""

    model_config = ConfigDict(frozen=True)

    year: int
    letters: int
    reason: str
