"""A letter on paper: never twice by accident, whatever fails and wherever the station dies."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from station.audit.fault import FaultKind
from station.errors import (
    DeviceAbsent,
    DeviceFault,
    InputFault,
    OutcomeUnknown,
    Refused,
    StationError,
)
from station.journal import Outcome
from station.journal.store import Place, stored_rows
from station.letters.printing import store
from station.letters.printing.book import PrintBook, PrintWish
from station.letters.printing.printing import LetterPrinting, Printed
from station.letters.printing.rows import (
    BEGUN,
    CHECKED,
    ENDED,
    SENT,
    CopyKind,
    PaperVerdict,
    PrintCause,
)
from station.letters.rows import GIVEN_OUT, LetterGivenOut
from station.local_time import TimeZone
from station.ports import PaperJobState, PaperPrinterReading
from station.replay.replaying import replay
from tests.fakes.letters import LetterStation
from tests.fakes.paper import FakeJob, FakePaperPrinter, Killed

PDF = b"%PDF-1.7 the signed file"


class Desk:
    """The station's printing around a fake printer; each call is a process of its own."""

    def __init__(self, station: LetterStation, printer: FakePaperPrinter) -> None:
        self.station, self.printer = station, printer
        self.told = list[str]()
        self.number = station.letters()[0].number

    @property
    def book(self) -> PrintBook:
        return PrintBook(self.station.database, self.station.journal, self.station.clock, TimeZone.WIB)

    @property
    def printing(self) -> LetterPrinting:
        return LetterPrinting(self.book, self.printer, self.station.clock, 10.0, self._hear)

    def _hear(self, error: StationError | None) -> None:
        self.told.append(error.code if error else "goes on")

    def wish(self, kind: CopyKind = CopyKind.FIRST, reason: str = "", by: str | None = None) -> PrintWish:
        digest = hashlib.sha256(PDF).hexdigest()
        return PrintWish(
            number=self.number,
            printer="ipp://localhost/printers/kantor",
            sha256=digest,
            size=len(PDF),
            copy_kind=kind,
            reason=reason,
            by=by,
        )

    def print(self) -> Printed:
        """What `station letters print` does: settle what is open, then print if nothing came out."""
        settled = self.printing.settle(self.number)
        if settled is not None and settled.attempt.outcome is not Outcome.NOT_DONE:
            return settled
        return self.printing.print(self.wish(), PDF)

    def check(self, verdict: PaperVerdict) -> None:
        self.book.check_paper(self.number, verdict, "Siti")

    def attempts(self) -> list[store.PrintAttempt]:
        with self.station.database.reading() as transaction:
            letter = self.station.letters()[0]
            return store.of_letter(transaction, letter.year, letter.place)


@pytest.fixture
def desk(station: LetterStation, printer: FakePaperPrinter) -> Desk:
    return Desk(station, printer)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(StationError) as caught:
        act()
    return caught.value.code


def test_a_letter_is_handed_to_the_printer_once(desk: Desk) -> None:
    printed = desk.print()
    assert printed.error is None
    assert (printed.attempt.outcome, printed.attempt.cause) == (Outcome.DONE, PrintCause.HANDED_OVER)
    assert desk.printer.sheets == [desk.number]
    assert desk.printer.jobs[1].document == PDF
    assert code_of(desk.print) == "PAPER_ALREADY_PRINTED"
    assert [len(desk.station.events(name)) for name in (BEGUN, SENT, ENDED)] == [1, 1, 1]
    assert all("CONTOH" not in row and "99" not in row[:5] for row in desk.station.events(BEGUN))


def test_who_looked_into_the_tray_decides_what_follows(desk: Desk) -> None:
    desk.print()
    desk.check(PaperVerdict.GOOD)
    assert code_of(desk.print) == "PAPER_ALREADY_PRINTED"
    assert code_of(lambda: desk.check(PaperVerdict.SPOILED)) == "PAPER_NOTHING_TO_CHECK"
    assert len(desk.station.events(CHECKED)) == 1


@pytest.mark.parametrize("verdict", [PaperVerdict.SPOILED, PaperVerdict.NOTHING])
def test_a_sheet_that_is_spoiled_or_missing_is_printed_again(desk: Desk, verdict: PaperVerdict) -> None:
    desk.print()
    desk.check(verdict)
    assert desk.print().error is None
    assert [attempt.attempt for attempt in desk.attempts()] == [1, 2]


