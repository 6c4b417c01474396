"""Errors of the exchange with the data centre, by wire and by hand."""

from station.error_catalogue.entry import (
    AUTOMATIC,
    CALL_TECHNICIAN,
    FIX,
    NEVER,
    NOTHING_TECHNICAL,
    ErrorEntry,
    entry,
)
from station.language import marked

RECORDS_KEPT = marked("Nothing is lost: all records stay at the station until the centre's receipt is there.")
NOT_COUNTED = marked("It is not counted as received. The station asks the centre what became of it.")
GO_ON = marked("Go on with recording and printing. Look at station centre status.")
DISK_KEPT = marked("What is whole on the disk stays valid; nothing is lost and nothing counts twice.")

CENTRE: dict[str, ErrorEntry] = {
    "CENTRE_NOT_CONFIGURED": entry(
        marked("No data centre is set."),
        RECORDS_KEPT,
        CALL_TECHNICIAN,
        marked("Write the section [centre] into station.toml: docs/reference/settings.md."),
        FIX,
    ),
    "CENTRE_UNREACHABLE": entry(
        marked("The data centre is not reached: {problem}."),
        RECORDS_KEPT,
        GO_ON,
        marked("See whether the network works. If it stays so for days, use a disk: station centre export."),
        AUTOMATIC,
    ),
    "CENTRE_CERTIFICATE_BAD": entry(
        marked("Whoever answers cannot prove to be the data centre: {problem}."),
        marked("Nothing was sent to it. All records stay at the station."),
        GO_ON,
        marked("If the certificate has run out, report it to the centre. Never switch the check off."),
        AUTOMATIC,
    ),
    "CENTRE_ANSWER_LOST": entry(
        marked("The data centre did not answer to the end: {problem}."),
        NOT_COUNTED,
        GO_ON,
        NOTHING_TECHNICAL,
        AUTOMATIC,
    ),
    "CENTRE_ANSWER_UNUSABLE": entry(
        marked("The answer is not the data centre's, or cannot be read: {problem}."),
        NOT_COUNTED,
        GO_ON,
        marked(
            "Something stands between station and centre, such as a login page, or the centre has a fault."
        ),
        AUTOMATIC,
    ),
    "CENTRE_FAULT": entry(
        marked("The data centre has a fault of its own (HTTP {status})."),
        NOT_COUNTED,
        GO_ON,
        marked("If it stays so, report it to the centre."),
        AUTOMATIC,
    ),
    "CENTRE_RECEIPT_WRONG": entry(
        marked("The receipt does not fit what was sent: {problem}."),
        NOT_COUNTED,
        GO_ON,
        marked("If it happens again and again, report it to the centre."),
        AUTOMATIC,
    ),
    "CENTRE_NOT_RECEIVING": entry(
        marked("The data centre takes nothing at present ({reason})."),
        RECORDS_KEPT,
        GO_ON,
        NOTHING_TECHNICAL,
        AUTOMATIC,
    ),
    "CENTRE_REFUSES_STATION": entry(
        marked("The data centre does not let this station in ({reason})."),
        RECORDS_KEPT,
        CALL_TECHNICIAN,
        marked("Compare what station centre key shows with what the centre has registered."),
        AUTOMATIC,
    ),
    "CENTRE_REFUSED_DELIVERY": entry(
        marked("The data centre refuses this record ({reason})."),
        marked("The record is set aside and stays at the station; the others go on."),
        marked("Show the reason to the supervisor. When it is mended: station centre retry."),
        marked("The reasons stand in docs/reference/centre.md."),
        FIX,
    ),
    "CENTRE_PAUSED": entry(
        marked("Sending to the data centre is paused: {reason}."),
        RECORDS_KEPT,
        marked("When it may go on: station centre resume."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "CENTRE_NOT_PAUSED": entry(
        marked("Sending to the data centre is not paused."),
        marked("Nothing was changed."),
        marked("Nothing to do."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "CENTRE_SPOOL_UNUSABLE": entry(
        marked("Bundles from the data centre cannot be put onto our own disk: {problem}."),
        marked("They stay at the centre and are fetched later."),
        CALL_TECHNICIAN,
        marked("Look at the room and the rights of the data folder."),
        AUTOMATIC,
    ),
    "CENTRE_DISK_EMPTY": entry(
        marked("Nothing from the data centre for this station lies in {folder}."),
        marked("Nothing was changed."),
        marked("See whether it is the right disk: it must have been at the centre."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "CENTRE_PAPER_UNUSABLE": entry(
        marked("The file {file} from the data centre's disk cannot be used: {problem}."),
        marked("Nothing of it counts. The other files of the disk were taken."),
        marked("Ask the centre for this file again."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "DELIVERY_UNKNOWN": entry(
        marked("Nothing that is set aside goes by {name}."),
        marked("Nothing was changed."),
        marked("station centre status shows what is set aside."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
}
