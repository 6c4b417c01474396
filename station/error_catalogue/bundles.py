"""Errors of bundles and of taking records in."""

from station.error_catalogue.entry import (
    AUTOMATIC,
    CALL_TECHNICIAN,
    FIX,
    NOTHING_TECHNICAL,
    ErrorEntry,
    entry,
)
from station.language import marked

NOTHING_KEPT = marked("Nothing of this bundle was kept; the other bundles are not touched by it.")
RECORD_LEFT = marked("This record was not taken in; the other records of the bundle were.")
RECORD_ASIDE = marked("The record is kept sealed, set aside; the other records of the bundle were taken in.")
TAKEN_STAYS = marked("What was taken in before stays; nothing is taken in twice.")
NOTHING_CHANGED = marked("Nothing was changed.")

SEND_AGAIN = marked("Ask the sender for this bundle again, with this message.")
SENDER_MENDS = marked("Send this message to the recording team; they mend the record and send it again.")
SEE_FORMAT = marked("See docs/reference/bundle.md for the format.")
SEE_ASIDE = marked("Look at it with station records list --state set_aside.")

BUNDLES: dict[str, ErrorEntry] = {
    "BUNDLE_UNREADABLE": entry(
        marked("The file cannot be read: {problem}."),
        NOTHING_KEPT,
        marked("Check the disk and the file; copy it again."),
        marked("The station's user must be allowed to read it, and it must be a plain file."),
        FIX,
    ),
    "BUNDLE_MALFORMED": entry(
        marked("The file is no bundle: {problem}."), NOTHING_KEPT, SEND_AGAIN, SEE_FORMAT, FIX
    ),
    "BUNDLE_INCOMPLETE": entry(
        marked("The bundle ends too early: {have} of {wanted} bytes are there."),
        NOTHING_KEPT,
        marked("Wait until it is copied, or copy it again, and then give the command again."),
        SEE_FORMAT,
        FIX,
    ),
    "BUNDLE_SENDER_UNKNOWN": entry(
        marked("The bundle comes from a sender that this station does not know (key {sender}…)."),
        NOTHING_KEPT,
        CALL_TECHNICIAN,
        marked("Ask the sender for its public key on a way of its own, and put it into the senders' folder."),
        FIX,
    ),
    "BUNDLE_SIGNATURE_WRONG": entry(
        marked("The signature of {sender} does not fit the bundle: it was changed on its way."),
        NOTHING_KEPT,
        SEND_AGAIN,
        marked("If it happens again, the disk damages files or somebody changes them."),
        FIX,
    ),
    "BUNDLE_FOR_ANOTHER": entry(
        marked("The bundle is for another station (key {recipient}…)."),
        NOTHING_KEPT,
        marked("Pass it on to the office that it is for, or ask for one that is for this office."),
        marked("station records key --json shows the key of this station; it may have been replaced."),
        FIX,
    ),
    "RECORD_DAMAGED": entry(
        marked("Record {record} is not what its sender has signed: its bytes were damaged."),
        RECORD_LEFT,
        SEND_AGAIN,
        marked("The disk may be failing; take another one."),
        FIX,
    ),
    "RECORD_ID_DIFFERS": entry(
        marked("Record {record} says another id inside than outside."),
        RECORD_ASIDE,
        SENDER_MENDS,
        SEE_FORMAT,
        FIX,
    ),
    "FINGER_IMAGE_UNREADABLE": entry(
        marked("An image of a finger cannot be read: {problem}."),
        RECORD_ASIDE,
        SENDER_MENDS,
        SEE_FORMAT,
        FIX,
    ),
    "RECORD_CONFLICT": entry(
        marked("Another content is already held under the id of record {record}."),
        RECORD_ASIDE,
        marked("Ask the recording team which one is right; a second recording needs an id of its own."),
        SEE_ASIDE,
        FIX,
    ),
    "TRUSTED_KEY_UNREADABLE": entry(
        marked("The key file {file} cannot be used: {problem}."),
        NOTHING_CHANGED,
        CALL_TECHNICIAN,
        marked("A file holds one public key on P-256 in PEM, as openssl ec -pubout writes it."),
        FIX,
    ),
    "RECIPIENT_UNKNOWN": entry(
        marked("There is no recipient {recipient} in {folder}."),
        NOTHING_CHANGED,
        CALL_TECHNICIAN,
        marked("Put the recipient's public key there as NAME.pem."),
        FIX,
    ),
    "IMPORT_PATH_UNUSABLE": entry(
        marked("{path} cannot be taken in: {problem}."),
        TAKEN_STAYS,
        marked("Name a bundle or a folder with bundles (*.bundle)."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "IMPORT_INTERRUPTED": entry(
        marked("The disk went away while records were taken in: {problem}."),
        TAKEN_STAYS,
        marked("Put the disk in again and give the same command; it goes on where it stopped."),
        marked("If it happens again, take another disk or another port."),
        FIX,
    ),
    "SEARCH_EMPTY": entry(
        marked("The command does not say what to search for."),
        NOTHING_CHANGED,
        marked("Give --name, --birth-date or --nik, or several of them."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "READER_UNNAMED": entry(
        marked("Biodata are shown only to somebody who is named and says why."),
        NOTHING_CHANGED,
        marked("Give both --by and --reason, or none of them."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "EXPORT_UNCLEAR": entry(
        marked("The command does not say in which form the record is given out."),
        NOTHING_CHANGED,
        marked("Give --to with a recipient's name, or --plain; not both."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "WATCH_FOLDER_UNUSABLE": entry(
        marked("The watched folder {folder} cannot be used: {problem}."),
        TAKEN_STAYS,
        CALL_TECHNICIAN,
        marked("The station's user must be allowed to read it and to move files in it."),
        AUTOMATIC,
    ),
    "RECORD_NOT_SET_ASIDE": entry(
        marked("No record number {number} is set aside."),
        NOTHING_CHANGED,
        SEE_ASIDE,
        NOTHING_TECHNICAL,
        FIX,
    ),
}
