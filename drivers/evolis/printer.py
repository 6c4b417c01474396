"""An Evolis card printer: what it can be asked and told, over any transport (facts evolis.md)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from drivers.evolis import commands
from drivers.evolis.commands import EjectionTray, InsertionTray, RejectionTray, Sensor, Side
from drivers.evolis.conversation import Conversation
from drivers.evolis.errors import (
    CapabilityError,
    MalformedReplyError,
    NoAnswerError,
    NotSentError,
    OutcomeUnknownError,
    PrinterRefusedError,
    StillBusyError,
)
from drivers.evolis.host_mode import HostMode
from drivers.evolis.job import JobForm, PrintJob, SideJob, encode_job
from drivers.evolis.models import PrinterModel, find_model
from drivers.evolis.panels import Face, make_panels
from drivers.evolis.readings import Counters, PrinterIdentity, RibbonReading, Trays
from drivers.evolis.replies import (
    parse_card_presence,
    parse_count,
    parse_letter,
    parse_ok,
    parse_value,
    parse_voltage,
)
from drivers.evolis.ribbons import YMCKO, Ribbon, find_ribbon
from drivers.evolis.status import EvolisStatus, parse_status
from drivers.transports.base import PrinterTransport, TransportError, deadline_after

Station = Literal["contact", "contactless", "print"]

_MOST_SILENCES = 3
"""Status questions in a row that may stay unanswered while the printer is waited for (assumed)."""


@dataclass(frozen=True)
class EvolisTiming:
    """How long the driver waits, in seconds. All assumed: no printer has been measured.

    Attributes:
        reply: For the answer to a question or setting (the vendor library waits 5 s for a status).
        move: For the answer to a card move.
        job: For a job to be taken, printing of all but the last panel included.
        poll: Between two status questions (the vendor library: 100 ms).
    """

    reply: float = 5.0
    move: float = 40.0
    job: float = 240.0
    poll: float = 0.1


class EvolisPrinter:
    """A card printer and the one card path inside it. For one thread at a time.

    Questions may be repeated at any time. Moves and prints end in one of four ways: they return (the printer
    answered OK, or for a print: the job was sent), or raise `PrinterRefusedError` (the printer said no),
    `NotSentError` (nothing left) or `OutcomeUnknownError` (nobody can tell yet: read status and counters).
    """

    def __init__(
        self,
        transport: PrinterTransport,
        model: PrinterModel | None = None,
        timing: EvolisTiming | None = None,
        sleep: Callable[[float], None] = time.sleep,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """Take over a transport.

        Args:
            transport: The path to the printer; closed by `close`.
            model: The expected model; needed where the transport has no answers, asked for otherwise.
            timing: How long to wait.
            sleep: What waits between two status questions.
            wall_clock: Seconds since 1970, for the job's `Ppws`.
        """
        self._timing = timing or EvolisTiming()
        self._conversation = Conversation(transport, self._timing.reply)
        self._host_mode = HostMode(self._conversation, self._timing.reply)
        self._model = model
        self._sleep = sleep
        self._wall_clock = wall_clock

    # Questions

    def identify(self) -> PrinterIdentity:
        """Ask who the printer is.

        Raises:
            NoAnswerError: It does not answer.
            MalformedReplyError: An answer does not fit.
            UnknownModelError: The model is not in the table.
            CapabilityError: It is another model than the expected one.
        """
        parse_ok(self._ask(commands.READ_ALIVE))
        reported = parse_value(self._ask(commands.READ_MODEL))
        model = find_model(reported)
        if self._model is not None and self._model != model:
            raise CapabilityError(f"a {self._model.name} was expected, the printer is a {model.name}")
        self._model = model
        return PrinterIdentity(
            model=model,
            reported_model=reported,
            firmware=parse_value(self._ask(commands.READ_FIRMWARE)),
            serial=parse_value(self._ask(commands.READ_SERIAL)),
            head_kit=parse_value(self._ask(commands.READ_HEAD_KIT)),
        )

    def read_status(self) -> EvolisStatus:
        """Read the status words: card position, activity, state and its reasons.

        Raises:
            NoAnswerError: The printer does not answer.
            MalformedReplyError: The answer is no status text.
        """
        try:
            return parse_status(self._conversation.ask_status(deadline_after(self._timing.reply)))
        except TransportError as error:
            raise NoAnswerError(f"no status: {error}") from error

    def read_counters(self) -> Counters:
        """Read the lifetime counters of printed panels and of inserted cards."""
        return Counters(
            panels_printed=parse_count(self._ask(commands.read_counter(commands.Counter.PANELS_PRINTED))),
            cards_inserted=parse_count(self._ask(commands.read_counter(commands.Counter.CARDS_INSERTED))),
        )

    def read_ribbon(self) -> RibbonReading:
        """Read which ribbon is in the printer and how many prints are left on it."""
        reported = parse_value(self._ask(commands.READ_RIBBON_TYPE))
        return RibbonReading(
            configured=parse_value(self._ask(commands.READ_RIBBON)),
            reported_type=reported,
            ribbon=find_ribbon(reported),
            prints_left=parse_count(self._ask(commands.READ_RIBBON_COUNT)),
        )

    def read_sensor(self, sensor: Sensor) -> float:
        """Read a sensor's voltage, in the printer's own unit."""
        return parse_voltage(self._ask(commands.read_sensor(sensor)))

    def read_trays(self) -> Trays:
        """Read where cards come from and go to (plain letters assumed)."""
        return Trays(
            insertion=parse_letter(InsertionTray, self._ask(commands.READ_INSERTION_TRAY)),
            ejection=parse_letter(EjectionTray, self._ask(commands.READ_EJECTION_TRAY)),
            rejection=parse_letter(RejectionTray, self._ask(commands.READ_REJECTION_TRAY)),
        )

    def has_card(self) -> bool:
        """Ask whether a card is inside the printer.

        Raises:
            NoAnswerError: The printer does not answer.
            PrinterRefusedError: It answers with an error that says nothing about cards, such as a cleaning
                that is due.
        """
        return parse_card_presence(self._ask(commands.READ_CARD_PRESENCE))

    # Settings

    def set_trays(
        self,
        insertion: InsertionTray | None = None,
        ejection: EjectionTray | None = None,
        rejection: RejectionTray | None = None,
    ) -> None:
        """Choose trays; those left out stay as they are. May be repeated.

        Raises:
            NoAnswerError: The printer does not answer; any of the trays may have been set.
            PrinterRefusedError: It has no such tray.
        """
        settings = [
            commands.set_insertion_tray(insertion) if insertion else None,
            commands.set_ejection_tray(ejection) if ejection else None,
            commands.set_rejection_tray(rejection) if rejection else None,
        ]
        with self._host_mode.around("set trays"):
            for setting in filter(None, settings):
                parse_ok(self._ask(setting))

    def clear_errors(self) -> None:
        """Clear the printer's error line (`Scs`), after its cause was mended. May be repeated."""
        with self._host_mode.around("clear errors"):
            parse_ok(self._ask(commands.CLEAR_ERROR))

    # Moves

    def insert(self) -> None:
        """Take a card in, up to the print station."""
        self.feed_to("print")

    def feed_to(self, station: Station) -> None:
        """Bring the card to a station, from the input tray if none is inside.

        Raises:
            CapabilityError: The model cannot have that station; nothing was sent.
            PrinterRefusedError: The printer said no.
            NotSentError: Nothing was sent.
            OutcomeUnknownError: A card may have moved.
        """
        if station == "contact":
            self._require(self._known_model().contact, "contact station")
            self._move(commands.MOVE_TO_CONTACT, "move to the contact station")
        elif station == "contactless":
            self._require(self._known_model().contactless, "contactless station")
            self._move(commands.MOVE_TO_CONTACTLESS, "move to the contactless station")
        else:
            self._move(commands.INSERT, "insert a card")

    def eject(self) -> None:
        """Put the card into the ejection tray; raises as `feed_to` does."""
        self._move(commands.EJECT, "eject the card")

    def reject(self) -> None:
        """Put the card into the rejection tray; raises as `feed_to` does."""
        self._require(self._known_model().reject, "reject tray")
        self._move(commands.REJECT, "reject the card")

    # Printing

    def print_card(
        self,
        front: Face,
        back: Face | None = None,
        ribbon: Ribbon = YMCKO,
        form: JobForm = JobForm.TAGGED,
    ) -> None:
        """Send the job that prints a card and ejects it. Sent is not printed.

        The host's error mode stays until `wait_until_idle` has seen the printer idle: a printer that handles
        errors itself may try the card again on its own.

        Raises:
            RasterError: A face has not the model's size; nothing was sent.
            InkLimitError: A face carries more black than the ribbon stands; nothing was sent.
            CapabilityError: The model or the ribbon cannot print this; nothing was sent.
            PrinterRefusedError: The ribbon is not ready; nothing was sent.
            NotSentError: Nothing was sent.
            OutcomeUnknownError: Part or all of the job may have arrived.
        """
        job = self.encode(front, back, ribbon, form)
        if self._conversation.has_replies:
            self._host_mode.enter("print a card")
            self._check_ready()
        self._send(job)

    def encode(self, front: Face, back: Face | None, ribbon: Ribbon, form: JobForm) -> PrintJob:
        """Return the job that `print_card` would send; raises as it does for faces that cannot be printed."""
        model = self._known_model()
        sides = [SideJob(Side.FRONT, make_panels(front, model, ribbon.front))]
        if back is not None:
            self._require(model.flip, "flip-over station")
            sides.append(SideJob(Side.BACK, make_panels(back, model, ribbon.back)))
        return encode_job(model, ribbon, tuple(sides), form, int(self._wall_clock()))

    def wait_until_idle(self, deadline: float) -> EvolisStatus:
        """Return the first status in which the printer does nothing, and give it back its error mode.

        Args:
            deadline: A reading of `time.monotonic()`.

        Raises:
            StillBusyError: It was busy to the end; the host's error mode stays set.
            NoAnswerError: It did not answer several times in a row.
            MalformedReplyError: It answered several times in a row with something else than a status.
        """
        silences = 0
        while True:
            try:
                status = self.read_status()
                silences = 0
                if not status.busy:
                    self._host_mode.leave()
                    return status
            except (NoAnswerError, MalformedReplyError):
                silences += 1
                if silences >= _MOST_SILENCES:
                    raise
            if time.monotonic() >= deadline:
                raise StillBusyError("the printer was still busy at the deadline")
            self._sleep(self._timing.poll)

    def close(self) -> None:
        """Give the printer back its error mode if it is still to be restored, and release the transport."""
        self._host_mode.leave()
        self._conversation.close()

    def _ask(self, command: bytes) -> bytes:
        try:
            return self._conversation.ask(command, deadline_after(self._timing.reply))
        except TransportError as error:
            raise NoAnswerError(f"no answer to {command[1:-1].decode('ascii')}: {error}") from error

    def _move(self, command: bytes, what: str) -> None:
        with self._host_mode.around(what):
            try:
                parse_ok(self._conversation.ask(command, deadline_after(self._timing.move)))
            except MalformedReplyError as error:
                raise OutcomeUnknownError(what, error) from error
            except TransportError as error:
                if error.bytes_sent == 0:
                    raise NotSentError(f"{what}: {error}") from error
                raise OutcomeUnknownError(what, error) from error

    def _check_ready(self) -> None:
        try:
            parse_value(self._ask(commands.READ_FIRMWARE))  # asked again behind the job, as its end mark
            parse_ok(self._ask(commands.READ_RIBBON_READY))
        except (NoAnswerError, MalformedReplyError) as error:
            self._host_mode.leave()
            raise NotSentError(f"print a card: {error}") from error
        except PrinterRefusedError:
            self._host_mode.leave()
            raise

    def _send(self, job: PrintJob) -> None:
        try:
            self._conversation.send_job(job.pieces, deadline_after(self._timing.job))
        except TransportError as error:
            if error.bytes_sent == 0:
                self._host_mode.leave()
                raise NotSentError(f"print a card: {error}") from error
            raise OutcomeUnknownError("print a card", error) from error

    def _known_model(self) -> PrinterModel:
        if self._model is None:
            return self.identify().model
        return self._model

    def _require(self, present: bool, what: str) -> None:
        if not present:
            raise CapabilityError(f"the {self._known_model().name} has no {what}")
