"""Errors of letters by the thousand."""

from station.error_catalogue.entry import (
    FIX,
    NEVER,
    NOTHING_TECHNICAL,
    ErrorEntry,
    entry,
)
from station.language import marked

NO_NUMBER = marked("No number was used and no letter was made.")

LETTERS_BATCH: dict[str, ErrorEntry] = {
    "LETTER_BATCH_UNCLEAR": entry(
        marked("It is not clear which letters are wanted, or where they go."),
        NO_NUMBER,
        marked(
            "Name records, or --records-from FILE, or --all-eligible: one of them. "
            "--one-file goes without --out and without --print."
        ),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_BATCH_BUSY": entry(
        marked("Another window is issuing a batch of letters (process {process})."),
        NO_NUMBER,
        marked("Wait until it is done, or use that window."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_LIST_UNREADABLE": entry(
        marked("The list of records {file} cannot be read: {problem}."),
        NO_NUMBER,
        marked("Make a text file with one record's id on each line."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_OUT_ALREADY": entry(
        marked("Letter {number} was given out before, and its file does not lie here."),
        marked("The letter counts; no second copy was made."),
        marked("If another copy is needed, give the command again with --again REASON."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_PAGE_CHANGED": entry(
        marked("The page of letter {number} would not be the one that was issued."),
        marked("The letter counts and its own file is good; the file for all was not written."),
        marked("Write the letters as files of their own: --out FOLDER."),
        marked("Letterhead, signer, fonts or the program have changed since the letter was issued."),
        NEVER,
    ),
}
