"""Errors of the letters' register: who gets a letter, numbers, and what becomes of a letter."""

from station.error_catalogue.entry import (
    CALL_TECHNICIAN,
    CHECK_RECORD,
    FIX,
    NEVER,
    NOTHING_TECHNICAL,
    ErrorEntry,
    entry,
)
from station.language import marked

NO_NUMBER = marked("No number was used and no letter was made.")
NUMBER_STAYS = marked("Nothing was changed in the register.")
RULE = marked("The rule and its source: station letters policy. It cannot be overridden.")

LETTERS_REGISTER: dict[str, ErrorEntry] = {
    "LETTERS_NOT_CONFIGURED": entry(
        marked("This station is not set up for substitute letters."),
        NO_NUMBER,
        CALL_TECHNICIAN,
        marked("Fill in [letters] in station.toml: docs/reference/letters-register.md."),
        FIX,
    ),
    "LETTERS_NOT_ALLOWED": entry(
        marked("On {day} no substitute letter may be issued ({source})."),
        NO_NUMBER,
        marked("Tell the person that no letter is issued at this time."),
        RULE,
        NEVER,
    ),
    "LETTER_REASON_NOT_ALLOWED": entry(
        marked("A substitute letter is not issued for this reason: {cause} ({source})."),
        NO_NUMBER,
        marked("Check the reason. If it is right, the person waits for the card."),
        RULE,
        NEVER,
    ),
    "LETTER_PAPER_NOT_ALLOWED": entry(
        marked("Letters on {paper} paper are no longer issued ({source})."),
        NO_NUMBER,
        CALL_TECHNICIAN,
        marked("Set letters.paper in station.toml to the paper that the rule names."),
        FIX,
    ),
    "LETTER_NOT_RECORDED": entry(
        marked(
            "The letter states that the person was recorded; this record's status is {status}: {meaning}."
        ),
        NO_NUMBER,
        marked("Record the person first."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_CARD_WAITS": entry(
        marked("The card of this person is ready and waits for its holder."),
        NO_NUMBER,
        marked("Hand over the card instead of a letter."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "LETTER_CARD_HANDED_OVER": entry(
        marked("This person has received the card that the record is for."),
        NO_NUMBER,
        marked("If the card is lost or damaged, or its data have changed, give that as the reason."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_CARD_INSTEAD": entry(
        marked("Print-ready, and {blanks} blanks are there: the card is printed instead ({source})."),
        NO_NUMBER,
        marked("Print the card: station jobs add --record."),
        RULE,
        NEVER,
    ),
    "LETTER_BLANKS_LAST": entry(
        marked("No substitute letter while blanks last: {blanks} are there ({source})."),
        NO_NUMBER,
        marked(
            "The person waits for the card. Count the blanks if the number is wrong: station blanks count."
        ),
        RULE,
        NEVER,
    ),
    "LETTER_NOT_PRINT_READY": entry(
        marked("A substitute letter is issued only to who is print-ready ({source})."),
        NO_NUMBER,
        marked("Wait for the centre's result."),
        RULE,
        FIX,
    ),
    "LETTER_CENTRE_KNOWS_NOT": entry(
        marked("The centre has not shown yet that it has this record (status {status})."),
        NO_NUMBER,
        marked(
            "Send the record first: station centre sync. If the centre cannot be reached, have that declared."
        ),
        RULE,
        FIX,
    ),
    "LETTER_VALID_ALREADY": entry(
        marked("This person has letter {number}, valid until {until}."),
        NO_NUMBER,
        marked("Renew it, or print it again with a reason: station letters renew, station letters reprint."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "LETTER_BEGUN": entry(
        marked("Number {number} was begun for this person from record {record} and is not finished."),
        NO_NUMBER,
        marked("Issue the letter for that record: station letters issue. Or make the number void."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_NOT_BEGUN": entry(
        marked("Number {number} does not wait for its letter: it is {state}."),
        NUMBER_STAYS,
        marked("Look at it: station letters show."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "LETTER_NOT_ISSUED": entry(
        marked("Letter {number} is not in force: it is {state}."),
        NUMBER_STAYS,
        marked("Look at it: station letters show. If the person needs a letter, issue one."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "LETTER_UNKNOWN": entry(
        marked("The register has no letter {number}."),
        NUMBER_STAYS,
        marked("Check the number: station letters list."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_FILE_GONE": entry(
        marked("The file of letter {number} is not there: not made yet, erased, or lost with a disk."),
        NUMBER_STAYS,
        marked("If the person still needs the letter, renew it: station letters renew."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "LETTER_UNDRAWABLE": entry(
        marked("The letter of this record cannot be drawn: {field}: {problem}."),
        marked("A number that was taken for it stays taken; no letter was made."),
        CHECK_RECORD,
        marked("Fields of the office (number, letterhead, signer) come from [letters] in station.toml."),
        FIX,
    ),
    "LETTER_SIGNER_UNKNOWN": entry(
        marked("No signer is called {signer}. Known: {known}."),
        NO_NUMBER,
        marked("Choose one of them with --signer."),
        marked("Signers stand in [[letters.signers]] in station.toml."),
        FIX,
    ),
    "LETTER_NUMBERS_UNKNOWN": entry(
        marked("This station was restored (state of {state_of}); letters may have been issued after that."),
        NO_NUMBER,
        marked("Look for the last number on paper. Then the supervisor gives: station letters last."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LETTER_LAST_WRONG": entry(
        marked("{last} cannot be the last number of {year}: the register ends with {known}."),
        NUMBER_STAYS,
        marked("Check the paper and give the last number that was used in that year."),
        NOTHING_TECHNICAL,
        FIX,
    ),
}