def test_another_copy_needs_a_reason_and_a_name(desk: Desk) -> None:
    desk.print()
    again = CopyKind.REPRINT
    assert code_of(lambda: desk.printing.print(desk.wish(again), PDF)) == "REASON_MISSING"
    assert code_of(lambda: desk.printing.print(desk.wish(again, " ", "Siti"), PDF)) == "REASON_MISSING"
    assert code_of(lambda: desk.printing.print(desk.wish(again, "lost", "Nobody"), PDF)) == "STAFF_UNKNOWN"
    assert desk.printer.sheets == [desk.number]
    desk.printing.print(desk.wish(again, "torn at the counter", "Siti"), PDF)
    assert desk.printer.sheets == [desk.number] * 2
    assert "torn at the counter" in desk.station.events(BEGUN)[-1]


MOMENTS = ("before open", "after open", "before send", "after send", "look")


@pytest.mark.parametrize("first", MOMENTS)
@pytest.mark.parametrize("second", (None, "drop", "cancel", "look", "before open", "after send"))
def test_wherever_the_station_dies_one_sheet_comes_out(desk: Desk, first: str, second: str | None) -> None:
    for moment in (first, second):
        if moment is not None:
            desk.printer.die_at.add(moment)
            with pytest.raises(Killed):
                desk.print()
                raise Killed("this moment does not come any more")
            desk.printer.die_at.clear()
    if not desk.printer.sheets:
        assert desk.print().error is None
    else:
        assert desk.attempts()[-1].outcome in (None, Outcome.DONE)
        desk.printing.settle(desk.number)
    assert desk.printer.sheets == [desk.number]
    assert desk.attempts()[-1].outcome is Outcome.DONE
    assert all(attempt.outcome is Outcome.NOT_DONE for attempt in desk.attempts()[:-1])


def test_an_answer_that_was_lost_is_asked_for(desk: Desk) -> None:
    """The document has arrived, and nobody has said so."""
    desk.printer.fail_at["after send"] = OutcomeUnknown("PAPER_PRINTER_SILENT", printer="x")
    assert desk.print().error is None
    assert desk.printer.sheets == [desk.number]


def test_a_document_that_never_arrived_is_taken_back(desk: Desk) -> None:
    desk.printer.fail_at["before send"] = OutcomeUnknown("PAPER_PRINTER_SILENT", printer="x")
    printed = desk.print()
    assert printed.error is not None
    assert (printed.error.code, printed.attempt.outcome) == ("PAPER_NOT_PRINTED", Outcome.NOT_DONE)
    assert desk.printer.sheets == []
    assert desk.print().error is None
    assert desk.printer.sheets == [desk.number]


@pytest.mark.parametrize(
    ("moment", "error"),
    [
        ("before open", DeviceAbsent("PAPER_PRINTER_ABSENT", printer="x")),
        ("before open", InputFault("PAPER_SIZE_UNSUPPORTED", printer="x", paper="folio")),
        ("after open", OutcomeUnknown("PAPER_PRINTER_SILENT", printer="x")),
        ("before send", DeviceFault("PAPER_PRINTER_REFUSED", problem="no")),
        ("before send", DeviceAbsent("PAPER_PRINTER_ABSENT", printer="x")),
        ("before send", Refused("PAPER_FILE_TAKEN", file="x")),
    ],
)
def test_what_was_surely_not_printed_may_be_printed_again(
    desk: Desk, moment: str, error: StationError
) -> None:
    desk.printer.fail_at[moment] = error
    assert code_of(desk.print) == error.code
    assert desk.attempts()[0].outcome is Outcome.NOT_DONE
    assert desk.print().error is None
    assert desk.printer.sheets == [desk.number]


@pytest.mark.parametrize("state", [PaperJobState.CANCELLED, PaperJobState.ABORTED, PaperJobState.GONE])
def test_a_job_that_ended_under_way_is_a_question_to_a_person(desk: Desk, state: PaperJobState) -> None:
    def end(job: FakeJob) -> None:
        job.state, job.has_begun = state, True

    desk.printer.on_look = end
    printed = desk.print()
    assert printed.error is not None
    assert (printed.error.code, printed.attempt.outcome) == ("PAPER_OUTCOME_UNKNOWN", Outcome.UNKNOWN)
    assert code_of(desk.print) == "PAPER_CHECK_FIRST"
    again = desk.wish(CopyKind.REPRINT, "torn", "Siti")
    assert code_of(lambda: desk.printing.print(again, PDF)) == "PAPER_CHECK_FIRST"
    desk.check(PaperVerdict.NOTHING)
    desk.printer.on_look = desk.printer.print_sheet
    assert desk.print().error is None


