"""How a key of this station stands in the list of trusted keys."""

from datetime import datetime
from enum import StrEnum

from station.letters.trust import KeyState, TrustedCertificate, TrustedKey


class Standing(StrEnum):
    """Whether letters that are signed at a moment will be believed."""

    BELIEVED = "believed"
    NOT_LISTED = "not_listed"
    NOT_YET = "not_yet"
    ENDED = "ended"
    VERIFIES_ONLY = "verifies_only"  # rotated out: it is not to sign
    STOLEN = "stolen"


def standing(entry: TrustedKey | TrustedCertificate | None, moment: datetime) -> Standing:
    """Tell how an entry of the list stands at a moment; None where there is no entry."""
    if entry is None:
        return Standing.NOT_LISTED
    if entry.state is KeyState.STOLEN:
        return Standing.STOLEN
    if entry.state is KeyState.VERIFIES_ONLY:
        return Standing.VERIFIES_ONLY
    begins, ends = entry.valid_from, entry.valid_to
    if isinstance(entry, TrustedCertificate):
        begins, ends = max(begins, entry.certificate.valid_from), min(ends, entry.certificate.valid_to)
    if moment < begins:
        return Standing.NOT_YET
    return Standing.BELIEVED if moment <= ends else Standing.ENDED
