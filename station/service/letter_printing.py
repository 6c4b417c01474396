"""Printing letters from a command: the rows go through whoever holds the station, the printer is ours."""

from contextlib import AbstractContextManager
from typing import Final

from station.devices.paper_printer import open_paper_printer
from station.errors import InputFault
from station.letters.printing.book import PrintWish
from station.letters.printing.printing import LetterPrinting, Report
from station.letters.printing.rows import PrintEnded, PrintJobOpened
from station.letters.printing.store import PrintAttempt
from station.office import Office
from station.ports import PaperPrinter
from station.service.control import carry_out
from station.service.letter_print_operations import begin_print, end_print, note_print_job, print_book
from station.service.lock import turn

TURN: Final = "letter-print.lock"  # beside the database


class ServedBook:
    """The attempts, written by this process or by the station that runs."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def begin(self, wish: PrintWish) -> PrintAttempt:
        """Begin an attempt; see `PrintBook`."""
        return carry_out(self._office, "begin_print", begin_print, wish, PrintAttempt)

    def note_job(self, opened: PrintJobOpened) -> PrintAttempt:
        """Keep the number of the job; see `PrintBook`."""
        return carry_out(self._office, "note_print_job", note_print_job, opened, PrintAttempt)

    def end(self, ended: PrintEnded) -> PrintAttempt:
        """Keep how it ended; see `PrintBook`."""
        return carry_out(self._office, "end_print", end_print, ended, PrintAttempt)

    def open_attempt(self, number: str) -> PrintAttempt | None:
        """The attempt of which nobody knows the end; see `PrintBook`."""
        return print_book(self._office).open_attempt(number)


def printing_turn(office: Office) -> AbstractContextManager[None]:
    """Hold the printer for this process.

    Raises:
        Refused: PAPER_BUSY.
    """
    return turn(office.settings.data / TURN, "PAPER_BUSY")


def paper_printer(office: Office, url: str | None = None) -> PaperPrinter:
    """The office's paper printer, or the one that an attempt went to.

    Raises:
        InputFault: LETTERS_NOT_CONFIGURED, PAPER_PRINTER_MISSING, PAPER_PRINTER_UNUSABLE.
    """
    return open_paper_printer(url or printer_url(office), office.letter_settings.paper)


def printer_url(office: Office) -> str:
    """The URL from the settings.

    Raises:
        InputFault: LETTERS_NOT_CONFIGURED, PAPER_PRINTER_MISSING.
    """
    url = office.letter_settings.printer
    if url is None:
        raise InputFault("PAPER_PRINTER_MISSING")
    return url


def letter_printing(office: Office, printer: PaperPrinter, patience: float, report: Report) -> LetterPrinting:
    """Prints letters on a printer; for `patience` and `report` see `Follower`."""
    return LetterPrinting(ServedBook(office), printer, office.clock, patience, report)
