"""Letters on paper: the rows of each attempt, kept here or by the station that runs."""

from pydantic import BaseModel, ConfigDict

from station.letters.printing.book import PrintBook, PrintWish
from station.letters.printing.rows import PaperVerdict, PrintEnded, PrintJobOpened
from station.letters.printing.store import PrintAttempt
from station.office import Office


class CheckPaper(BaseModel):
    """What a person has found in the printer's tray."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    verdict: PaperVerdict
    by: str
    note: str = ""


def print_book(office: Office) -> PrintBook:
    """The attempts of this office."""
    settings = office.settings
    return PrintBook(office.database, office.journal, office.clock, settings.office.time_zone)


def begin_print(office: Office, request: PrintWish) -> PrintAttempt:
    """Begin an attempt."""
    return print_book(office).begin(request)


def note_print_job(office: Office, request: PrintJobOpened) -> PrintAttempt:
    """Keep the number of the print server's job."""
    return print_book(office).note_job(request)


def end_print(office: Office, request: PrintEnded) -> PrintAttempt:
    """Keep how an attempt ended."""
    return print_book(office).end(request)


def check_paper(office: Office, request: CheckPaper) -> PrintAttempt:
    """Keep what a person has found in the tray."""
    return print_book(office).check_paper(request.number, request.verdict, request.by, request.note)
