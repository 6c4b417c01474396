"""Errors of printers, readers, chips and tokens."""

from station.error_catalogue.entry import (
    AUTOMATIC,
    BLANK_SPOILED,
    CALL_TECHNICIAN,
    CARD_HELD,
    FIX,
    JOB_KEPT,
    NO_BLANK,
    NOTHING_TECHNICAL,
    SEE_DOCTOR,
    ErrorEntry,
    entry,
)
from station.language import marked

DEVICES: dict[str, ErrorEntry] = {
    "PRINTER_ABSENT": entry(
        marked("The printer at {url} does not answer."),
        JOB_KEPT,
        marked("Switch the printer on and check its cable."),
        SEE_DOCTOR,
        FIX,
    ),
    "PRINTER_MODEL_UNKNOWN": entry(
        marked("The printer calls itself {model}; that model is not in the table."),
        JOB_KEPT,
        CALL_TECHNICIAN,
        marked("Models and their rasters are in drivers/evolis/models.py."),
        FIX,
    ),
    "PRINTER_UNSUITABLE": entry(
        marked("The printer at {url} cannot do this: {problem}."), JOB_KEPT, CALL_TECHNICIAN, SEE_DOCTOR, FIX
    ),
    "PRINTER_FAULT": entry(
        marked("The printer reports: {reasons}."),
        CARD_HELD,
        marked("Mend what the printer names (jam, ribbon, cover, hopper). The lane goes on by itself."),
        SEE_DOCTOR,
        FIX,
    ),
    "PRINTER_SILENT": entry(
        marked("The printer did not say whether it has done {operation}."),
        CARD_HELD,
        marked("Wait: the station asks the printer what happened."),
        SEE_DOCTOR,
        AUTOMATIC,
    ),
    "PRINTER_REFUSED": entry(
        marked("The printer refused {operation}: {reply}."), CARD_HELD, CALL_TECHNICIAN, SEE_DOCTOR, FIX
    ),
    "READER_ABSENT": entry(
        marked("The chip reader {reader} is not there."),
        JOB_KEPT,
        marked("Switch the printer off and on; check its cable."),
        SEE_DOCTOR,
        FIX,
    ),
    "READER_BUSY": entry(
        marked("Another program uses the chip reader {reader}."),
        JOB_KEPT,
        marked("Close the other program."),
        SEE_DOCTOR,
        FIX,
    ),
    "PCSC_DAEMON_ABSENT": entry(
        marked("The chip reader service (pcscd) is not running."),
        JOB_KEPT,
        CALL_TECHNICIAN,
        marked("systemctl restart pcscd; then station doctor."),
        FIX,
    ),
    "CARD_NOT_AT_READER": entry(
        marked("No chip answers at the chip station of {reader}."),
        CARD_HELD,
        marked("The station rejects this blank."),
        SEE_DOCTOR,
        FIX,
    ),
    "CHIP_SILENT": entry(
        marked("The chip did not say whether it has done {operation}."),
        CARD_HELD,
        marked("Wait: the station reads the chip again."),
        NOTHING_TECHNICAL,
        AUTOMATIC,
    ),
    "CHIP_REFUSED": entry(
        marked("The chip refused {operation}: {status_word}."),
        BLANK_SPOILED,
        marked("The station takes another blank by itself."),
        marked("Many of these from one carton: put the carton aside."),
        AUTOMATIC,
    ),
    "CHIP_FOREIGN": entry(
        marked("The card at the chip station is not one of our blanks: {problem}."),
        BLANK_SPOILED,
        marked("Check what was put into the hopper."),
        NOTHING_TECHNICAL,
        AUTOMATIC,
    ),
    "CHIP_READBACK_DIFFERS": entry(
        marked("The chip does not hold what was written: {files}."),
        BLANK_SPOILED,
        marked("The station takes another blank by itself."),
        marked("Many of these from one carton: put the carton aside."),
        AUTOMATIC,
    ),
    "CHIP_NOT_LOCKED": entry(
        marked("The chip did not lock."),
        BLANK_SPOILED,
        marked("The station takes another blank by itself."),
        NOTHING_TECHNICAL,
        AUTOMATIC,
    ),
    "CHIP_FAULTS_IN_A_ROW": entry(
        marked("{count} chips in a row have failed in lane {lane}: that is the reader or the carton."),
        BLANK_SPOILED,
        marked("Do not use more blanks of this carton. Call the technician."),
        marked("Try the reader with a known good card (station doctor); then station lanes clear {lane}."),
        FIX,
    ),
    "CARD_KNOWN": entry(
        marked("A card that the station already knows came out of the hopper: {uid}, {account}."),
        marked("It goes to the reject box; no blank was used."),
        marked("Find out who put this card into the hopper."),
        NOTHING_TECHNICAL,
        AUTOMATIC,
    ),
    "WRONG_CARD": entry(
        marked("Another card than the bound one is at the chip station: {found} instead of {expected}."),
        CARD_HELD,
        marked("Do not move any card. Call the supervisor."),
        SEE_DOCTOR,
        FIX,
    ),
    "TOKEN_ABSENT": entry(
        marked("The key token {token} is not there."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Check [keys] in station.toml and the token's driver."),
        FIX,
    ),
    "TOKEN_PIN_WRONG": entry(
        marked("The token {token} refuses the PIN. It is not tried a second time."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Put the right PIN into the file named by pin-source."),
        FIX,
    ),
    "KEY_UNUSABLE": entry(
        marked("The key {key} cannot be used: {problem}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Keys must be in the token, sensitive and not extractable."),
        FIX,
    ),
}
