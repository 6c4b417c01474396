"""What a lane works with, and how it waits for its printer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from station.clock import Clock
from station.database import Database
from station.errors import DeviceAbsent, DeviceFault, OutcomeUnknown, StationError
from station.gate.gate import Gate
from station.journal.store import Journal, Place
from station.lanes import store as lane_store
from station.language import marked
from station.notices import Notice, NoticeBoard
from station.ports import CardPosition, CardPrinter, ChipEncoder, PrinterCondition, PrinterReading
from station.settings import PolicySettings

POLL = 0.1
ATTENTION_POLL = 0.5
ABSENCE_POLL = 1.0
SILENCES = 3  # unanswered questions after which the lane is shown as waiting
CARD_IN_PATH = "card_in_path"
Answer = TypeVar("Answer")
ALWAYS_BLOCKING = frozenset({"cover_open", "head_cooling", "power_supply", "locked"})


class StopWish:
    """A wish to stop that a signal handler may set.

    No threading.Event: a second signal inside the handler of the first would wait for the event's own lock.
    """

    def __init__(self) -> None:
        self._wished = False

    def set(self) -> None:
        """Wish to stop."""
        self._wished = True

    def is_set(self) -> bool:
        """Tell whether somebody wants to stop."""
        return self._wished


class StopRequested(Exception):
    """Somebody wants the lane to stop; everything that happened is in the journal."""


@dataclass(frozen=True)
class LaneTools:
    """The one printer, the one reader and the shared journal of a lane.

    Attributes:
        seal: signs the journal's head, when a card is finished.
        gate: says what may be printed.
        stop: ends the lane's waits.
        require_room: refuses to begin a card when the disk has no room for its rows.
    """

    name: str
    database: Database
    journal: Journal
    clock: Clock
    notices: NoticeBoard
    printer: CardPrinter
    encoder: ChipEncoder
    policy: PolicySettings
    seal: Callable[[], None]
    gate: Gate
    stop: StopWish = field(default_factory=StopWish)
    require_room: Callable[[], None] = lambda: None

    def say(
        self,
        message: str,
        job: int | None = None,
        error: StationError | None = None,
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Tell the people something about this lane."""
        self.notices.post(Notice(self.name, job, message, values or {}, error))

    def pause(self, duration: float) -> None:
        """Wait a little.

        Raises:
            StopRequested: the lane is to stop.
        """
        if self.stop.is_set():
            raise StopRequested
        self.clock.sleep(duration)


@dataclass(frozen=True)
class Settled:
    """A printer that is idle and well, and the faults that were seen until it was.

    Attributes:
        faults: errors that may have cost a card. An open cover or a cooling head is none: it only waits.
    """

    reading: PrinterReading
    faults: tuple[str, ...]


@dataclass(frozen=True)
class _Look:
    """One look at a printer: what stands in the way, and what of it may have cost a card."""

    reading: PrinterReading | None
    errors: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()


def settle(
    tools: LaneTools, place: Place, blocking: frozenset[str] = frozenset(), *, path_empty: bool = False
) -> Settled:
    """Wait until the printer is idle, without an error and without a warning that stands in the way.

    Only such a reading counts as evidence. While something must be mended the lane wants attention, and it
    goes on by itself when the printer says that it is well.

    Args:
        tools: the lane.
        place: the job and attempt that wait.
        blocking: warnings that stand in the way of what comes next, besides `ALWAYS_BLOCKING`.
        path_empty: whether a card in the path stands in the way too, until somebody has taken it out.

    Raises:
        StopRequested: the lane is to stop.
    """
    faults: list[str] = []
    shown: tuple[str, ...] = ()
    attention = lane_wants_attention(tools)
    while True:
        look = _look(tools, blocking | ALWAYS_BLOCKING, path_empty)
        trouble = look.errors + look.waits
        if look.reading is not None and not trouble and look.reading.idle:
            if attention:
                _end_attention(tools, place)
            return Settled(look.reading, tuple(faults))
        faults += [error for error in look.errors if error not in faults]
        if trouble and trouble != shown:
            shown, attention = trouble, True
            _want_attention(tools, place, look)
        if look.reading is not None and look.reading.condition is PrinterCondition.ERROR:
            _try_to_clear(tools)
        tools.pause(ATTENTION_POLL if trouble else POLL)


