"""The office's A4 printer: a queue of CUPS (`ipp://…`), or a folder that takes PDF files (`file:///…`).

A job is opened without a document, and its number is kept, before the document is sent (RFC 8011, Create-Job
and Send-Document): a crash never leaves a printing job whose number nobody knows. docs/decisions/0026.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from drivers.cups import errors as cups
from drivers.cups.client import CupsQueue
from drivers.cups.readings import JobReading, JobState, QueueReading, QueueState
from drivers.cups.requests import PDF
from drivers.cups.tags import Operation
from station.devices.paper_folder import PaperFolder
from station.errors import DeviceAbsent, DeviceFault, InputFault, OutcomeUnknown
from station.ports import PaperJob, PaperJobReading, PaperJobState, PaperPrinter, PaperPrinterReading

Paper = Literal["a4", "folio"]
USER = "print-station"  # the owner of our jobs at the print server; no person
PATIENCE = 10.0  # seconds for one answer of a print server
NEEDED = frozenset({Operation.CREATE_JOB, Operation.SEND_DOCUMENT, Operation.GET_JOBS})

# PWG 5101.1 names, the best first. F4 (215 x 330 mm) has no name of its own: CUPS calls it custom, the first
# that ends so; foolscap is 1 mm wider, Folio 5 mm narrower.
MEDIA: dict[Paper, tuple[str, ...]] = {
    "a4": ("iso_a4_210x297mm",),
    "folio": ("_215x330mm", "na_foolscap_8.5x13in", "om_folio_210x330mm"),
}
# Left out, `print-color-mode` becomes grey and `sides` what the queue's default is (facts, letters.md 4);
# `job-sheets` keeps banner pages away, which would show the title on a sheet of their own.
OPTIONS = {
    "sides": "one-sided",
    "print-color-mode": "color",
    "print-scaling": "none",
    "job-sheets": "none",
}
STATES = {
    JobState.PENDING: PaperJobState.WAITING,
    JobState.HELD: PaperJobState.HELD,
    JobState.PROCESSING: PaperJobState.PRINTING,
    JobState.STOPPED: PaperJobState.STOPPED,
    JobState.CANCELED: PaperJobState.CANCELLED,
    JobState.ABORTED: PaperJobState.ABORTED,
    JobState.COMPLETED: PaperJobState.HANDED_OVER,
}


def open_paper_printer(url: str, paper: Paper) -> PaperPrinter:
    """Name a printer; nothing is sent.

    Args:
        url: `ipp://HOST[:PORT]/printers/NAME` or `file:///FOLDER`.
        paper: what the letters are printed on.

    Raises:
        InputFault: PAPER_PRINTER_UNUSABLE.
    """
    if url.startswith("file://"):
        return PaperFolder(url)
    return CupsPaperPrinter(url, paper)


class CupsPaperPrinter:
    """One queue of a cupsd."""

    def __init__(self, url: str, paper: Paper, patience: float = PATIENCE) -> None:
        self._url, self._paper = url, paper
        try:
            self._queue = CupsQueue(url, USER, patience)
        except cups.AddressUnusable as error:
            raise InputFault("PAPER_PRINTER_UNUSABLE", printer=url, problem=error) from error

    def read(self) -> PaperPrinterReading:
        """Look at the queue; see `PaperPrinter`."""
        reading = self._look()
        return PaperPrinterReading(
            name=self._queue.address.path.rpartition("/")[2],
            stopped=reading.state is QueueState.STOPPED,
            reasons=complaints(reading.reasons),
            message=reading.message,
            media=reading.media,
        )

    def open_job(self, title: str) -> int:
        """Open a job; see `PaperPrinter`."""
        medium = choose_medium(self._paper, self._look().media)
        if medium is None:
            raise InputFault("PAPER_SIZE_UNSUPPORTED", printer=self._url, paper=self._paper)
        with self._translated("open_job"):
            job = self._queue.create_job(title, {"media": medium, **OPTIONS})
            if self._queue.look_at_job(job).title != title:  # then a job could not be told from another
                self._queue.cancel_job(job)
                problem = "it hides the titles of jobs from their owner (JobPrivateValues)"
                raise InputFault("PAPER_PRINTER_UNUSABLE", printer=self._url, problem=problem)
        return job

    def drop_empty_jobs(self, title: str) -> None:
        """Cancel what a crash has left; see `PaperPrinter`."""
        with self._translated("drop_empty_jobs"):
            found = self._queue.jobs()
        for reading in found:
            if reading.title == title and _state(reading) is PaperJobState.EMPTY:
                self.cancel(PaperJob(reading.number, title, ""))

    def send(self, job: PaperJob, pdf: bytes) -> None:
        """Send the document; see `PaperPrinter`."""
        with self._translated("send"):
            self._queue.send_document(job.job, pdf)

    def look(self, job: PaperJob) -> PaperJobReading:
        """Look at a job; see `PaperPrinter`.

        A job of our number with another title is another job: a cupsd that lost its list in a crash counts on
        from an older number (seen with 2.4.2: it writes the list up to 30 s late, DirtyCleanInterval).
        """
        try:
            with self._translated("look"):
                reading = self._queue.look_at_job(job.job)
        except DeviceAbsent as error:
            if error.code != "PAPER_QUEUE_UNKNOWN":
                raise
            return PaperJobReading(PaperJobState.GONE, has_begun=True)
        if reading.title != job.title:
            return PaperJobReading(PaperJobState.GONE, has_begun=True)
        return PaperJobReading(_state(reading), reading.has_begun, reading.reasons)

    def cancel(self, job: PaperJob) -> None:
        """Cancel a job; see `PaperPrinter`."""
        try:
            with self._translated("cancel"):
                self._queue.cancel_job(job.job)
        except DeviceFault:
            if self.look(job).state not in ENDED:
                raise

    def _look(self) -> QueueReading:
        """Look at the queue, and whether it can print our documents.

        Raises:
            DeviceAbsent: PAPER_PRINTER_ABSENT, PAPER_QUEUE_UNKNOWN.
            InputFault: PAPER_PRINTER_UNUSABLE.
            DeviceFault: PAPER_PRINTER_REFUSED.
        """
        with self._translated("read"):
            reading = self._queue.look()
        if not reading.operations >= NEEDED or PDF not in reading.formats:
            raise InputFault("PAPER_PRINTER_UNUSABLE", printer=self._url, problem="no PDF, or no Create-Job")
        if not reading.accepts:
            raise DeviceFault(
                "PAPER_PRINTER_REFUSED", problem="printer-is-accepting-jobs false", details=reading.message
            )
        return reading

    @contextmanager
    def _translated(self, operation: str) -> Iterator[None]:
        """Turn the driver's exceptions into the station's errors."""
        try:
            yield
        except cups.ServerAbsent as error:
            raise DeviceAbsent("PAPER_PRINTER_ABSENT", printer=self._url, details=str(error)) from error
        except cups.ObjectUnknown as error:
            raise DeviceAbsent("PAPER_QUEUE_UNKNOWN", printer=self._url, details=str(error)) from error
        except cups.RequestRefused as error:
            raise DeviceFault("PAPER_PRINTER_REFUSED", problem=str(error)) from error
        except (cups.AnswerLost, cups.MessageMalformed) as error:
            raise OutcomeUnknown(
                "PAPER_PRINTER_SILENT", printer=self._url, details=f"{operation}: {error}"
            ) from error


ENDED = frozenset(
    {PaperJobState.CANCELLED, PaperJobState.ABORTED, PaperJobState.HANDED_OVER, PaperJobState.GONE}
)


def complaints(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """What a person must mend: printer-state-reasons without reports and warnings (RFC 8011 section 5.4.12).

    `offline-report` is how CUPS says that a printer is switched off. Names that begin with `cups-` are of its
    own progress, the others here of a queue that is stopped or just beginning.
    """
    found = list[str]()
    for reason in reasons:
        name = reason.removesuffix("-error")
        if name.removesuffix("-report") == "offline":
            found.append("offline")
        elif name not in _NO_COMPLAINTS and not name.startswith("cups-") and not name.endswith(_LESSER):
            found.append(name)
    return tuple(dict.fromkeys(found))


_NO_COMPLAINTS = frozenset({"none", "paused", "moving-to-paused", "connecting-to-device"})
_LESSER = ("-warning", "-report")


def choose_medium(paper: Paper, offered: tuple[str, ...]) -> str | None:
    """The server's name of a paper; None where it offers other sizes only.

    A queue that offers no sizes at all (a raw one) gets the best name and does with it what it can.
    """
    for wanted in MEDIA[paper]:
        for name in offered:
            if name == wanted or (wanted.startswith("_") and name.endswith(wanted)):
                return name
    return None if offered else next(name for name in MEDIA[paper] if not name.startswith("_"))


def _state(reading: JobReading) -> PaperJobState:
    """A job that waits for its document is held by the server, with this reason (RFC 8011 section 5.3.8)."""
    if reading.state is JobState.HELD and "job-incoming" in reading.reasons:
        return PaperJobState.EMPTY
    return STATES[reading.state]
