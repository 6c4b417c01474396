"""Errors of letters."""

from station.error_catalogue.entry import FIX, NO_BLANK, NOTHING_TECHNICAL, ErrorEntry, entry
from station.language import marked

CALL_MAKERS = marked("Send this message to those who maintain the program, with the letter's number.")

LETTERS: dict[str, ErrorEntry] = {
    "TRUST_LIST_UNUSABLE": entry(
        marked("The list of trusted letter keys {file} cannot be used: {problem}."),
        NO_BLANK,
        marked("No letter can be checked with it. Call the technician."),
        marked(
            "Bring the list, its .sig file and the root's public key again; compare the root's fingerprint."
        ),
        FIX,
    ),
    "LETTER_CERTIFICATE_UNUSABLE": entry(
        marked("The certificate of the letters' signature, {file}, cannot be used: {problem}."),
        NO_BLANK,
        marked("No letter is signed and no number was used for one. Call the technician."),
        marked(
            "The file must hold one certificate of the key letter_signature, on P-256, for signatures, and "
            "in its time; station letters certificate-request writes what its authority needs."
        ),
        FIX,
    ),
    "LETTER_TRUST_UNSET": entry(
        marked("Nothing says which keys letters are believed from."),
        NO_BLANK,
        marked("No letter can be checked. Call the technician."),
        marked("Give --trust and --root, or set trust_list and root_key under [letters] in station.toml."),
        FIX,
    ),
    "LETTER_FILE_UNREADABLE": entry(
        marked("The file {file} cannot be read: {problem}."),
        NO_BLANK,
        marked("See whether the name is right and whether the disk or stick is in its place."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_PDF_UNREADABLE": entry(
        marked("The PDF is damaged, locked, or no letter's: its pages cannot be shown."),
        NO_BLANK,
        marked("Ask for the file again, or scan or photograph the paper."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_REQUEST_UNWRITTEN": entry(
        marked("The request {file} cannot be written: {problem}."),
        NO_BLANK,
        marked("Name another file; one that is there is never written over."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_FILE_UNSIGNABLE": entry(
        marked("The letter's file cannot take a signature: {problem}."),
        NO_BLANK,
        marked("The letter keeps its number. Call the technician."),
        CALL_MAKERS,
        FIX,
    ),
    "LETTER_WORKER_DIED": entry(
        marked("A process that prepares letters for their signature has died."),
        marked("Letters that are signed stay signed; the others keep their numbers."),
        marked("Give the command again: it goes on where it stopped."),
        marked("See whether the memory was full (dmesg)."),
        FIX,
    ),
    "LETTER_PICTURE_UNREADABLE": entry(
        marked("The file is no picture that can be read."),
        NO_BLANK,
        marked("Scan or photograph the letter again; JPEG, PNG, TIFF and WebP are read."),
        marked("Open the file with a picture viewer: it may have been cut short."),
        FIX,
    ),
    "LETTER_PICTURE_TOO_LARGE": entry(
        marked("The picture is too large: {most} million dots are the most that are read."),
        NO_BLANK,
        marked("Scan the letter again with 200 to 600 dpi."),
        marked("A small file that claims a huge picture may be meant to fill the memory: do not open it."),
        FIX,
    ),
}
