"""Errors of jobs, questions, lanes, people, settings and the database."""

from station.error_catalogue.entry import (
    ANSWER_QUESTION,
    BLANK_SPOILED,
    CALL_TECHNICIAN,
    CARD_HELD,
    FIX,
    NEVER,
    NO_BLANK,
    NOTHING_TECHNICAL,
    SEE_DOCTOR,
    TRY_AGAIN,
    ErrorEntry,
    entry,
)
from station.language import marked

STATION: dict[str, ErrorEntry] = {
    "SPECIMEN_FAILED": entry(
        marked("The specimen card did not come out: job {job}, {cause}."),
        BLANK_SPOILED,
        marked("See station jobs show {job} and station questions list."),
        SEE_DOCTOR,
        FIX,
    ),
    "ERROR_UNKNOWN": entry(
        marked("There is no error code {wanted}."),
        NO_BLANK,
        marked("See station errors list."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "JOB_UNKNOWN": entry(
        marked("There is no job {job}."), NO_BLANK, marked("See station jobs list."), NOTHING_TECHNICAL, FIX
    ),
    "JOB_NOT_WAITING": entry(
        marked("Job {job} is {state}; this cannot be done to it."),
        NO_BLANK,
        marked("See station jobs show {job}."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "QUESTION_UNKNOWN": entry(
        marked("There is no open question {question}."),
        NO_BLANK,
        marked("See station questions list."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "VERDICT_UNKNOWN": entry(
        marked("The verdict {verdict} does not answer question {question}; possible are {possible}."),
        NO_BLANK,
        TRY_AGAIN,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "STAFF_UNKNOWN": entry(
        marked("There is nobody called {name} at this station."),
        NO_BLANK,
        marked("See station staff list; the supervisor adds people."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "STAFF_KNOWN": entry(
        marked("{name} is already known at this station."), NO_BLANK, TRY_AGAIN, NOTHING_TECHNICAL, FIX
    ),
    "REASON_MISSING": entry(marked("A reason is needed."), NO_BLANK, TRY_AGAIN, NOTHING_TECHNICAL, FIX),
    "QUANTITY_WRONG": entry(
        marked("The number must be one or more."), NO_BLANK, TRY_AGAIN, NOTHING_TECHNICAL, FIX
    ),
    "LANE_UNKNOWN": entry(
        marked("There is no lane {lane}."),
        NO_BLANK,
        marked("See station lanes show."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LANE_NOT_BROKEN": entry(
        marked("Lane {lane} is not broken."),
        NO_BLANK,
        marked("See station lanes show."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "LANE_BROKEN": entry(
        marked("Lane {lane} is broken since {since}: {cause}."),
        CARD_HELD,
        marked("Look at the printer, then: station lanes clear {lane} --by NAME --reason TEXT."),
        marked("The first cause is in the journal; station doctor helps."),
        FIX,
    ),
    "LANE_WAITS": entry(
        marked("Lane {lane} waits for an answer: a card may still be in its path."),
        CARD_HELD,
        ANSWER_QUESTION,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "CARD_UNKNOWN": entry(
        marked("The station has never seen the card {uid}."),
        NO_BLANK,
        marked("Check the serial number; it has 16 hexadecimal digits."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "STATION_BUSY": entry(
        marked("Another station process works on these data (process {process})."),
        NO_BLANK,
        marked("Let it end, or give commands while station run stays on."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "STATION_UNREACHABLE": entry(
        marked("The running station does not answer on {socket}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Check that station run lives; restart it."),
        FIX,
    ),
    "SETTINGS_MISSING": entry(
        marked("There is no station.toml; looked at {places}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Write one (docs/reference/settings.md) or name it with --config."),
        FIX,
    ),
    "SETTINGS_MALFORMED": entry(
        marked("The settings in {file} are wrong: {problem}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("See docs/reference/settings.md."),
        FIX,
    ),
    "DATABASE_UNUSABLE": entry(
        marked("The database cannot be used: {problem}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Check the disk's space and permissions, and the version of the program."),
        FIX,
    ),
    "JOURNAL_REFUSED": entry(
        marked("The database refused what would break a rule: {rule}."),
        CARD_HELD,
        CALL_TECHNICIAN,
        marked("This protects against a second card. Keep the journal as it is and report it."),
        NEVER,
    ),
    "JOURNAL_BROKEN": entry(
        marked("The journal's chain is broken at row {row}."),
        CARD_HELD,
        CALL_TECHNICIAN,
        marked("Somebody changed the database by hand. Restore the last backup."),
        NEVER,
    ),
    "UNDEFINED": entry(
        marked("Something happened that the station does not know: {cause}."),
        marked("The lane is latched; nothing more moves in it."),
        CALL_TECHNICIAN,
        marked("Look at the card in the path, then station lanes clear."),
        NEVER,
    ),
}
