"""What may be printed, and what is known of each attempt: rules and rows, without a printer."""

from pydantic import BaseModel, ConfigDict

from station.clock import Clock
from station.database import Database, Transaction
from station.errors import Refused
from station.journal import Journal
from station.journal.store import Place
from station.letters import store as letters
from station.letters.printing import store
from station.letters.printing.rows import (
    BEGUN,
    CHECKED,
    ENDED,
    SENT,
    CopyKind,
    PaperChecked,
    PaperVerdict,
    PrintBegun,
    PrintEnded,
    PrintJobOpened,
)
from station.letters.printing.store import PrintAttempt
from station.letters.rows import LetterState
from station.letters.store import Letter
from station.letters.withdrawing import require_letter
from station.local_time import TimeZone, local
from station.records.nik import require_no_nik
from station.staff import store as staff


class PrintWish(BaseModel):
    """A letter that shall be printed.

    Attributes:
        number: of the letter.
        printer: URL from the settings.
        sha256, size: of its signed file, as it lies in the register.
        reason: of a reprint.
        by: member of staff who asks for a reprint.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    printer: str
    sha256: str
    size: int
    copy_kind: CopyKind = CopyKind.FIRST
    reason: str = ""
    by: str | None = None


class PrintBook:
    """Keeps the attempts. Each method is one transaction."""

    def __init__(self, database: Database, journal: Journal, clock: Clock, zone: TimeZone) -> None:
        self._database, self._journal, self._clock, self._zone = database, journal, clock, zone

    def begin(self, wish: PrintWish) -> PrintAttempt:
        """Begin an attempt, before anything is sent.

        Raises:
            Refused: LETTER_UNKNOWN, LETTER_NOT_ISSUED, PAPER_CHECK_FIRST, PAPER_JOB_OPEN,
                PAPER_ALREADY_PRINTED, REASON_MISSING, REASON_NAMES_NIK, STAFF_UNKNOWN.
        """
        require_no_nik(wish.reason)
        with self._database.transaction() as transaction:
            letter = self._in_force(transaction, wish.number)
            earlier = store.of_letter(transaction, letter.year, letter.place)
            _require_clear(earlier, wish)
            if wish.copy_kind is CopyKind.REPRINT:
                _require_reason(transaction, wish)
            elif letters.was_given_out(transaction, letter):  # as a file: paper is another copy of it
                raise Refused("PAPER_ALREADY_PRINTED", number=wish.number)
            begun = PrintBegun(
                year=letter.year,
                place=letter.place,
                attempt=len(earlier) + 1,
                number=letter.number,
                copy_kind=wish.copy_kind,
                printer=wish.printer,
                sha256=wish.sha256,
                size=wish.size,
                reason=wish.reason,
            )
            row = self._journal.event(transaction, BEGUN, begun, Place(person=letter.person), wish.by)
            store.put_begun(transaction, row, begun)
            return _required(transaction, row)

    def note_job(self, opened: PrintJobOpened) -> PrintAttempt:
        """Keep the number of the job, before its document is sent."""
        with self._database.transaction() as transaction:
            place = self._place_of(transaction, opened.begun)
            self._journal.event(transaction, SENT, opened, place)
            store.put_job(transaction, opened.begun, opened.job)
            return _required(transaction, opened.begun)

    def end(self, ended: PrintEnded) -> PrintAttempt:
        """Keep how an attempt ended. One that has ended stays as it is."""
        with self._database.transaction() as transaction:
            if (known := _required(transaction, ended.begun)).outcome is not None:
                return known
            place = self._place_of(transaction, ended.begun)
            self._journal.event(transaction, ENDED, ended, place)
            store.put_ended(transaction, ended.begun, ended.outcome, ended.cause)
            return _required(transaction, ended.begun)

    def check_paper(self, number: str, verdict: PaperVerdict, by: str, note: str = "") -> PrintAttempt:
        """Keep what a person has found in the tray, of a letter's latest attempt that was sent.

        Raises:
            Refused: LETTER_UNKNOWN, PAPER_NOTHING_TO_CHECK, REASON_NAMES_NIK, STAFF_UNKNOWN.
        """
        require_no_nik(note)
        with self._database.transaction() as transaction:
            staff.require(transaction, by)
            letter = require_letter(transaction, number)
            waiting = [
                attempt
                for attempt in store.of_letter(transaction, letter.year, letter.place)
                if attempt.may_be_paper and attempt.paper is None
            ]
            if not waiting:
                raise Refused("PAPER_NOTHING_TO_CHECK", number=number)
            checked = PaperChecked(begun=waiting[-1].journal, verdict=verdict, note=note.strip())
            self._journal.event(transaction, CHECKED, checked, Place(person=letter.person), by)
            store.put_checked(transaction, checked.begun, verdict)
            return _required(transaction, checked.begun)

    def open_attempt(self, number: str) -> PrintAttempt | None:
        """The attempt of a letter of which nobody knows the end.

        Raises:
            Refused: LETTER_UNKNOWN.
        """
        with self._database.reading() as transaction:
            letter = require_letter(transaction, number)
            attempts = store.of_letter(transaction, letter.year, letter.place)
        return attempts[-1] if attempts and attempts[-1].outcome is None else None

    def _in_force(self, transaction: Transaction, number: str) -> Letter:
        """The letter, if it counts today."""
        letter = require_letter(transaction, number)
        if not letter.holds_on(local(self._clock.now(), self._zone).date().isoformat()):
            state = "expired" if letter.state is LetterState.ISSUED else letter.state.value
            raise Refused("LETTER_NOT_ISSUED", number=number, state=f"letter_is_{state}")
        return letter

    def _place_of(self, transaction: Transaction, begun: int) -> Place:
        attempt = _required(transaction, begun)
        letter = letters.at(transaction, attempt.year, attempt.place)
        return Place(person=letter.person if letter else None)


def _require_clear(earlier: list[PrintAttempt], wish: PrintWish) -> None:
    """Refuse what could put a second sheet out by accident."""
    if any(attempt.outcome is None for attempt in earlier):
        raise Refused("PAPER_JOB_OPEN", number=wish.number)
    if any(attempt.waits_for_person for attempt in earlier):
        raise Refused("PAPER_CHECK_FIRST", number=wish.number)
    if wish.copy_kind is CopyKind.FIRST and any(attempt.may_be_paper for attempt in earlier):
        raise Refused("PAPER_ALREADY_PRINTED", number=wish.number)


def _require_reason(transaction: Transaction, wish: PrintWish) -> None:
    if not wish.reason.strip():
        raise Refused("REASON_MISSING")
    staff.require(transaction, wish.by or "")


def _required(transaction: Transaction, begun: int) -> PrintAttempt:
    attempt = store.at(transaction, begun)
    if attempt is None:
        raise LookupError(f"no attempt begins in row {begun}")
    return attempt
