"""The station's errors: one small tree, each with a stable code from the catalogue.

A defined error (`StationError`) is part of a step's contract. Anything else that escapes is undefined: it
latches the lane (`station.cards.lane`) and keeps its first cause.
"""

from enum import IntEnum
from typing import ClassVar

from station.error_catalogue import CATALOGUE, ErrorEntry


class ExitStatus(IntEnum):
    """Exit status of every `station` command."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    WAITS_FOR_PERSON = 3
    DEVICE_ABSENT = 4
    LETTER_EXPIRED = 10
    LETTER_WITHDRAWN = 11
    LETTER_KEY_UNKNOWN = 12
    LETTER_KEY_NOT_VALID = 13
    LETTER_UNSIGNED = 14
    NO_LETTER = 15
    LETTER_UNREADABLE = 16
    LETTER_CONTRADICTION = 17
    LETTER_ALTERED = 18
    LATCHED = 70


class StationError(Exception):
    """An error with a code, explained in `station/error_catalogue.py`.

    Attributes:
        code: stable code, for example `RECORD_NOT_PRINT_READY`.
        values: what the catalogue's sentences name; never personal data.
        details: what a technician wants to see: readings, status words, paths.
        reasons: what a device complains of, by code.
    """

    exit_status: ClassVar[ExitStatus] = ExitStatus.REFUSED
    reasons: tuple[str, ...] = ()

    def __init__(self, code: str, *, details: str = "", **values: object) -> None:
        if code not in CATALOGUE:
            raise LookupError(f"error code {code} is not in the catalogue")
        super().__init__(code)
        self.code = code
        self.values = values
        self.details = details

    @property
    def entry(self) -> ErrorEntry:
        """The catalogue's explanation of this error."""
        return CATALOGUE[self.code]

    def __str__(self) -> str:
        """One English line for logs and traces."""
        happened = self.entry.happened.format(**{"reasons": ", ".join(self.reasons), **self.values})
        return f"{self.code}: {happened}" + (f" [{self.details}]" if self.details else "")


class UsageError(StationError):
    """The person asked for something that cannot be meant."""

    exit_status = ExitStatus.USAGE


class Refused(StationError):
    """The station may not do this; nothing was used up."""


class InputFault(StationError):
    """A record, a file or a setting is not what it must be; nothing was used up."""


class DeviceAbsent(StationError):
    """A device, a daemon or a token is not there or does not let us in."""

    exit_status = ExitStatus.DEVICE_ABSENT


class DeviceFault(StationError):
    """A device reported that it cannot do this, and why: a supply, a jam, a chip's status word."""

    def __init__(
        self, code: str, *, reasons: tuple[str, ...] = (), details: str = "", **values: object
    ) -> None:
        super().__init__(code, details=details, **values)
        self.reasons = reasons


class OutcomeUnknown(StationError):
    """A device was told to do something and did not say whether it has. Never repeat it: probe."""


class ChipFault(StationError):
    """The chip failed: this blank cannot become a card."""


class WrongCard(StationError):
    """Another card than the bound one stands at the station."""


class LaneLatched(StationError):
    """The lane met an undefined error and stays broken until a person clears it."""

    exit_status = ExitStatus.LATCHED
