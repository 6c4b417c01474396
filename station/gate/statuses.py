"""Record statuses, what they mean, and what the operator does about each.

Sources: pages of Dukcapil offices (Banyumas 22746, Purbalingga, Sambas, MAN Kendal) and Ditjen 2015
(slideplayer 12163767). About 18 statuses exist; those named in public pages are here, codes for later stages
were not seen in any page. What is not in this table is unknown and never printed.
"""

from dataclasses import dataclass

from station.language import marked


@dataclass(frozen=True)
class Status:
    """One status of a record at the centre. `meaning` and `remedy` are messages for gettext."""

    short: str
    printable: bool
    meaning: str
    remedy: str


RECORD_AGAIN = marked(
    "Have the central record deleted by NIK, record again and send; or set it back to BIO_CAPTURED and send."
)
FIRST_WINS = marked("The first recording wins: process the move, and ask for the duplicate to be deleted.")
REPORT = marked("Report it to the centre.")  # no remedy was found in the pages; proposed

STATUSES: dict[str, Status] = {
    "PRINT_READY_RECORD": Status(
        "PRR", True, marked("unique, ready to print"), marked("Print it, by priority.")
    ),
    "UNREGISTERED": Status("", False, marked("not recorded yet"), marked("Record the person.")),
    "BIO_CAPTURED": Status(
        "BC",
        False,
        marked("recorded, not yet sent to the centre"),
        marked("Send the record, or put it into a bundle."),
    ),
    "PROCESSING": Status("Pro", False, marked("being prepared for sending"), marked("Check the outbox.")),
    "SENT_FOR_ENROLLMENT": Status(
        "SFE",
        False,
        marked("sent to the centre, no result yet"),
        marked("Wait, it can take months. Ask whether the person has recorded before."),
    ),
    "RECEIVED_AT_CENTRAL": Status(
        "", False, marked("received at the centre"), marked("Wait for the result.")
    ),
    "ENROLL_FAILURE_AT_CENTRAL": Status(
        "Efac", False, marked("biometrics incomplete or unreadable at the centre"), RECORD_AGAIN
    ),
    "ENROLL_FAILURE_AT_REGIONAL": Status(
        "", False, marked("biometrics incomplete or unreadable at the regency"), RECORD_AGAIN
    ),
    "SEARCH_FAILURE_AT_CENTRAL": Status("", False, marked("the search at the centre failed"), REPORT),
    "ADJUDICATE_RECORD": Status(
        "", False, marked("under adjudication: fingerprints resemble another record"), RECORD_AGAIN
    ),
    "REQUEST_VALIDATION": Status("", False, marked("needs validation"), REPORT),
    # The pages write "one-to-one" and "one-to-many"; the spelling with underscores is assumed.
    "DUPLICATE_RECORD_ONE_TO_ONE": Status(
        "DUP", False, marked("recorded twice: a unique NIK against a duplicate"), FIRST_WINS
    ),
    "DUPLICATE_RECORD_ONE_TO_MANY": Status("DUP", False, marked("recorded twice: several NIK"), FIRST_WINS),
}


def printable_statuses() -> tuple[str, ...]:
    """The statuses that the gate lets through."""
    return tuple(name for name, status in STATUSES.items() if status.printable)
