"""Refusals of the print gate."""

from station.error_catalogue.entry import FIX, NEVER, NO_BLANK, NOTHING_TECHNICAL, ErrorEntry, entry
from station.language import marked

GATE: dict[str, ErrorEntry] = {
    "RECORD_NOT_PRINT_READY": entry(
        marked("The record has status {status} and may not be printed: {meaning}."),
        NO_BLANK,
        marked("{remedy}"),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "STATUS_UNKNOWN": entry(
        marked("The status {status} is not known. What is unknown is never printed."),
        NO_BLANK,
        marked("Hold the record and show the status to the supervisor."),
        marked("The status table is station/gate/statuses.py."),
        FIX,
    ),
    "CENTRE_STATUS_MISSING": entry(
        marked("The record calls itself print-ready, but the centre has not said so of it."),
        NO_BLANK,
        marked("Ask the centre: station centre sync. Without its word no card is made; nobody can order it."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "CENTRE_STATUS_OF_OTHER_FILES": entry(
        marked("What the centre has said of this record, it has said of other files than these."),
        NO_BLANK,
        marked("Use the record as the centre has it. If it was corrected, it goes to the centre first."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "PERSON_HAS_CARD": entry(
        marked("This person already has a card or a job of issue {issue}: job {job}."),
        NO_BLANK,
        marked("Look at that job: station jobs show {job}."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
}
