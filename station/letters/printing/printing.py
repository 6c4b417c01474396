"""Printing a letter: the attempt is written down, the job opened, its number written down, the letter sent.

A crash is met at the next call for the same letter. Before the number of the job was kept no document can
have been sent, so nothing was printed. Afterwards the print server is asked, by that number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.clock import Clock
from station.errors import DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown, Refused, StationError
from station.journal import Outcome
from station.letters.printing.book import PrintWish
from station.letters.printing.following import Follower, JobEnd, JobWaits, stopped
from station.letters.printing.rows import PrintCause, PrintEnded, PrintJobOpened
from station.letters.printing.store import PrintAttempt
from station.ports import PaperJob, PaperPrinter

Report = Callable[[StationError | None], None]
NOT_OPENED = JobEnd(Outcome.NOT_DONE, PrintCause.NOT_OPENED)
NOT_SENT = JobEnd(Outcome.NOT_DONE, PrintCause.NOT_SENT)


class Book(Protocol):
    """Where attempts are kept: in this process, or in the station that runs."""

    def begin(self, wish: PrintWish) -> PrintAttempt:
        """Begin an attempt; refuse what could put out a second sheet by accident."""

    def note_job(self, opened: PrintJobOpened) -> PrintAttempt:
        """Keep the number of the job."""

    def end(self, ended: PrintEnded) -> PrintAttempt:
        """Keep how it ended."""

    def open_attempt(self, number: str) -> PrintAttempt | None:
        """The attempt of a letter of which nobody knows the end."""


@dataclass(frozen=True)
class Printed:
    """Where a letter stands after a call.

    Attributes:
        error: why its job waits at the print server, or why it was not printed; None after DONE.
    """

    attempt: PrintAttempt
    error: StationError | None = None


class LetterPrinting:
    """Prints letters one by one. One process at a time may do so: the caller holds the lock."""

    def __init__(
        self, book: Book, printer: PaperPrinter, clock: Clock, patience: float, report: Report
    ) -> None:
        """Put the parts together; for `patience` and `report` see `Follower`."""
        self._book, self._printer = book, printer
        self._follower = Follower(printer, clock, patience, report)

    def settle(self, number: str) -> Printed | None:
        """Find out what became of a letter's open attempt; None where it has none.

        Raises:
            DeviceAbsent: the print server is not there. OutcomeUnknown: it did not answer whole.
        """
        attempt = self._book.open_attempt(number)
        if attempt is None:
            return None
        if attempt.job is None:
            self._printer.drop_empty_jobs(attempt.number)
            return self._end(attempt, NOT_OPENED)
        return self._follow(attempt, attempt.job)

    def cancel(self, number: str) -> Printed | None:
        """Take a letter's open job out of the queue; None where it has none.

        Raises:
            DeviceAbsent, DeviceFault, OutcomeUnknown: it may still be printed.
        """
        attempt = self._book.open_attempt(number)
        if attempt is not None and attempt.job is not None:
            self._printer.cancel(_job(attempt, attempt.job))
        return self.settle(number)

    def print(self, wish: PrintWish, pdf: bytes) -> Printed:
        """Print a letter that has no open attempt, and follow it.

        Args:
            wish: what is printed, and as which copy.
            pdf: the signed file, which goes to the printer as it is.

        Raises:
            Refused: as `Book.begin`; PAPER_FILE_TAKEN.
            DeviceAbsent, DeviceFault, InputFault: the printer cannot; nothing was printed.
        """
        require_working(self._printer)
        attempt = self._book.begin(wish)
        try:
            job = self._printer.open_job(attempt.number)
        except (DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown):
            self._end(attempt, NOT_OPENED)  # a job without a document prints nothing; it goes with the next
            raise
        attempt = self._book.note_job(PrintJobOpened(begun=attempt.journal, job=job))
        return self._send(attempt, job, pdf)

    def _send(self, attempt: PrintAttempt, job: int, pdf: bytes) -> Printed:
        try:
            self._printer.send(_job(attempt, job), pdf)
        except (DeviceAbsent, Refused):
            self._end(attempt, NOT_SENT)
            raise
        except OutcomeUnknown:
            pass  # it may have arrived: the job tells
        except DeviceFault:  # refused: the job is still without its document, and is taken away
            printed = self._follow(attempt, job)
            if printed.attempt.outcome is Outcome.NOT_DONE:
                raise
            return printed
        return self._follow(attempt, job)

    def _follow(self, attempt: PrintAttempt, job: int) -> Printed:
        found = self._follower.follow(_job(attempt, job))
        return Printed(attempt, found.error) if isinstance(found, JobWaits) else self._end(attempt, found)

    def _end(self, attempt: PrintAttempt, end: JobEnd) -> Printed:
        ended = PrintEnded(begun=attempt.journal, outcome=end.outcome, cause=end.cause, reasons=end.reasons)
        return Printed(self._book.end(ended), _error_of(attempt, end))


def require_working(printer: PaperPrinter) -> None:
    """Refuse to begin where a letter would only wait. What the printer complains of may be out of date.

    Raises:
        DeviceAbsent, InputFault, OutcomeUnknown: as `PaperPrinter.read`.
        DeviceFault: PAPER_PRINTER_STOPPED.
    """
    reading = printer.read()
    if reading.stopped:
        raise stopped(reading)


def _job(attempt: PrintAttempt, job: int) -> PaperJob:
    return PaperJob(job, attempt.number, attempt.sha256)


def _error_of(attempt: PrintAttempt, end: JobEnd) -> StationError | None:
    if end.outcome is Outcome.DONE:
        return None
    if end.outcome is Outcome.UNKNOWN:
        return OutcomeUnknown("PAPER_OUTCOME_UNKNOWN", number=attempt.number, details=_details(end))
    return Refused("PAPER_NOT_PRINTED", number=attempt.number, details=_details(end))


def _details(end: JobEnd) -> str:
    return ", ".join((end.cause.value, *end.reasons))