def test_a_person_who_found_the_sheet_ends_the_question(desk: Desk) -> None:
    def end(job: FakeJob) -> None:
        desk.printer.print_sheet(job)
        job.state = PaperJobState.ABORTED

    desk.printer.on_look = end
    desk.print()
    desk.check(PaperVerdict.GOOD)
    assert code_of(desk.print) == "PAPER_ALREADY_PRINTED"
    assert desk.printer.sheets == [desk.number]


def test_paper_that_runs_out_is_told_and_waited_for(desk: Desk) -> None:
    looks = iter(range(100))

    def empty_then_filled(job: FakeJob) -> None:
        look = next(looks)
        reasons = ("media-empty",) if 1 <= look <= 4 else ()
        desk.printer.reading = PaperPrinterReading(name="kantor", stopped=False, reasons=reasons)
        if look > 6:
            desk.printer.print_sheet(job)

    desk.printer.on_look = empty_then_filled
    assert desk.print().error is None
    assert desk.told == ["PAPER_PRINTER_COMPLAINS", "goes on"]


def test_patience_ends_and_the_letter_stays_at_the_printer(desk: Desk) -> None:
    desk.printer.on_look = lambda job: None
    desk.printer.reading = PaperPrinterReading(name="kantor", stopped=False, reasons=("media-empty",))
    printed = desk.print()
    assert printed.error is not None
    assert (printed.error.code, printed.attempt.outcome) == ("PAPER_PRINTER_COMPLAINS", None)
    assert code_of(lambda: desk.printing.print(desk.wish(), PDF)) == "PAPER_JOB_OPEN"
    desk.printer.on_look = desk.printer.print_sheet  # somebody has put paper in meanwhile
    assert desk.print().error is None
    assert desk.printer.sheets == [desk.number]


def test_a_printer_that_says_nothing_and_does_nothing(desk: Desk) -> None:
    desk.printer.on_look = lambda job: None
    printed = desk.print()
    assert printed.error is not None
    assert printed.error.code == "PAPER_JOB_SLOW"


@pytest.mark.parametrize(
    ("state", "reason"), [(PaperJobState.HELD, ()), (PaperJobState.STOPPED, ("job-stopped",))]
)
def test_a_job_that_is_held(desk: Desk, state: PaperJobState, reason: tuple[str, ...]) -> None:
    def hold(job: FakeJob) -> None:
        job.state = state if job.document is not None else job.state

    desk.printer.on_look = hold
    printed = desk.print()
    assert printed.error is not None
    assert (printed.error.code, printed.error.reasons) == ("PAPER_JOB_HELD", reason)
    desk.printer.on_look = lambda job: None
    cancelled = desk.printing.cancel(desk.number)
    assert cancelled is not None
    assert cancelled.attempt.outcome is Outcome.NOT_DONE  # it was never on its way to the device
    assert desk.printing.cancel(desk.number) is None


def test_a_stopped_queue_gets_nothing(desk: Desk) -> None:
    desk.printer.reading = PaperPrinterReading(name="kantor", stopped=True, message="jammed")
    assert code_of(desk.print) == "PAPER_PRINTER_STOPPED"
    assert desk.printer.jobs == {}
    assert desk.attempts() == []


def test_a_print_server_that_goes_away_while_we_look(desk: Desk) -> None:
    gone = iter([DeviceAbsent("PAPER_PRINTER_ABSENT", printer="x")] * 3)

    def absent(job: FakeJob) -> None:
        for error in gone:
            raise error
        desk.printer.print_sheet(job)

    desk.printer.on_look = absent
    assert desk.print().error is None
    assert desk.told == ["PAPER_PRINTER_ABSENT"]


def test_only_a_letter_that_counts_is_printed(desk: Desk) -> None:
    desk.number = "471.13/99999/2026"
    assert code_of(desk.print) == "LETTER_UNKNOWN"
    desk.number = desk.station.letters()[0].number
    desk.station.clock.sleep(400 * 86400)
    assert code_of(desk.print) == "LETTER_NOT_ISSUED"
    assert desk.printer.jobs == {}


