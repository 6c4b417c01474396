"""Errors of held records: sealed bytes, their keys, and what has been erased."""

from station.error_catalogue.entry import (
    CALL_TECHNICIAN,
    CHECK_RECORD,
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

VAULT: dict[str, ErrorEntry] = {
    "RECORD_SEAL_BROKEN": entry(
        marked("The sealed bytes of record {record} cannot be opened: {problem}."),
        NO_BLANK,
        marked("Ask the recording team or the backup for this record; the other records are not touched."),
        marked("The disk may be failing: check it, then restore the vault from the backup."),
        FIX,
    ),
    "RECORD_KEY_BROKEN": entry(
        marked("The key of record {record} cannot be unwrapped: it is damaged or of another token."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("See that keys.records names the master key that the record was taken in with."),
        FIX,
    ),
    "RECORD_PARTS_MALFORMED": entry(
        marked("The packed parts of a record cannot be read: {problem}."),
        NO_BLANK,
        CHECK_RECORD,
        marked("See docs/reference/vault.md for the form."),
        FIX,
    ),
    "RECORD_NOT_HELD": entry(
        marked("The station holds no record {record}."),
        NO_BLANK,
        marked("Check the number: station records list."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "RECORD_ERASED": entry(
        marked("Record {record} was erased on {at}; nobody can read it again."),
        NO_BLANK,
        marked("If the person still needs a card, the person is recorded anew."),
        marked("The row is kept as proof; the key is destroyed, here and after every restore."),
        NEVER,
    ),
    "VAULT_UNUSABLE": entry(
        marked("The vault of records in {folder} cannot be used: {problem}."),
        marked("No record was taken in; what is held stays as it is."),
        CALL_TECHNICIAN,
        marked("Check the disk, its free space and the permissions of the folder."),
        FIX,
    ),
    "REASON_NAMES_NIK": entry(
        marked("The reason holds a number that looks like a NIK; the journal keeps it for good."),
        marked("Nothing was done."),
        marked("Give the reason without names and numbers of people."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "SIGNER_MISSING": entry(
        marked("Nobody is named who signs the erasure."),
        marked("Nothing was erased."),
        marked("Give --by with the supervisor's name."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "PERSON_UNNAMED": entry(
        marked("The command needs either a NIK or a record."),
        marked("Nothing was written."),
        marked("Give --nik or --record, and only one of them."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "NIK_MALFORMED": entry(
        marked("A NIK has 16 digits."),
        marked("Nothing was done."),
        TRY_AGAIN,
        NOTHING_TECHNICAL,
        FIX,
    ),
    "NOTHING_TO_ADD": entry(
        marked("The command names no record folder and no held record."),
        NO_BLANK,
        marked("Name folders, or give --record ID, or --all-ready."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "RECORD_IN_USE": entry(
        marked("Record {record} is still needed: {cause}."),
        marked("Nothing was erased."),
        marked("Finish or give up its job, and let it be sent to the centre; then try again."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "SCRUB_UNFINISHED": entry(
        marked("The key is erased, but old copies of database pages could not be cleared yet."),
        marked(
            "Nobody can read the record through the station; a copy of its wrapped key may be on the disk."
        ),
        TRY_AGAIN,
        SEE_DOCTOR,
        FIX,
    ),
}
