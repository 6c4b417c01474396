"""Following one job to its end: what each look at it means for the sheet of paper."""

from collections.abc import Callable
from dataclasses import dataclass

from station.clock import Clock
from station.errors import DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown, StationError
from station.journal import Outcome
from station.letters.printing.rows import PrintCause
from station.ports import PaperJob, PaperJobReading, PaperJobState, PaperPrinter, PaperPrinterReading

POLL = 0.5  # seconds between two looks
TROUBLES = frozenset({PaperJobState.HELD, PaperJobState.STOPPED})


@dataclass(frozen=True)
class JobEnd:
    """How a job ended, and what the server gave as its reasons."""

    outcome: Outcome
    cause: PrintCause
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class JobWaits:
    """The job is at the print server and does not go on; it may still come out.

    Attributes:
        error: why, as far as it is known: a supply, a jam, a stopped queue, a server that is gone.
    """

    error: StationError


class Follower:
    """Looks at a job until it has ended, or until it was stuck for too long."""

    def __init__(
        self,
        printer: PaperPrinter,
        clock: Clock,
        patience: float,
        report: Callable[[StationError | None], None],
    ) -> None:
        """Follow jobs of one printer.

        Args:
            printer: where the jobs are.
            clock: for the waiting.
            patience: seconds that a job may stand still before the follower gives up looking.
            report: hears each change: why the job stands still, or None when it goes on.
        """
        self._printer, self._clock, self._patience, self._report = printer, clock, patience, report

    def follow(self, job: PaperJob) -> JobEnd | JobWaits:
        """Follow a job whose document may have been sent."""
        still_since, told = self._clock.monotonic(), ""
        error: StationError | None = None
        while True:
            try:
                reading = self._printer.look(job)
                if (end := self._end(job, reading)) is not None:
                    return end
                error = self._trouble(job, reading)
            except (DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown) as fault:
                error = fault
            if (name := _name(error)) != told:
                told = name
                self._report(error)
                still_since = self._clock.monotonic()
            if self._clock.monotonic() - still_since >= self._patience:
                return JobWaits(error or OutcomeUnknown("PAPER_JOB_SLOW", number=job.title))
            self._clock.sleep(POLL)

    def _end(self, job: PaperJob, reading: PaperJobReading) -> JobEnd | None:
        if reading.state is PaperJobState.EMPTY:  # the sending was cut off: nothing may come after it
            self._printer.cancel(job)
            reading = self._printer.look(job)
        return end_of(reading)

    def _trouble(self, job: PaperJob, reading: PaperJobReading) -> StationError | None:
        """Why a job does not go on; None while it does, as far as anybody says."""
        printer = self._printer.read()
        if printer.stopped:
            return stopped(printer)
        if printer.reasons:
            return DeviceFault("PAPER_PRINTER_COMPLAINS", printer=printer.name, reasons=printer.reasons)
        if reading.state in TROUBLES:
            reasons = ("job-stopped",) if reading.state is PaperJobState.STOPPED else reading.reasons
            return DeviceFault("PAPER_JOB_HELD", number=job.title, reasons=reasons, details=printer.message)
        return None


def end_of(reading: PaperJobReading) -> JobEnd | None:
    """What a reading says of the end; None while the job may go on.

    "No" counts only where the document was never on its way to the device; a job that was cancelled or
    aborted under way may have put paper out, wholly or half.
    """
    if reading.state is PaperJobState.HANDED_OVER:
        return JobEnd(Outcome.DONE, PrintCause.HANDED_OVER)
    cause = _CAUSES.get(reading.state)
    if cause is None:
        return None
    return JobEnd(Outcome.UNKNOWN if reading.has_begun else Outcome.NOT_DONE, cause, reading.reasons)


_CAUSES = {
    PaperJobState.CANCELLED: PrintCause.CANCELLED,
    PaperJobState.ABORTED: PrintCause.ABORTED,
    PaperJobState.GONE: PrintCause.VANISHED,
}


def stopped(printer: PaperPrinterReading) -> DeviceFault:
    """The queue is stopped: somebody must switch it on again."""
    reasons = printer.reasons or ("paused",)
    return DeviceFault(
        "PAPER_PRINTER_STOPPED", printer=printer.name, reasons=reasons, details=printer.message
    )


def _name(error: StationError | None) -> str:
    return "" if error is None else " ".join((error.code, *error.reasons))
