"""The words of a KTP-el record, read from the fact sheet (domain.md sections 2 and 5)."""

from typing import Final

MALE: Final = "LAKI-LAKI"
FEMALE: Final = "PEREMPUAN"
BLOOD_GROUPS: Final = ("O", "A+", "B", "-", "AB+", "O+", "A", "B+", "O-", "AB", "A-", "B-", "AB-")
RELIGIONS: Final = (
    "ISLAM",
    "KRISTEN",
    "KATOLIK",
    "HINDU",
    "BUDDHA",
    "KHONGHUCU",
    "KEPERCAYAAN TERHADAP TUHAN YME",  # spelling unverified
)
MARITAL_STATUSES: Final = ("BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")
PRINT_READY: Final = "PRINT_READY_RECORD"
OTHER_STATUSES: Final = (
    "SENT_FOR_ENROLLMENT",
    "UNREGISTERED",
    "BIO_CAPTURED",
    "PROCESSING",
    "RECEIVED_AT_CENTRAL",
    "ENROLL_FAILURE_AT_CENTRAL",
    "ENROLL_FAILURE_AT_REGIONAL",
    "SEARCH_FAILURE_AT_CENTRAL",
    "ADJUDICATE_RECORD",
    "REQUEST_VALIDATION",
    "DUPLICATE_RECORD_ONE_TO_ONE",  # spelling assumed
    "DUPLICATE_RECORD_ONE_TO_MANY",  # spelling assumed
    "MOON_PHASE_PENDING",  # no office knows this one: unknown means not printable
)
