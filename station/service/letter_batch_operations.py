"""Letters by the thousand, a portion at a time: between two portions others have their turn."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from station.errors import Refused
from station.letter_settings import LetterReason
from station.letters.bulk.verdicts import Became, Verdict
from station.letters.deciding import LetterOrder
from station.letters.withdrawing import require_letter
from station.office import Office
from station.service.letter_operations import GiveOut, is_out, note_given_out
from station.service.operations import ErrorReport
from station.staff import store as staff

PORTION: Final = 50  # letters; about a second


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class IssueLetters(_Model):
    """Issue the letters of some records, or finish those that were begun; without a signer, of the first."""

    records: Annotated[tuple[str, ...], Field(min_length=1, max_length=PORTION)]
    reason: LetterReason
    signer: str | None
    by: str


class RecordVerdict(_Model):
    """What has become of one record."""

    record: str
    became: Became
    number: str
    error: ErrorReport | None

    @classmethod
    def of(cls, verdict: Verdict) -> "RecordVerdict":
        """Describe a verdict."""
        error = ErrorReport.of(verdict.error) if verdict.error else None
        return cls(record=verdict.record, became=verdict.became, number=verdict.number, error=error)


class IssuedLetters(_Model):
    """A verdict for each record, in their order."""

    verdicts: tuple[RecordVerdict, ...]


class GiveOutLetters(_Model):
    """Note that copies of letters are given out; `again` is the reason for those that were out already."""

    numbers: Annotated[tuple[str, ...], Field(min_length=1, max_length=PORTION)]
    again: str
    by: str


class GivenOut(_Model):
    """Those that must not be given out, and why; the others are noted."""

    refused: dict[str, ErrorReport]


def issue_letters(office: Office, request: IssueLetters) -> IssuedLetters:
    """Issue a portion of letters."""
    with office.database.reading() as transaction:
        staff.require(transaction, request.by)
    order = LetterOrder(request.reason, request.signer, request.by)
    verdicts = office.letter_workshop.issue(list(dict.fromkeys(request.records)), order)
    return IssuedLetters(verdicts=tuple(RecordVerdict.of(one) for one in verdicts))


def give_out_letters(office: Office, request: GiveOutLetters) -> GivenOut:
    """Write copies into the journal before they are made: one transaction for all."""
    refused: dict[str, ErrorReport] = {}
    with office.database.transaction() as transaction:
        staff.require(transaction, request.by)
        for number in request.numbers:
            try:
                is_again = is_out(transaction, require_letter(transaction, number))
                wish = GiveOut(number=number, reason=request.again if is_again else "", by=request.by)
                note_given_out(office, transaction, wish)
            except Refused as error:
                refused[number] = ErrorReport.of(error)
    return GivenOut(refused=refused)
