"""Every error code, and what it means: the one place where they are explained.

`docs/reference/errors.md` is made from this table (`python -m station.error_catalogue`), and a test keeps it
complete. Sentences are English here and shown in Indonesian through gettext.
"""

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

_FIX = Retry.AFTER_FIX
_NEVER = Retry.NEVER
_AUTOMATIC = Retry.AUTOMATIC


def _entry(happened: str, consequence: str, operator: str, technician: str, retry: Retry) -> ErrorEntry:
    return ErrorEntry(happened, consequence, operator, technician, retry)


RECORDS = {
    "RECORD_FOLDER_MISSING": _entry(
        marked("The record folder {folder} is not there."),
        NO_BLANK,
        marked("Check the folder's name or put the disk in."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "RECORD_FILE_MISSING": _entry(
        marked("The record lacks the file {file}."),
        NO_BLANK,
        CHECK_RECORD,
        marked("A record folder holds record.json, photo.jpg, signature.png and fingers.iso."),
        _FIX,
    ),
    "RECORD_MALFORMED": _entry(
        marked("The record cannot be read: field {field}: {problem}."),
        NO_BLANK,
        CHECK_RECORD,
        marked("See docs/reference/record.md for the format."),
        _FIX,
    ),
    "RECORD_CHANGED": _entry(
        marked("The record's files are not those that were added to the queue."),
        JOB_KEPT,
        marked("Cancel the job and add the record again."),
        marked("Somebody changed or moved the folder after station jobs add."),
        _FIX,
    ),
    "PHOTO_UNREADABLE": _entry(
        marked("The photo is not a usable colour JPEG: {problem}."),
        NO_BLANK,
        CHECK_RECORD,
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "PHOTO_OVER_CHIP_BUDGET": _entry(
        marked("The photo cannot be made small enough for the chip ({limit} bytes)."),
        NO_BLANK,
        marked("Take the photo again before a plain background."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "SIGNATURE_UNREADABLE": _entry(
        marked("The signature image cannot be read: {problem}."),
        NO_BLANK,
        CHECK_RECORD,
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "SIGNATURE_OVER_CHIP_BUDGET": _entry(
        marked("The signature image cannot be made small enough for the chip ({limit} bytes)."),
        NO_BLANK,
        marked("Take the signature again."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "FINGERS_UNREADABLE": _entry(
        marked("The fingerprint record cannot be used: {problem}."),
        NO_BLANK,
        CHECK_RECORD,
        marked("It must be ISO/IEC 19794-2:2005 with two fingers."),
        _FIX,
    ),
    "BIODATA_UNWRITABLE": _entry(
        marked("Field {field} cannot be written to the chip: {problem}."),
        NO_BLANK,
        CHECK_RECORD,
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "FACE_GLYPH_MISSING": _entry(
        marked("The font cannot print the character {character} in field {field}."),
        NO_BLANK,
        CHECK_RECORD,
        marked("Fonts and their SHA-256 are named in the layout."),
        _FIX,
    ),
    "FACE_OVERFLOW": _entry(
        marked("Field {field} does not fit on the card."),
        NO_BLANK,
        marked("Have the text shortened in SIAK."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "FACE_VALUE_UNKNOWN": _entry(
        marked("Field {field} holds a value that the card does not know."),
        NO_BLANK,
        CHECK_RECORD,
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "FACE_CHANGED": _entry(
        marked("The card face came out otherwise than when this card was begun."),
        CARD_HELD,
        CALL_TECHNICIAN,
        marked("Record, layout, font or program changed in between. Undo that, or spoil the card."),
        _FIX,
    ),
    "FONT_UNUSABLE": _entry(
        marked("The font {font} is missing or is not the one the layout was made with."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Install fonts-liberation and fonts-ocr-a; compare station doctor."),
        _FIX,
    ),
}

GATE = {
    "RECORD_NOT_PRINT_READY": _entry(
        marked("The record has status {status} and may not be printed: {meaning}."),
        NO_BLANK,
        marked("{remedy}"),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "STATUS_UNKNOWN": _entry(
        marked("The status {status} is not known. What is unknown is never printed."),
        NO_BLANK,
        marked("Hold the record and show the status to the supervisor."),
        marked("The status table is station/gate/statuses.py."),
        _FIX,
    ),
    "PERSON_HAS_CARD": _entry(
        marked("This person already has a card or a job of issue {issue}: job {job}."),
        NO_BLANK,
        marked("Look at that job: station jobs show {job}."),
        NOTHING_TECHNICAL,
        _NEVER,
    ),
}

SUPPLIES = {
    "BATCH_HOPPER_SHORT": _entry(
        marked("Lane {lane} has {have} blanks in the hopper; the batch needs {needed}."),
        JOB_KEPT,
        marked("Load blanks and book them: station blanks load --lane {lane} --count N."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "BATCH_RIBBON_SHORT": _entry(
        marked("The ribbon in lane {lane} is enough for {have} cards; the batch needs {needed}."),
        JOB_KEPT,
        marked("Put in a fresh ribbon, or run a smaller batch with --limit {have}."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "BATCH_RIBBON_UNSUITABLE": _entry(
        marked("The ribbon {ribbon} in lane {lane} cannot print a card face."),
        JOB_KEPT,
        marked("Put in a colour ribbon (YMCKO)."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "BATCH_REJECT_BOX_FULL": _entry(
        marked("The reject box of lane {lane} is full."),
        JOB_KEPT,
        marked("Empty the box; keep the cards for destruction."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "BATCH_PRINTER_NOT_READY": _entry(
        marked("The printer of lane {lane} is not ready: {reasons}."),
        JOB_KEPT,
        marked("Mend what the printer names, then start again."),
        SEE_DOCTOR,
        _FIX,
    ),
    "BLANKS_SHORT": _entry(
        marked("Only {have} blanks are booked in {account}; {needed} are needed."),
        NO_BLANK,
        marked("Count the blanks; book what is missing first."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "HOPPER_MISCOUNT": _entry(
        marked("The hopper of lane {lane} is empty, but {have} blanks are booked there."),
        JOB_KEPT,
        marked("Count the blanks at this lane, fill the hopper, and tell the supervisor if any is missing."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
}

DEVICES = {
    "PRINTER_ABSENT": _entry(
        marked("The printer at {url} does not answer."),
        JOB_KEPT,
        marked("Switch the printer on and check its cable."),
        SEE_DOCTOR,
        _FIX,
    ),
    "PRINTER_MODEL_UNKNOWN": _entry(
        marked("The printer calls itself {model}; that model is not in the table."),
        JOB_KEPT,
        CALL_TECHNICIAN,
        marked("Models and their rasters are in drivers/evolis/models.py."),
        _FIX,
    ),
    "PRINTER_UNSUITABLE": _entry(
        marked("The printer at {url} cannot do this: {problem}."), JOB_KEPT, CALL_TECHNICIAN, SEE_DOCTOR, _FIX
    ),
    "PRINTER_FAULT": _entry(
        marked("The printer reports: {reasons}."),
        CARD_HELD,
        marked("Mend what the printer names (jam, ribbon, cover, hopper). The lane goes on by itself."),
        SEE_DOCTOR,
        _FIX,
    ),
    "PRINTER_SILENT": _entry(
        marked("The printer did not say whether it has done {operation}."),
        CARD_HELD,
        marked("Wait: the station asks the printer what happened."),
        SEE_DOCTOR,
        _AUTOMATIC,
    ),
    "PRINTER_REFUSED": _entry(
        marked("The printer refused {operation}: {reply}."), CARD_HELD, CALL_TECHNICIAN, SEE_DOCTOR, _FIX
    ),
    "READER_ABSENT": _entry(
        marked("The chip reader {reader} is not there."),
        JOB_KEPT,
        marked("Switch the printer off and on; check its cable."),
        SEE_DOCTOR,
        _FIX,
    ),
    "READER_BUSY": _entry(
        marked("Another program uses the chip reader {reader}."),
        JOB_KEPT,
        marked("Close the other program."),
        SEE_DOCTOR,
        _FIX,
    ),
    "PCSC_DAEMON_ABSENT": _entry(
        marked("The chip reader service (pcscd) is not running."),
        JOB_KEPT,
        CALL_TECHNICIAN,
        marked("systemctl restart pcscd; then station doctor."),
        _FIX,
    ),
    "CARD_NOT_AT_READER": _entry(
        marked("No chip answers at the chip station of {reader}."),
        CARD_HELD,
        marked("The station rejects this blank."),
        SEE_DOCTOR,
        _FIX,
    ),
    "CHIP_SILENT": _entry(
        marked("The chip did not say whether it has done {operation}."),
        CARD_HELD,
        marked("Wait: the station reads the chip again."),
        NOTHING_TECHNICAL,
        _AUTOMATIC,
    ),
    "CHIP_REFUSED": _entry(
        marked("The chip refused {operation}: {status_word}."),
        BLANK_SPOILED,
        marked("The station takes another blank by itself."),
        marked("Many of these from one carton: put the carton aside."),
        _AUTOMATIC,
    ),
    "CHIP_FOREIGN": _entry(
        marked("The card at the chip station is not one of our blanks: {problem}."),
        BLANK_SPOILED,
        marked("Check what was put into the hopper."),
        NOTHING_TECHNICAL,
        _AUTOMATIC,
    ),
    "CHIP_READBACK_DIFFERS": _entry(
        marked("The chip does not hold what was written: {files}."),
        BLANK_SPOILED,
        marked("The station takes another blank by itself."),
        marked("Many of these from one carton: put the carton aside."),
        _AUTOMATIC,
    ),
    "CHIP_NOT_LOCKED": _entry(
        marked("The chip did not lock."),
        BLANK_SPOILED,
        marked("The station takes another blank by itself."),
        NOTHING_TECHNICAL,
        _AUTOMATIC,
    ),
    "CHIP_FAULTS_IN_A_ROW": _entry(
        marked("{count} chips in a row have failed in lane {lane}: that is the reader or the carton."),
        BLANK_SPOILED,
        marked("Do not use more blanks of this carton. Call the technician."),
        marked("Try the reader with a known good card (station doctor); then station lanes clear {lane}."),
        _FIX,
    ),
    "CARD_KNOWN": _entry(
        marked("A card that the station already knows came out of the hopper: {uid}, {account}."),
        marked("It goes to the reject box; no blank was used."),
        marked("Find out who put this card into the hopper."),
        NOTHING_TECHNICAL,
        _AUTOMATIC,
    ),
    "WRONG_CARD": _entry(
        marked("Another card than the bound one is at the chip station: {found} instead of {expected}."),
        CARD_HELD,
        marked("Do not move any card. Call the supervisor."),
        SEE_DOCTOR,
        _FIX,
    ),
    "TOKEN_ABSENT": _entry(
        marked("The key token {token} is not there."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Check [keys] in station.toml and the token's driver."),
        _FIX,
    ),
    "TOKEN_PIN_WRONG": _entry(
        marked("The token {token} refuses the PIN. It is not tried a second time."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Put the right PIN into the file named by pin-source."),
        _FIX,
    ),
    "KEY_UNUSABLE": _entry(
        marked("The key {key} cannot be used: {problem}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Keys must be in the token, sensitive and not extractable."),
        _FIX,
    ),
}

STATION = {
    "SPECIMEN_FAILED": _entry(
        marked("The specimen card did not come out: job {job}, {cause}."),
        BLANK_SPOILED,
        marked("See station jobs show {job} and station questions list."),
        SEE_DOCTOR,
        _FIX,
    ),
    "ERROR_UNKNOWN": _entry(
        marked("There is no error code {wanted}."),
        NO_BLANK,
        marked("See station errors list."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "JOB_UNKNOWN": _entry(
        marked("There is no job {job}."), NO_BLANK, marked("See station jobs list."), NOTHING_TECHNICAL, _FIX
    ),
    "JOB_NOT_WAITING": _entry(
        marked("Job {job} is {state}; this cannot be done to it."),
        NO_BLANK,
        marked("See station jobs show {job}."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "QUESTION_UNKNOWN": _entry(
        marked("There is no open question {question}."),
        NO_BLANK,
        marked("See station questions list."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "VERDICT_UNKNOWN": _entry(
        marked("The verdict {verdict} does not answer question {question}; possible are {possible}."),
        NO_BLANK,
        TRY_AGAIN,
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "STAFF_UNKNOWN": _entry(
        marked("There is nobody called {name} at this station."),
        NO_BLANK,
        marked("See station staff list; the supervisor adds people."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "STAFF_KNOWN": _entry(
        marked("{name} is already known at this station."), NO_BLANK, TRY_AGAIN, NOTHING_TECHNICAL, _FIX
    ),
    "REASON_MISSING": _entry(marked("A reason is needed."), NO_BLANK, TRY_AGAIN, NOTHING_TECHNICAL, _FIX),
    "QUANTITY_WRONG": _entry(
        marked("The number must be one or more."), NO_BLANK, TRY_AGAIN, NOTHING_TECHNICAL, _FIX
    ),
    "LANE_UNKNOWN": _entry(
        marked("There is no lane {lane}."),
        NO_BLANK,
        marked("See station lanes show."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "LANE_NOT_BROKEN": _entry(
        marked("Lane {lane} is not broken."),
        NO_BLANK,
        marked("See station lanes show."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "LANE_BROKEN": _entry(
        marked("Lane {lane} is broken since {since}: {cause}."),
        CARD_HELD,
        marked("Look at the printer, then: station lanes clear {lane} --by NAME --reason TEXT."),
        marked("The first cause is in the journal; station doctor helps."),
        _FIX,
    ),
    "LANE_WAITS": _entry(
        marked("Lane {lane} waits for an answer: a card may still be in its path."),
        CARD_HELD,
        ANSWER_QUESTION,
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "CARD_UNKNOWN": _entry(
        marked("The station has never seen the card {uid}."),
        NO_BLANK,
        marked("Check the serial number; it has 16 hexadecimal digits."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "STATION_BUSY": _entry(
        marked("Another station process works on these data (process {process})."),
        NO_BLANK,
        marked("Let it end, or give commands while station run stays on."),
        NOTHING_TECHNICAL,
        _FIX,
    ),
    "STATION_UNREACHABLE": _entry(
        marked("The running station does not answer on {socket}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Check that station run lives; restart it."),
        _FIX,
    ),
    "SETTINGS_MISSING": _entry(
        marked("There is no station.toml; looked at {places}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Write one (docs/reference/settings.md) or name it with --config."),
        _FIX,
    ),
    "SETTINGS_MALFORMED": _entry(
        marked("The settings in {file} are wrong: {problem}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("See docs/reference/settings.md."),
        _FIX,
    ),
    "DATABASE_UNUSABLE": _entry(
        marked("The database cannot be used: {problem}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Check the disk's space and permissions, and the version of the program."),
        _FIX,
    ),
    "JOURNAL_REFUSED": _entry(
        marked("The database refused what would break a rule: {rule}."),
        CARD_HELD,
        CALL_TECHNICIAN,
        marked("This protects against a second card. Keep the journal as it is and report it."),
        _NEVER,
    ),
    "JOURNAL_BROKEN": _entry(
        marked("The journal's chain is broken at row {row}."),
        CARD_HELD,
        CALL_TECHNICIAN,
        marked("Somebody changed the database by hand. Restore the last backup."),
        _NEVER,
    ),
    "UNDEFINED": _entry(
        marked("Something happened that the station does not know: {cause}."),
        marked("The lane is latched; nothing more moves in it."),
        CALL_TECHNICIAN,
        marked("Look at the card in the path, then station lanes clear."),
        _NEVER,
    ),
}

CATALOGUE: dict[str, ErrorEntry] = {**RECORDS, **GATE, **SUPPLIES, **DEVICES, **STATION}
