"""What the journal says of letters on paper. Numbers, places and digests only: no payload names a person."""

from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from station.journal import Outcome

BEGUN: Final = "letter_print_begun"
SENT: Final = "letter_print_job"
ENDED: Final = "letter_print_ended"
CHECKED: Final = "letter_paper_checked"


class CopyKind(StrEnum):
    """Whether it is the letter's first copy, or one that somebody asked for with a reason."""

    FIRST = "first"
    REPRINT = "reprint"


class PaperVerdict(StrEnum):
    """What a person found in the printer's tray."""

    GOOD = "good"
    SPOILED = "spoiled"
    NOTHING = "nothing"


class PrintCause(StrEnum):
    """Why an attempt ended as it did."""

    HANDED_OVER = "handed_over"
    NOT_OPENED = "not_opened"  # the print server never had a job of it
    NOT_SENT = "not_sent"  # the job never had the document
    CANCELLED = "cancelled"
    ABORTED = "aborted"
    VANISHED = "vanished"  # the print server knows the job no more


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True)


class PrintBegun(_Payload):
    """A letter is about to be printed.

    Attributes:
        attempt: 1, 2, 3 … of this letter.
        number: of the letter; the title of the job.
        printer: URL from the settings.
        sha256, size: of the file that is sent.
        reason: of a reprint.
    """

    year: int
    place: int
    attempt: int
    number: str
    copy_kind: CopyKind
    printer: str
    sha256: str
    size: int
    reason: str = ""


class PrintJobOpened(_Payload):
    """The print server has a job for it, without a document. `begun`: the row of its beginning."""

    begun: int
    job: int


class PrintEnded(_Payload):
    """What became of it. DONE: handed to the device; whether paper came out, only a person can say."""

    begun: int
    outcome: Outcome
    cause: PrintCause
    reasons: tuple[str, ...] = ()


class PaperChecked(_Payload):
    """What a person found in the tray."""

    begun: int
    verdict: PaperVerdict
    note: str = ""
