"""The control socket: a running station carries out the operations of other commands.

One request a connection: a line of JSON `{"operation", "arguments"}`, answered by a line of JSON
`{"result"}` or `{"error"}`. The socket is a file that only the station's user may open.
"""

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from station import errors
from station.errors import DeviceAbsent, StationError, UsageError
from station.handover.book import BeginHandover, EndHandover, SettleCutOff
from station.letters.printing.book import PrintWish
from station.letters.printing.rows import PrintEnded, PrintJobOpened
from station.office import Office
from station.service import (
    act_operations,
    backup_operations,
    batch_operations,
    card_operations,
    centre_operations,
    erasure_operations,
    handover_operations,
    intake_operations,
    ledger_operations,
    letter_batch_operations,
    letter_operations,
    letter_print_operations,
    operations,
    outage_operations,
    staff_operations,
    trail_operations,
)
from station.service.lock import lock_in_time
from station.service.operations import ErrorReport

Request = TypeVar("Request", bound=BaseModel)
Result = TypeVar("Result", bound=BaseModel)
LONGEST_REQUEST = 1 << 20
PATIENCE = 30.0
MOMENT = 5.0  # seconds that a command waits for another one, or for a station that starts


class _Call(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)  # a PIN may be in it

    operation: str
    arguments: dict[str, object]


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    result: dict[str, object] | None = None
    error: ErrorReport | None = None


def _served(
    model: type[Request], operation: Callable[[Office, Request], BaseModel]
) -> Callable[[Office, object], BaseModel]:
    return lambda office, arguments: operation(office, model.model_validate(arguments))


SERVED: Mapping[str, Callable[[Office, object], BaseModel]] = {
    "add_job": _served(operations.AddJob, operations.add_job),
    "answer_question": _served(operations.AnswerQuestion, operations.answer_question),
    "clear_lane": _served(operations.ClearLane, operations.clear_lane),
    "move_blanks": _served(operations.MoveBlanks, operations.move_blanks),
    "identify_card": _served(card_operations.IdentifyCard, card_operations.identify_card),
    "make_batch": _served(batch_operations.MakeBatch, batch_operations.make_batch),
    "pause_batch": _served(batch_operations.PauseBatch, batch_operations.pause_batch),
    "sign_head": _served(operations.SignHead, operations.sign_head),
    "add_staff": _served(staff_operations.AddStaff, staff_operations.add_staff),
    "set_pin": _served(staff_operations.SetPin, staff_operations.set_pin),
    "unlock_pin": _served(staff_operations.UnlockPin, staff_operations.unlock_pin),
    "book_loan": _served(ledger_operations.BookLoan, ledger_operations.book_loan),
    "count_blanks": _served(ledger_operations.CountBlanks, ledger_operations.count_blanks),
    "adjust_blanks": _served(ledger_operations.AdjustBlanks, ledger_operations.adjust_blanks),
    "destroy_blanks": _served(act_operations.DestroyBlanks, act_operations.destroy_blanks),
    "declare_centre": _served(outage_operations.DeclareCentre, outage_operations.declare_centre),
    "release_restore": _served(backup_operations.ReleaseRestore, backup_operations.release_restore),
    "hand_over": _served(act_operations.HandOver, act_operations.hand_over),
    "take_in": _served(intake_operations.TakeIn, intake_operations.take_in),
    "retry_record": _served(intake_operations.RetryRecord, intake_operations.retry_record),
    "discard_record": _served(intake_operations.DiscardRecord, intake_operations.discard_record),
    "read_record": _served(intake_operations.ReadRecord, intake_operations.read_record),
    "export_record": _served(intake_operations.ExportRecord, intake_operations.export_record),
    "erase_record": _served(erasure_operations.EraseRecord, erasure_operations.erase_record),
    "erase_due": _served(erasure_operations.EraseDue, erasure_operations.erase_due),
    "pause_centre": _served(centre_operations.PauseCentre, centre_operations.pause_centre),
    "resume_centre": _served(centre_operations.ResumeCentre, centre_operations.resume_centre),
    "retry_deliveries": _served(centre_operations.RetryDeliveries, centre_operations.retry_deliveries),
    "ring_centre": _served(centre_operations.RingCentre, centre_operations.ring_centre),
    "note_carried": _served(centre_operations.NoteCarried, centre_operations.note_carried),
    "receive_file": _served(centre_operations.ReceiveFile, centre_operations.receive_file),
    "begin_print": _served(PrintWish, letter_print_operations.begin_print),
    "note_print_job": _served(PrintJobOpened, letter_print_operations.note_print_job),
    "end_print": _served(PrintEnded, letter_print_operations.end_print),
    "check_paper": _served(letter_print_operations.CheckPaper, letter_print_operations.check_paper),
    "begin_handover": _served(BeginHandover, handover_operations.begin_handover),
    "end_handover": _served(EndHandover, handover_operations.end_handover),
    "settle_handover": _served(SettleCutOff, handover_operations.settle_handover),
    "exempt_handover": _served(handover_operations.ExemptSigned, handover_operations.exempt_handover),
    "withdraw_old_card": _served(handover_operations.WithdrawOldCard, handover_operations.withdraw_old_card),
    "note_receipt": _served(handover_operations.NoteReceipt, handover_operations.note_receipt),
    "issue_letters": _served(letter_batch_operations.IssueLetters, letter_batch_operations.issue_letters),
    "give_out_letters": _served(
        letter_batch_operations.GiveOutLetters, letter_batch_operations.give_out_letters
    ),
    "issue_letter": _served(letter_operations.IssueLetter, letter_operations.issue_letter),
    "renew_letter": _served(letter_operations.RenewLetter, letter_operations.renew_letter),
    "withdraw_letter": _served(letter_operations.WithdrawLetter, letter_operations.withdraw_letter),
    "void_number": _served(letter_operations.VoidNumber, letter_operations.void_number),
    "give_out": _served(letter_operations.GiveOut, letter_operations.give_out),
    "sign_withdrawals": _served(letter_operations.SignWithdrawals, letter_operations.sign_withdrawals),
    "note_register": _served(letter_operations.NoteRegister, letter_operations.note_register),
    "tell_last": _served(letter_operations.TellLast, letter_operations.tell_last),
    "note_trail": _served(trail_operations.NoteTrail, trail_operations.note_trail),
}

