"""What can go wrong inside the machine, and the modes in which it is handled."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.evolis.status import Error

NO_BITS = Error(0)


class Refused(Exception):
    """A command that the printer answers with a text other than OK.

    Facts: such a text starts with ERR or NO CARD; the words behind ERR are assumed.
    """

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


class MachineFault(Refused):
    """A mechanical step that failed, and the ERROR bits that it latches.

    `waits` tells whether a printer that handles errors itself waits for a person to mend the cause.
    """

    def __init__(self, reply: str, error: Error = NO_BITS, waits: bool = True) -> None:
        super().__init__(reply)
        self.error = error
        self.waits = waits


class PowerLost(Exception):
    """The printer has no power: what it was doing has stopped where it was."""


@dataclass(frozen=True)
class ErrorMode:
    """One value of Pem (G, S)."""

    number: int
    host_handles: bool
    retries: bool = True  # printer-handled only: whether it tries the card again
    watches_cover: bool = True
    may_be_set: bool = True


# G: 0 printer handles, may retry; 1 and 2 host handles, cover detection off and on; 3 host handles, status
# line kept; 16 and 18 as 0 and 2 without recovery tries. 4 and 5 are accepted, ACK/NACK is not simulated: the
# guide describes it for serial lines. 38 is read only (s).
ERROR_MODES = {
    mode.number: mode
    for mode in (
        ErrorMode(0, host_handles=False),
        ErrorMode(1, host_handles=True, watches_cover=False),
        ErrorMode(2, host_handles=True),
        ErrorMode(3, host_handles=True),
        ErrorMode(4, host_handles=True),
        ErrorMode(5, host_handles=True),
        ErrorMode(16, host_handles=False, retries=False),
        ErrorMode(18, host_handles=True),
        ErrorMode(38, host_handles=False, may_be_set=False),
    )
}