def test_the_database_itself_refuses_a_second_sheet(desk: Desk) -> None:
    """Whatever a program does wrong: the rules are in the database."""
    desk.print()
    row = "SELECT 1, year, place, 2, number, 'first', printer, sha256 FROM letter_prints"
    columns = "journal, year, place, attempt, number, copy_kind, printer, sha256"
    forbidden = {
        "only as a reprint": f"INSERT INTO letter_prints ({columns}) {row}",
        "ends once": "UPDATE letter_prints SET outcome = 'NOT_DONE'",
        "never deleted": "DELETE FROM letter_prints",
    }
    for problem, statement in forbidden.items():
        with pytest.raises(Refused) as caught, desk.station.database.transaction() as transaction:
            transaction.execute(text(statement))
        assert caught.value.code == "JOURNAL_REFUSED"
        assert problem in str(caught.value)


def test_a_file_that_was_given_out_is_a_copy_too(desk: Desk) -> None:
    letter = desk.station.letters()[0]
    given = LetterGivenOut(year=letter.year, place=letter.place, number=letter.number, way="file")
    with desk.station.database.transaction() as transaction:
        desk.station.journal.event(transaction, GIVEN_OUT, given, Place(person=letter.person))
    assert code_of(desk.print) == "PAPER_ALREADY_PRINTED"
    assert desk.printer.jobs == {}


def test_no_nik_is_kept_in_a_reason_or_a_note(desk: Desk) -> None:
    desk.print()
    wish = desk.wish(CopyKind.REPRINT, "for 3509012345670001", "Siti")
    assert code_of(lambda: desk.printing.print(wish, PDF)) == "REASON_NAMES_NIK"
    looked = (desk.number, PaperVerdict.GOOD, "Siti", "3509012345670001")
    assert code_of(lambda: desk.book.check_paper(*looked)) == "REASON_NAMES_NIK"


def history(desk: Desk) -> None:
    """A first sheet that nobody found, a second that was good, a copy, and one that is under way."""
    desk.print()
    desk.check(PaperVerdict.NOTHING)
    desk.print()
    desk.check(PaperVerdict.GOOD)
    desk.printing.print(desk.wish(CopyKind.REPRINT, "torn", "Siti"), PDF)
    desk.printer.on_look = lambda job: None
    desk.printing.print(desk.wish(CopyKind.REPRINT, "torn again", "Siti"), PDF)


@pytest.mark.parametrize(
    "change",
    [
        "paper = 'spoiled' WHERE attempt = 1",
        "outcome = 'NOT_DONE', cause = 'not_sent', paper = NULL WHERE attempt = 2",
        "job = 77 WHERE attempt = 3",
        "copy_kind = 'first' WHERE attempt = 3",
        "outcome = 'DONE', cause = 'handed_over' WHERE attempt = 4",
        "sha256 = 'other' WHERE attempt = 4",
    ],
)
def test_the_audit_finds_what_was_changed_by_hand(desk: Desk, change: str) -> None:
    history(desk)
    assert desk.station.audit() == []
    with desk.station.database.transaction() as transaction:
        transaction.execute(text("DROP TRIGGER letter_prints_end_once"))
        transaction.execute(text(f"UPDATE letter_prints SET {change}"))
    assert {fault.kind for fault in desk.station.audit()} == {FaultKind.LETTER_PRINTS_DIFFER}


def test_a_hidden_attempt_is_found(desk: Desk) -> None:
    history(desk)
    with desk.station.database.transaction() as transaction:
        transaction.execute(text("DROP TRIGGER letter_prints_stay"))
        transaction.execute(text("DELETE FROM letter_prints WHERE attempt = 3"))
    assert {fault.kind for fault in desk.station.audit()} == {FaultKind.LETTER_PRINTS_DIFFER}


def test_the_rows_that_came_after_a_backup_bring_the_attempts_back(desk: Desk, tmp_path: Path) -> None:
    """The backup was made before anything was printed; the journal's tail is put back."""
    shutil.copytree(desk.station.folder, tmp_path / "backup")
    history(desk)
    restored = LetterStation(tmp_path / "backup")
    with restored.database.reading() as transaction:
        last = max(row.sequence for row, _ in stored_rows(transaction))
    with desk.station.database.reading() as transaction:
        tail = [row for row, _ in stored_rows(transaction, last)]
    with restored.database.transaction() as transaction:
        assert replay(transaction, restored.clock, tail).stopped_at is None
    letter = restored.letters()[0]
    with restored.database.reading() as transaction:
        assert store.of_letter(transaction, letter.year, letter.place) == desk.attempts()
        assert len(store.open_attempts(transaction)) == 1
        assert [one.attempt for one in store.unlooked_at(transaction)] == [3]
    restored.close()
