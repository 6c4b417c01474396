"""A paper printer in memory: counts its sheets, and stops the station wherever a test wants."""

from collections.abc import Callable
from dataclasses import dataclass

from station.ports import PaperJob, PaperJobReading, PaperJobState, PaperPrinterReading


class Killed(BaseException):
    """The station dies here."""


@dataclass
class FakeJob:
    """One job; `document` is what was sent."""

    title: str
    state: PaperJobState = PaperJobState.EMPTY
    document: bytes | None = None
    has_begun: bool = False


class FakePaperPrinter:
    """Prints a job at the first look after it was sent, unless `on_look` decides otherwise.

    Attributes:
        sheets: the titles of all sheets that came out.
        die_at: names of moments (`before send`, `after send` …) at which the station dies, once.
        fail_at: errors that a moment raises, once.
        on_look: changes a job before each look at it.
    """

    def __init__(self) -> None:
        self.jobs: dict[int, FakeJob] = {}
        self.sheets: list[str] = []
        self.die_at: set[str] = set()
        self.fail_at: dict[str, Exception] = {}
        self.on_look: Callable[[FakeJob], None] = self.print_sheet
        self.reading = PaperPrinterReading(name="kantor", stopped=False)

    def print_sheet(self, job: FakeJob) -> None:
        """Put the sheet out."""
        if job.document is not None and job.state is PaperJobState.WAITING:
            self.sheets.append(job.title)
            job.state, job.has_begun = PaperJobState.HANDED_OVER, True

    def read(self) -> PaperPrinterReading:
        self._moment("read")
        return self.reading

    def open_job(self, title: str) -> int:
        self._moment("before open")
        number = len(self.jobs) + 1
        self.jobs[number] = FakeJob(title)
        self._moment("after open")
        return number

    def drop_empty_jobs(self, title: str) -> None:
        self._moment("drop")
        for job in self.jobs.values():
            if job.title == title and job.state is PaperJobState.EMPTY:
                job.state = PaperJobState.CANCELLED

    def send(self, job: PaperJob, pdf: bytes) -> None:
        self._moment("before send")
        mine = self.jobs[job.job]
        assert mine.state is PaperJobState.EMPTY
        mine.state, mine.document = PaperJobState.WAITING, pdf
        self._moment("after send")

    def look(self, job: PaperJob) -> PaperJobReading:
        self._moment("look")
        mine = self.jobs.get(job.job)
        if mine is None or mine.title != job.title:
            return PaperJobReading(PaperJobState.GONE, has_begun=True)
        self.on_look(mine)
        return PaperJobReading(mine.state, mine.has_begun)

    def cancel(self, job: PaperJob) -> None:
        self._moment("cancel")
        mine = self.jobs[job.job]
        if mine.state not in (PaperJobState.HANDED_OVER, PaperJobState.ABORTED):
            mine.state = PaperJobState.CANCELLED

    def _moment(self, name: str) -> None:
        if name in self.die_at:
            self.die_at.remove(name)
            raise Killed(name)
        error = self.fail_at.pop(name, None)
        if error is not None:
            raise error
