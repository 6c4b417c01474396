"""Errors of letters on paper."""

from station.error_catalogue.entry import (
    AUTOMATIC,
    CALL_TECHNICIAN,
    FIX,
    NEVER,
    NO_BLANK,
    NOTHING_TECHNICAL,
    ErrorEntry,
    entry,
)
from station.language import marked

NO_SHEET = marked("Nothing was printed; the letter and its number are kept.")
AT_SERVER = marked("What was sent may still come out; the station sends no second one.")
LOOK = marked(
    "Look into the printer's tray, then say what you found: station letters paper NUMBER --verdict "
    "good|spoiled|nothing --by NAME."
)
SEE_QUEUE = marked("See lpstat -p -o and the printer itself; docs/howto/teknisi.md tells how it is set up.")

PAPER: dict[str, ErrorEntry] = {
    "PAPER_PRINTER_MISSING": entry(
        marked("No paper printer is set."),
        NO_SHEET,
        CALL_TECHNICIAN,
        marked("Set printer in [letters] of station.toml: ipp://… or file:///folder."),
        FIX,
    ),
    "PAPER_PRINTER_UNUSABLE": entry(
        marked("The paper printer {printer} cannot be used: {problem}."),
        NO_SHEET,
        CALL_TECHNICIAN,
        marked("Set printer in [letters] of station.toml: ipp://… or file:///folder."),
        FIX,
    ),
    "PAPER_PRINTER_ABSENT": entry(
        marked("The print server of {printer} does not answer."),
        marked("What was not sent yet is kept here; what was sent is asked for again later."),
        marked("Wait a minute and give the command again. If it stays so, call the technician."),
        marked("Is cups running? systemctl status cups; station doctor."),
        FIX,
    ),
    "PAPER_QUEUE_UNKNOWN": entry(
        marked("The print server does not know the printer {printer}."),
        NO_SHEET,
        CALL_TECHNICIAN,
        marked("Add the queue again under the same name, or set its name in station.toml; see lpstat -v."),
        FIX,
    ),
    "PAPER_PRINTER_SILENT": entry(
        marked("The print server of {printer} did not answer whole."),
        marked("What was sent may be printed; the station asks before it sends anything again."),
        marked("Give the command again: it asks what has become of the letter."),
        SEE_QUEUE,
        AUTOMATIC,
    ),
    "PAPER_PRINTER_REFUSED": entry(
        marked("The print server refuses: {problem}."), NO_SHEET, CALL_TECHNICIAN, SEE_QUEUE, FIX
    ),
    "PAPER_SIZE_UNSUPPORTED": entry(
        marked("The printer {printer} does not offer the paper {paper}."),
        NO_SHEET,
        CALL_TECHNICIAN,
        marked(
            "lpoptions -p NAME -l shows its papers. Set paper in [letters] of station.toml, or add the size."
        ),
        FIX,
    ),
    "PAPER_PRINTER_STOPPED": entry(
        marked("The printer {printer} is stopped: {reasons}."),
        AT_SERVER,
        marked("Mend what the printer shows, then call the technician to switch it on again."),
        marked(
            "cupsenable NAME. What lies in the queue is printed then, perhaps for the second time: "
            "see lpstat -o first."
        ),
        FIX,
    ),
    "PAPER_PRINTER_COMPLAINS": entry(
        marked("The printer {printer} says: {reasons}."),
        AT_SERVER,
        marked("Mend what it names (paper, jam, toner, cover); the letter then comes out by itself."),
        SEE_QUEUE,
        FIX,
    ),
    "PAPER_JOB_HELD": entry(
        marked("The printer holds the letter {number} back: {reasons}."),
        AT_SERVER,
        CALL_TECHNICIAN,
        marked("lp -i JOB -H resume lets it go on; station letters print NUMBER --cancel takes it back."),
        FIX,
    ),
    "PAPER_JOB_SLOW": entry(
        marked("The letter {number} lies at the printer, and the printer does not say why it takes so long."),
        AT_SERVER,
        marked("Look at the printer, then give the command again: it goes on waiting."),
        SEE_QUEUE,
        AUTOMATIC,
    ),
    "PAPER_BUSY": entry(
        marked("Another window is printing letters (process {process})."),
        NO_SHEET,
        marked("Wait until it is done, or use that window."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "PAPER_JOB_OPEN": entry(
        marked("The letter {number} is on its way to the printer already."),
        AT_SERVER,
        marked("station letters print NUMBER asks what has become of it; with --cancel it is taken back."),
        SEE_QUEUE,
        FIX,
    ),
    "PAPER_NOT_PRINTED": entry(
        marked("The letter {number} was not printed."),
        NO_SHEET,
        marked("Give the command again."),
        SEE_QUEUE,
        FIX,
    ),
    "PAPER_OUTCOME_UNKNOWN": entry(
        marked("Nobody can say whether the letter {number} came out on paper."),
        marked("It is not printed again before somebody has looked."),
        LOOK,
        SEE_QUEUE,
        NEVER,
    ),
    "PAPER_CHECK_FIRST": entry(
        marked("The letter {number} may be on paper already; nobody has looked yet."),
        marked("It is not printed again before somebody has looked."),
        LOOK,
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "PAPER_ALREADY_PRINTED": entry(
        marked("The letter {number} was printed or given out already."),
        NO_BLANK,
        marked(
            "If its sheet is spoiled or missing, say so: station letters paper. Another copy needs a reason: "
            "station letters print NUMBER --again --reason TEXT --by NAME."
        ),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "PAPER_NOTHING_TO_CHECK": entry(
        marked("No sheet of the letter {number} waits for being looked at."),
        NO_BLANK,
        marked("station letters show NUMBER tells what has become of it."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "PAPER_NOTHING_TO_CANCEL": entry(
        marked("The letter {number} is not on its way to a printer."),
        NO_BLANK,
        marked("station letters show NUMBER tells what has become of it."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "PAPER_FOLDER_UNUSABLE": entry(
        marked("The folder {folder} for letters cannot be used: {problem}."),
        NO_SHEET,
        marked("Is the disk plugged in and not full? Then give the command again."),
        marked("The station's user must be allowed to write there."),
        FIX,
    ),
    "PAPER_FILE_TAKEN": entry(
        marked("{file} is there already and holds something else."),
        marked("Nothing was written; the file that lies there stays as it is."),
        marked("Move that file away and give the command again."),
        NOTHING_TECHNICAL,
        FIX,
    ),
}
