"""Refusals for want of blanks, ribbon or room."""

from station.error_catalogue.entry import (
    FIX,
    JOB_KEPT,
    NO_BLANK,
    NOTHING_TECHNICAL,
    SEE_DOCTOR,
    ErrorEntry,
    entry,
)
from station.language import marked

SUPPLIES: dict[str, ErrorEntry] = {
    "BATCH_HOPPER_SHORT": entry(
        marked("Lane {lane} has {have} blanks in the hopper; the batch needs {needed}."),
        JOB_KEPT,
        marked("Load blanks and book them: station blanks load --lane {lane} --count N --by NAME."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "BATCH_RIBBON_SHORT": entry(
        marked("The ribbon in lane {lane} is enough for {have} cards; the batch needs {needed}."),
        JOB_KEPT,
        marked("Put in a fresh ribbon, or run a smaller batch with --limit {have}."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "BATCH_RIBBON_UNSUITABLE": entry(
        marked("The ribbon {ribbon} in lane {lane} cannot print a card face."),
        JOB_KEPT,
        marked("Put in a colour ribbon (YMCKO)."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "BATCH_REJECT_BOX_FULL": entry(
        marked("The reject box of lane {lane} is full."),
        JOB_KEPT,
        marked("Empty the box; keep the cards for destruction."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "BATCH_PRINTER_NOT_READY": entry(
        marked("The printer of lane {lane} is not ready: {reasons}."),
        JOB_KEPT,
        marked("Mend what the printer names, then start again."),
        SEE_DOCTOR,
        FIX,
    ),
    "BLANKS_SHORT": entry(
        marked("Only {have} blanks are booked in {account}; {needed} are needed."),
        NO_BLANK,
        marked("Count the blanks; book what is missing first."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HOPPER_UNBOOKED": entry(
        marked("No blank is booked in the hopper of lane {lane}."),
        JOB_KEPT,
        marked(
            "Count the blanks inside and book them: station blanks load --lane {lane} --count N --by NAME."
        ),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "HOPPER_MISCOUNT": entry(
        marked("The hopper of lane {lane} is empty, but {have} blanks are booked there."),
        JOB_KEPT,
        marked("Count the blanks at this lane, fill the hopper, and tell the supervisor if any is missing."),
        NOTHING_TECHNICAL,
        FIX,
    ),
}