def lane_wants_attention(tools: LaneTools) -> bool:
    """Say whether the lane is marked as waiting for somebody."""
    with tools.database.reading() as transaction:
        return lane_store.status(transaction, tools.name).state is lane_store.LaneState.ATTENTION


class DeviceWait:
    """A wait for a device that is away: the lane wants attention until it ends or `settle` is content."""

    def __init__(self, tools: LaneTools, place: Place) -> None:
        """Prepare a wait of this job and attempt; it begins with the first `go_on`."""
        self._tools, self._place = tools, place
        self._has_begun = False

    def go_on(self, error: StationError) -> None:
        """Wait a little more for what an error says is away.

        What a wait before this one has left on the screen, such as that of a process that has died, is
        replaced when this one begins. While it lasts, its first cause stays.

        Raises:
            StopRequested: the lane is to stop.
        """
        tools = self._tools
        with tools.database.reading() as transaction:
            shown = lane_store.status(transaction, tools.name)
        is_stale = not self._has_begun and shown.cause != error.code
        if shown.state is not lane_store.LaneState.ATTENTION or is_stale:
            cause = lane_store.AttentionCause(waits=(error.code,))
            with tools.database.transaction() as transaction:
                lane_store.want_attention(transaction, tools.clock, tools.journal, self._place, cause)
            tools.say(marked("Lane {lane} waits for somebody."), self._place.job, error, {"lane": tools.name})
        self._has_begun = True
        tools.pause(ABSENCE_POLL)

    def end(self) -> None:
        """End the attention that this wait has asked for, if it has begun at all."""
        if self._has_begun and lane_wants_attention(self._tools):
            _end_attention(self._tools, self._place)


def ask_printer(tools: LaneTools, place: Place, ask: Callable[[], Answer]) -> Answer:
    """Ask a printer something that moves nothing, until it answers: asking again uses nothing up.

    One answer that is lost says nothing; while the printer is away, or talks nonsense, the lane waits.

    Raises:
        DeviceFault: what the printer says.
        StopRequested: the lane is to stop.
    """
    silences, wait = 0, DeviceWait(tools, place)
    while True:
        try:
            answer = ask()
        except (DeviceAbsent, OutcomeUnknown) as error:
            silences += 1
            if silences < SILENCES:
                tools.pause(POLL)
            else:
                wait.go_on(error)
        else:
            wait.end()
            return answer


def _look(tools: LaneTools, blocking: frozenset[str], path_empty: bool) -> _Look:
    try:
        reading = tools.printer.read()
    except (DeviceAbsent, DeviceFault) as error:
        return _Look(None, waits=(error.code,))
    except OutcomeUnknown:
        return _Look(None)  # one unanswered look says nothing; the next one may
    errors = reading.errors
    if reading.condition in (PrinterCondition.ERROR, PrinterCondition.OFF):
        errors = errors or (reading.condition.value,)
    waits = tuple(warning for warning in reading.warnings if warning in blocking)
    if path_empty and reading.idle and reading.position is not CardPosition.NONE:
        waits += (CARD_IN_PATH,)
    return _Look(reading, errors, waits)


def _want_attention(tools: LaneTools, place: Place, look: _Look) -> None:
    cause = lane_store.AttentionCause(errors=look.errors, waits=look.waits)
    with tools.database.transaction() as transaction:
        lane_store.want_attention(transaction, tools.clock, tools.journal, place, cause)
    tools.say(
        marked("Lane {lane} waits for somebody."),
        place.job,
        DeviceFault("PRINTER_FAULT", reasons=look.errors + look.waits),
        {"lane": tools.name},
    )


def _end_attention(tools: LaneTools, place: Place) -> None:
    with tools.database.transaction() as transaction:
        lane_store.end_attention(transaction, tools.clock, tools.journal, place)
    tools.say(marked("Lane {lane} goes on."), place.job, values={"lane": tools.name})


def _try_to_clear(tools: LaneTools) -> None:
    """Ask the printer to forget its error: it does so only when the fault was mended."""
    try:
        tools.printer.clear_errors()
    except (DeviceAbsent, DeviceFault, OutcomeUnknown):
        return  # still there; the next look says so
