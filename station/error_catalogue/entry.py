"""The form of the catalogue's entries, and the sentences that many of them share."""

from dataclasses import dataclass
from enum import StrEnum

from station.language import marked


class Retry(StrEnum):
    """Is it safe to try the same thing again?"""

    NEVER = "never"
    AFTER_FIX = "after_fix"
    AUTOMATIC = "automatic"


@dataclass(frozen=True)
class ErrorEntry:
    """What one code says: what happened, what it means for card and blank, who does what."""

    happened: str
    consequence: str
    operator: str
    technician: str
    retry: Retry


NO_BLANK = marked("No blank was used and nothing was lost.")
JOB_KEPT = marked("The job stays in the queue; no blank was used.")
BLANK_SPOILED = marked("The blank goes to the reject box and is booked as spoiled.")
CARD_HELD = marked("The card stays where it is; nothing is repeated before this is clear.")

CHECK_RECORD = marked("Send the record back to the recording team with this message.")
CALL_TECHNICIAN = marked("Call the technician and tell him this code.")
TRY_AGAIN = marked("Do what is missing and give the command again.")
ANSWER_QUESTION = marked("Look at the card and answer the question: station questions list.")
NOTHING_TECHNICAL = marked("Nothing to do.")
SEE_DOCTOR = marked("Run station doctor; it names the part that fails.")

FIX = Retry.AFTER_FIX
NEVER = Retry.NEVER
AUTOMATIC = Retry.AUTOMATIC


def entry(happened: str, consequence: str, operator: str, technician: str, retry: Retry) -> ErrorEntry:
    """Make an entry; the order of the sentences is that of `ErrorEntry`."""
    return ErrorEntry(happened, consequence, operator, technician, retry)
