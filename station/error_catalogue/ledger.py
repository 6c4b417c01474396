"""Refusals of the blanks ledger: loans, counts, signatures, destruction and its papers."""

from station.error_catalogue.entry import (
    CALL_TECHNICIAN,
    FIX,
    NEVER,
    NO_BLANK,
    NOTHING_TECHNICAL,
    TRY_AGAIN,
    ErrorEntry,
    entry,
)
from station.language import marked

NOTHING_BOOKED = marked("Nothing was booked.")
SEE_LIST = marked("See station blanks destruction-list.")
SEE_BLANKS = marked("See station blanks show.")

LEDGER: dict[str, ErrorEntry] = {
    "CARTON_KNOWN": entry(
        marked("The carton {carton} is booked as received already."),
        NOTHING_BOOKED,
        marked("Read the number on the carton again; two cartons never have the same number."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "OFFICE_MISSING": entry(
        marked("A loan or a return names the other office."),
        NOTHING_BOOKED,
        TRY_AGAIN,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LOAN_EXCEEDED": entry(
        marked("Only {have} blanks are open between us and {office}; {needed} cannot come back."),
        NOTHING_BOOKED,
        marked(
            "Check the name of the office and the number: station blanks show. What settles no loan is "
            "returned with --surplus."
        ),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "RETURN_UNCLEAR": entry(
        marked("A return goes to an office or comes from one, not both."),
        NOTHING_BOOKED,
        marked("Give --to OFFICE or --from OFFICE; --surplus goes with --to."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "COUNT_MALFORMED": entry(
        marked("{text} is no name and number, such as A=25."),
        NOTHING_BOOKED,
        TRY_AGAIN,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "COUNT_EMPTY": entry(
        marked("A count names at least one place, and no place twice."),
        NOTHING_BOOKED,
        marked("Give --stock N, or --lane NAME=N for each lane."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "ADJUSTMENT_NEEDS_COUNT": entry(
        marked(
            "The last count of this place agrees with the books, or was settled: there is nothing to adjust."
        ),
        NOTHING_BOOKED,
        marked("Count first: station blanks count."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "COUNT_UNSURE": entry(
        marked("When lane {lane} was counted, nobody knew whether a blank on its way had left the hopper."),
        NOTHING_BOOKED,
        marked("Count this lane again, then adjust what still differs."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LANE_AT_WORK": entry(
        marked("Lane {lane} has a card in the making; its blanks cannot be adjusted now."),
        NOTHING_BOOKED,
        marked("Let the lane finish or answer its question, count again, then adjust."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "SIGNATURES_NEEDED": entry(
        marked("Two different people must sign this."),
        NOTHING_BOOKED,
        marked("Give --sign NAME twice, with two names."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "SUPERVISOR_NEEDED": entry(
        marked("One of those who sign must be a supervisor."),
        NOTHING_BOOKED,
        marked("Call the supervisor."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "CARD_NOT_LISTED": entry(
        marked("The card {uid} is not on the destruction list."),
        NOTHING_BOOKED,
        SEE_LIST,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "DESTRUCTION_SHORT": entry(
        marked("Only {have} spoiled blanks without a chip number lie here for this cause: {cause}."),
        NOTHING_BOOKED,
        SEE_LIST,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "DESTRUCTION_EMPTY": entry(
        marked("There is nothing to destroy."), NOTHING_BOOKED, SEE_LIST, NOTHING_TECHNICAL, FIX
    ),
    "WITNESS_MISSING": entry(
        marked("A destruction needs a place, who burnt, and a witness with name and office."),
        NOTHING_BOOKED,
        marked('Give --witness "NAME, OFFICE", once for each.'),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "DATE_WRONG": entry(
        marked("The date {date} cannot be meant."),
        NOTHING_BOOKED,
        marked("Write it as YYYY-MM-DD, and not in the future."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "ACT_NUMBER_TAKEN": entry(
        marked("There is a paper with the number {number} already."),
        NOTHING_BOOKED,
        marked("Give another number."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "ACT_UNKNOWN": entry(
        marked("There is no paper with the number {number}."), NO_BLANK, TRY_AGAIN, NOTHING_TECHNICAL, FIX
    ),
    "LOAN_UNKNOWN": entry(
        marked("The journal row {row} is no receipt, loan or return."),
        NO_BLANK,
        SEE_BLANKS,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "REPORT_UNDRAWABLE": entry(
        marked("The report cannot be drawn: {problem}."),
        NOTHING_BOOKED,
        CALL_TECHNICIAN,
        marked("Install fonts-liberation; check the letters of names and reasons."),
        FIX,
    ),
    "PIN_UNSUITABLE": entry(
        marked("A PIN has {shortest} to {longest} digits, not all alike and not in a row."),
        NO_BLANK,
        TRY_AGAIN,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "PIN_REPEAT_DIFFERS": entry(
        marked("The two PINs are not the same."), NO_BLANK, TRY_AGAIN, NOTHING_TECHNICAL, FIX
    ),
    "PIN_NOT_SET": entry(
        marked("{name} has no PIN and cannot sign."),
        NOTHING_BOOKED,
        marked("The supervisor gives one: station staff pin {name} --by NAME."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "PIN_WRONG": entry(
        marked("The PIN of {name} is wrong; {left} tries are left."),
        NOTHING_BOOKED,
        TRY_AGAIN,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "PIN_LOCKED": entry(
        marked("The PIN of {name} is locked after too many wrong tries."),
        NOTHING_BOOKED,
        marked("The supervisor unlocks it: station staff unlock {name} --by NAME."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "PIN_NOT_LOCKED": entry(
        marked("The PIN of {name} is not locked."),
        NO_BLANK,
        marked("See station staff list."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "PIN_NEEDS_TERMINAL": entry(
        marked("There is no terminal where a PIN could be typed."),
        NOTHING_BOOKED,
        marked("Give the command at a terminal."),
        marked("Programs use --pins-from FILE, one PIN a line."),
        FIX,
    ),
    "PIN_FILE_UNSAFE": entry(
        marked("The file of PINs {file} can be read by others, or is no file."),
        NOTHING_BOOKED,
        CALL_TECHNICIAN,
        marked("It must be a regular file of this user with mode 0600."),
        FIX,
    ),
    "PIN_FILE_SHORT": entry(
        marked("The file of PINs {file} holds {have} lines; {needed} are needed."),
        NOTHING_BOOKED,
        CALL_TECHNICIAN,
        marked("One PIN a line, in the order in which they are asked for."),
        FIX,
    ),
}