ERROR_KINDS: Mapping[str, type[StationError]] = {
    kind.__name__: kind
    for kind in (
        errors.StationError,
        errors.UsageError,
        errors.Refused,
        errors.InputFault,
        errors.DeviceAbsent,
        errors.DeviceFault,
        errors.OutcomeUnknown,
        errors.ChipFault,
        errors.WrongCard,
        errors.LaneLatched,
    )
}


def rebuilt(report: ErrorReport) -> StationError:
    """Make an error again that came over the socket."""
    error = ERROR_KINDS.get(report.kind, StationError)(report.code, details=report.details, **report.values)
    error.reasons = report.reasons
    return error


class ControlServer:
    """Listens for other commands while the station runs. One thread; operations are short transactions."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._path = office.settings.control_socket
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def start(self) -> None:
        """Open the socket. The caller holds the station's lock, so a socket left behind is nobody's."""
        self._path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            self._socket.bind(str(self._path))
        finally:
            os.umask(mask)
        self._socket.listen(8)
        self._thread.start()

    def stop(self) -> None:
        """Close the socket and wait for the thread."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=PATIENCE)
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # stop() has closed the socket
            with connection:
                connection.settimeout(PATIENCE)
                try:
                    self._answer(connection)
                except (OSError, TimeoutError):
                    continue  # the command went away; what it asked for is done or was never read

    def _answer(self, connection: socket.socket) -> None:
        with connection.makefile("rwb") as stream:
            reply = self._carry_out(stream.readline(LONGEST_REQUEST))
            stream.write(reply.model_dump_json().encode() + b"\n")

    def _carry_out(self, line: bytes) -> _Reply:
        try:
            call = _Call.model_validate_json(line)
            if call.operation not in SERVED:
                raise UsageError("STATION_UNREACHABLE", socket=self._path)
            result = SERVED[call.operation](self._office, call.arguments)
        except StationError as error:
            return _Reply(error=ErrorReport.of(error))
        except ValidationError as error:
            return _Reply(
                error=ErrorReport.of(StationError("UNDEFINED", cause="request", details=str(error)))
            )
        except Exception as error:  # the undefined: whoever asked is told, and the station goes on listening
            undefined = StationError("UNDEFINED", cause=type(error).__name__, details=str(error))
            return _Reply(error=ErrorReport.of(undefined))
        return _Reply(result=result.model_dump(mode="json"))


def carry_out(
    office: Office,
    name: str,
    operation: Callable[[Office, Request], Result],
    request: Request,
    result: type[Result],
) -> Result:
    """Carry out an operation here, or in the station that runs.

    Raises:
        StationError: what the operation raises.
        Refused: STATION_BUSY.
        DeviceAbsent: STATION_UNREACHABLE.
    """
    with ExitStack() as stack:
        if is_ours(office, stack):
            return operation(office, request)
    return result.model_validate(_ask(office.settings.control_socket, name, request))


def is_ours(office: Office, stack: ExitStack) -> bool:
    """Take the station's lock, or tell that a station runs, which must be asked.

    A command that has the lock for a moment, and a station that is only starting, are waited for.

    Raises:
        Refused: STATION_BUSY: somebody has it for longer, as `jobs run`.
        StationError: DATABASE_UNUSABLE.
    """
    settings = office.settings

    def is_station() -> bool:
        return is_listening(settings.control_socket)

    try:
        stack.enter_context(lock_in_time(settings.lock_file, office.clock, MOMENT, is_station))
    except errors.Refused as error:
        if error.code != "STATION_BUSY" or not is_station():
            raise
        return False
    return True


def is_listening(path: Path) -> bool:
    """Whether a station that runs listens on its socket; a file that a dead one has left does not."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(str(path))
    except OSError:
        return False
    return True


def _ask(path: Path, name: str, request: BaseModel) -> dict[str, object]:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(str(path))
            with connection.makefile("rwb") as stream:
                stream.write(
                    json.dumps({"operation": name, "arguments": request.model_dump(mode="json")}).encode()
                )
                stream.write(b"\n")
                stream.flush()
                reply = _Reply.model_validate_json(stream.readline(LONGEST_REQUEST))
    except (OSError, ValidationError) as error:
        raise DeviceAbsent("STATION_UNREACHABLE", socket=path, details=str(error)) from error
    if reply.error:
        raise rebuilt(reply.error)
    return reply.result or {}
