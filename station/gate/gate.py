"""Whether a record may be printed, and why not.

It is asked when a job is added and again when an attempt begins. It believes the centre alone: what the
centre said last of these very files, or the status in a record that came in a bundle which the centre has
signed. What a file says of itself opens nothing. No setting, no role and no option opens it otherwise.

That the centre may withdraw the permission to print is another matter (`station/outage/`): then jobs wait. A
centre that has been silent for months withdraws nothing: what is print-ready already may be printed (Ditjen
471.13/3256/DUKCAPIL of 17 March 2017, point 4).
"""

from dataclasses import dataclass
from typing import Protocol

from station.database import Transaction
from station.errors import Refused
from station.gate import store
from station.gate.statuses import STATUSES


@dataclass(frozen=True)
class Candidate:
    """A record that is to be printed.

    Attributes:
        digest: over its four files.
        status: what the record says of itself.
    """

    record: str
    digest: str
    status: str


class Gate(Protocol):
    """What a lane and the intake of jobs ask."""

    def require_printable(self, transaction: Transaction, candidate: Candidate) -> None:
        """Let only what may be printed through.

        Raises:
            Refused: STATUS_UNKNOWN, RECORD_NOT_PRINT_READY, CENTRE_STATUS_MISSING,
                CENTRE_STATUS_OF_OTHER_FILES, RECORD_ERASED.
        """


class PrintGate:
    """The gate of a station. It fails closed."""

    def require_printable(self, transaction: Transaction, candidate: Candidate) -> None:
        """Let only what may be printed through.

        Raises:
            Refused: STATUS_UNKNOWN, RECORD_NOT_PRINT_READY, CENTRE_STATUS_MISSING,
                CENTRE_STATUS_OF_OTHER_FILES, RECORD_ERASED.
        """
        erased = store.erased_at(transaction, candidate.record)
        if erased is not None:
            raise Refused("RECORD_ERASED", record=candidate.record, at=erased)
        said = store.said_of(transaction, candidate.record)
        if said is not None and said.digest == candidate.digest:
            require_printable(said.status)
            return
        require_printable(candidate.status)  # its own word can close the gate, and say why
        if said is not None:
            raise Refused("CENTRE_STATUS_OF_OTHER_FILES", record=candidate.record)
        if not store.came_from_centre(transaction, candidate.record, candidate.digest):
            raise Refused("CENTRE_STATUS_MISSING", record=candidate.record)


def require_printable(status: str) -> None:
    """Let only a status through that is known and print-ready. What is unknown is never printable.

    Raises:
        Refused: STATUS_UNKNOWN, RECORD_NOT_PRINT_READY.
    """
    known = STATUSES.get(status)
    if known is None:
        raise Refused("STATUS_UNKNOWN", status=status)
    if not known.printable:
        raise Refused("RECORD_NOT_PRINT_READY", status=status, meaning=known.meaning, remedy=known.remedy)
