"""Errors of the handover: the card, its holder, the finger, the scanner."""

from station.error_catalogue.entry import (
    CALL_TECHNICIAN,
    FIX,
    NEVER,
    NOTHING_TECHNICAL,
    TRY_AGAIN,
    ErrorEntry,
    entry,
)
from station.language import marked

CARD_STAYS = marked("The card stays in the office; nothing was changed.")
TOUCH_NOT_COUNTED = marked("The card stays in the office; this touch says nothing about the person.")

HANDOVER: dict[str, ErrorEntry] = {
    "HANDOVER_NO_CARD": entry(
        marked("No finished card was found for this person."),
        CARD_STAYS,
        marked("Check the NIK, the name or the letter's number. Is it still being made? station jobs list."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HANDOVER_CARD_UNKNOWN": entry(
        marked("Card {card} is no finished card of this station."),
        CARD_STAYS,
        marked("Find out what this card is: station cards identify. Do not hand it over."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "HANDOVER_SEVERAL_CARDS": entry(
        marked("Several finished cards wait: jobs {jobs}."),
        CARD_STAYS,
        marked("Lay the card on the reader, or name its job with --job."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HANDOVER_CARD_NOT_READY": entry(
        marked("Job {job} has no finished card that could be handed over."),
        CARD_STAYS,
        marked("See how far the job is: station jobs list."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HANDOVER_DONE_ALREADY": entry(
        marked("The card of job {job} was handed over before (journal row {row})."),
        marked("A card is handed over once; nothing was changed."),
        marked("If such a card lies here, give it to the supervisor."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "HANDOVER_NOT_DONE": entry(
        marked("The card of job {job} has not been handed over."),
        CARD_STAYS,
        TRY_AGAIN,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HANDOVER_CUT_OFF": entry(
        marked("An earlier handover of the card of job {job} was cut off; nobody knows where the card is."),
        marked("Until that is clear the card is not handed over."),
        marked("Lay the card on the reader and give the command again; or answer: station questions list."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HANDOVER_BUSY": entry(
        marked("Another handover is under way at this station (process {process})."),
        CARD_STAYS,
        marked("Finish that one first."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HANDOVER_WRONG_CARD": entry(
        marked("The card on the reader is not the card of job {job}."),
        CARD_STAYS,
        marked("Take the right card out of the box; compare the name on its face."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HANDOVER_CHIP_OF_ANOTHER": entry(
        marked("The chip of the card of job {job} names another person or another issue than the books."),
        marked("The card must not leave the office; nothing was changed."),
        marked("Lock the card away and call the supervisor."),
        marked("Compare: station cards identify, station cards show. The chip or the books are wrong."),
        NEVER,
    ),
    "HANDOVER_CHIP_NOT_LOCKED": entry(
        marked("The chip of the card of job {job} is not as a finished one must be: {state}."),
        marked("The card must not leave the office; nothing was changed."),
        marked("Lock the card away and call the supervisor."),
        marked("Compare: station cards identify, station cards show."),
        NEVER,
    ),
    "HANDOVER_CHIP_UNSIGNED": entry(
        marked("What stands on the chip of the card of job {job} is not signed by this station's key."),
        marked("The card must not leave the office; nothing was changed."),
        marked("Lock the card away and call the supervisor."),
        marked("Was the signing key changed? Otherwise the chip was written elsewhere."),
        NEVER,
    ),
    "HANDOVER_NO_MATCH": entry(
        marked("No finger matches; the card is not handed over."),
        marked(
            "The card stays in the office. A failed check is no accusation: skin can be worn, dry or wet."
        ),
        marked(
            "Clean the plate and the finger, then try once more. If it fails again, a supervisor may decide: "
            "station handover exempt."
        ),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HANDOVER_NO_PICTURE": entry(
        marked("The scanner gave no picture that could be compared."),
        CARD_STAYS,
        marked("Clean the plate; have the person press with the middle of the finger. Then try once more."),
        marked("Check the scanner: station handover scanner."),
        FIX,
    ),
    "HANDOVER_STOPPED": entry(
        marked("The check was stopped before it was decided."),
        CARD_STAYS,
        TRY_AGAIN,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HANDOVER_CHECK_FIRST": entry(
        marked(
            "No failed check of today with at least {least} touches stands behind this exception (job {job})."
        ),
        CARD_STAYS,
        marked("Check the finger first: station handover start. Only when it fails may two people decide."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HANDOVER_RECORD_CHANGED": entry(
        marked("The stored record is not the one that the card of job {job} was made of."),
        CARD_STAYS,
        marked("Lay the card on the reader: the chip is compared then. Otherwise call the supervisor."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "RECEIPT_TWO_WAYS": entry(
        marked("Say where the receipt goes: --out or --print."),
        marked("Nothing was done."),
        TRY_AGAIN,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "SCANNER_NOT_CONFIGURED": entry(
        marked("This station is not set up for a fingerprint scanner."),
        CARD_STAYS,
        CALL_TECHNICIAN,
        marked("Fill in [scanner] in station.toml: docs/reference/settings.md."),
        FIX,
    ),
    "SCANNER_URL_UNUSABLE": entry(
        marked("The address of the fingerprint scanner cannot be used: {problem}."),
        CARD_STAYS,
        CALL_TECHNICIAN,
        marked("Correct [scanner] in station.toml: docs/reference/settings.md."),
        FIX,
    ),
    "SCANNER_ABSENT": entry(
        marked("The fingerprint scanner does not answer."),
        CARD_STAYS,
        marked("Check the scanner's cable, then give the command again."),
        marked(
            "Is the address in [scanner] right, and may the station's user open it? station handover scanner."
        ),
        FIX,
    ),
    "SCANNER_REFUSES": entry(
        marked("The fingerprint scanner does not let the station in."),
        CARD_STAYS,
        CALL_TECHNICIAN,
        marked("A password is set, or the service's certificate is not believed: see the details."),
        FIX,
    ),
    "SCANNER_UNTRUSTED": entry(
        marked("What the fingerprint scanner's service sends cannot be believed."),
        CARD_STAYS,
        CALL_TECHNICIAN,
        marked(
            "Signature, certificate, time or chain of captures is wrong: see the details, and scanner.roots."
        ),
        FIX,
    ),
    "SCANNER_SHOWS_NO_PLATE": entry(
        marked("This scanner gives no picture of its empty plate, so nothing is learned of it."),
        marked("Handovers go on without it."),
        NOTHING_TECHNICAL,
        marked("Only sensors on a serial line are learned; a service crops its pictures itself."),
        NEVER,
    ),
    "FINGER_ABSENT": entry(
        marked("No finger was laid on the scanner in time."),
        TOUCH_NOT_COUNTED,
        marked("Ask the person to lay the finger on the plate and to hold still."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "FINGER_UNUSABLE": entry(
        marked("The scanner made no picture of the finger: {reasons}."),
        TOUCH_NOT_COUNTED,
        marked("Clean plate and finger; let the person press a little less, with the middle of the finger."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "FINGER_TORN": entry(
        marked("The picture of the finger did not arrive whole."),
        TOUCH_NOT_COUNTED,
        marked("Ask for another touch. If it comes again, call the technician."),
        marked("Check the cable of the scanner, and its baud rate."),
        FIX,
    ),
}
