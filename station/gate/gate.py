"""Whether a record may be printed, and why not."""

from station.errors import Refused
from station.gate.statuses import STATUSES


def require_printable(status: str) -> None:
    """Let only print-ready records through. What is unknown is never printable.

    Raises:
        Refused: STATUS_UNKNOWN, RECORD_NOT_PRINT_READY.
    """
    known = STATUSES.get(status)
    if known is None:
        raise Refused("STATUS_UNKNOWN", status=status)
    if not known.printable:
        raise Refused("RECORD_NOT_PRINT_READY", status=status, meaning=known.meaning, remedy=known.remedy)
