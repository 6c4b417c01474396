"""Errors of letters."""

from station.error_catalogue.entry import FIX, NO_BLANK, ErrorEntry, entry
from station.language import marked

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
}
