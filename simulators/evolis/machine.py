"""The printer as one machine: a worker that moves and prints, and state that may be asked meanwhile."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from simulators.evolis.errors import ERROR_MODES, MachineFault, PowerLost
from simulators.evolis.framing import Framing
from simulators.evolis.mechanism import Mechanism
from simulators.evolis.memory import Memory
from simulators.evolis.stations import STATIONS
from simulators.evolis.status import Error, Extension1, Info, StatusWords, Warn
from simulators.evolis.truth import Place

POSITIONS = {
    Place.FEEDER: Info.CARD_FEEDER,
    Place.CONTACT: Info.CARD_SMART,
    Place.CONTACTLESS: Info.CARD_CONTACTLESS,
    Place.PRINT: Info.CARD_PRINT,
    Place.FLIP: Info.CARD_FLIP,
    Place.EJECT: Info.CARD_EJECT,
}
RIBBON_LOW = 0.1  # assumed: share of the sets below which the ribbon is low
FEEDER_LOW = 5  # assumed: cards in the hopper below which it is near empty

Action = Callable[[], None]


class Machine:
    """One printer between its power switch and its ports.

    `changed` guards and announces every change of state. Moves run one after the other in a worker thread;
    errors are handled as Pem says: told to the host, or kept inside until a person acts (G).
    """

    def __init__(self, mechanism: Mechanism, framing: Framing, changed: threading.Condition) -> None:
        self.mechanism = mechanism
        self.framing = framing
        self.changed = changed
        self.powered = True
        self.plugged = True  # into the host
        self.last_reply = b"0\x00"  # to any host; a fault of the line repeats it in the wrong place
        self.memory = self._fresh_memory()
        self.on_power_loss: list[Action] = []  # hangs up the hosts; a pulled cable does so too
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mechanism")
        self._tasks = 0

    def close(self) -> None:
        """Stop the worker; a step under way is abandoned like in a power cut."""
        self._go_dark()
        self._worker.shutdown(wait=True, cancel_futures=True)
        self.mechanism.stations.close()

    # ---- work ----

    def perform(
        self,
        action: Action,
        restart: Action | None = None,
        on_fault: Callable[[MachineFault], None] | None = None,
    ) -> Future[None]:
        """Queue a step for the worker.

        The future's exception is MachineFault when the host must handle the error, PowerLost when the power
        went. `restart` is run in the place of `action` when a person has mended the cause of an error;
        `on_fault` is told of a fault that ends the step, before anything else is done.
        """
        with self.changed:
            if not self.powered:
                raise PowerLost
            epoch = self.mechanism.power_epoch
            self._tasks += 1

        def guarded() -> None:
            try:
                self._run(action, restart or action, epoch)
            except MachineFault as fault:
                if on_fault is not None:
                    on_fault(fault)
                raise
            finally:
                with self.changed:
                    self._tasks -= 1
                    self.changed.notify_all()

        future = self._worker.submit(guarded)
        future.add_done_callback(_tell_of_mistakes)
        return future

    def wait_until_idle(self, given_up: Callable[[], bool]) -> None:
        """Block while anything moves; return early when the caller has given up."""
        with self.changed:
            while self._tasks and not given_up():
                self.changed.wait(0.2)

    def wait_until_writable(self, given_up: Callable[[], bool]) -> None:
        """Block while the printer waits for a person: host writes hang then (G)."""
        with self.changed:
            while self.memory.waits_for_person and not given_up():
                self.changed.wait(0.2)

    def _run(self, action: Action, restart: Action, epoch: int) -> None:
        while True:
            if self.mechanism.power_epoch != epoch:
                raise PowerLost
            try:
                action()
                return
            except PowerLost:
                if self.mechanism.power_epoch == epoch:
                    self._go_dark()
                self._drop_everything()
                raise
            except MachineFault as fault:
                self._latch(fault)
                mode = self.memory.error_mode
                if mode.host_handles or not fault.waits:
                    raise
                self._wait_for_person(epoch)
                if not mode.retries:
                    raise
                action = restart

    def _latch(self, fault: MachineFault) -> None:
        with self.changed:
            self.memory.errors |= fault.error
            self.changed.notify_all()

    def _wait_for_person(self, epoch: int) -> None:
        memory = self.memory
        with self.changed:
            memory.waits_for_person = True
            while self.mechanism.obstructed() and self.mechanism.power_epoch == epoch:
                self.changed.wait(0.2)
            memory.waits_for_person = False
            memory.errors = Error(0)
            self.changed.notify_all()

    @property
    def moving(self) -> bool:
        """Whether anything moves; a printer that waits for a person does not."""
        return self._tasks > 0 and not self.memory.waits_for_person

    # ---- cable and power ----

    @property
    def reachable(self) -> bool:
        """Whether a host can talk to the printer."""
        return self.powered and self.plugged

    def pull_cable(self) -> None:
        """Lose the host; what moves goes on."""
        self.plugged = False
        for hang_up in list(self.on_power_loss):
            hang_up()

    def plug_cable(self) -> None:
        """Connect the host again."""
        self.plugged = True

    def cut_power(self) -> None:
        """Lose the power: what moves stops, the line is dead."""
        self._go_dark()
        self.wait_until_idle(lambda: False)
        self._drop_everything()

    def power_cycle(self) -> None:
        """Switch off and on again: the working memory is lost, the card stays where it is."""
        self.cut_power()
        self.power_on()

    def power_on(self) -> None:
        """Start with a fresh working memory."""
        with self.changed:
            self.memory = self._fresh_memory()
            self.framing.change(())
            self._watch_cover()
            self.powered = True
            self.changed.notify_all()
        self.represent()

    def soft_reset(self) -> None:
        """Obey `Srs`: as after power on (G)."""
        with self.changed:
            if self.memory.job is not None:
                self.memory.job.failed = True  # assumed: what is under the head is finished, no more is begun
            self.memory = self._fresh_memory()
            self.framing.change(())
            self._watch_cover()
            self.changed.notify_all()

    def _go_dark(self) -> None:
        with self.changed:
            self.powered = False
            self.mechanism.power_epoch += 1
            self.changed.notify_all()
        for hang_up in list(self.on_power_loss):
            hang_up()

    def _drop_everything(self) -> None:
        self.mechanism.abandon_run()
        self.mechanism.stations.withdraw_all()

    def represent(self) -> None:
        """Put the card that stands at a chip station on the reader again (after power on)."""
        truth = self.mechanism.truth
        if truth.inside is not None and truth.place in STATIONS:
            folder = self.mechanism.cards.chip_folder(truth.inside)
            self.mechanism.stations.present(truth.inside, folder, STATIONS[truth.place])

    def _fresh_memory(self) -> Memory:
        return Memory(error_mode=ERROR_MODES[self.mechanism.truth.saved_error_mode])

    # ---- settings ----

    def set_error_mode(self, number: int, keep: bool) -> None:
        """Obey `Pem`; `keep` saves the mode over power-off (G)."""
        with self.changed:
            self.memory.error_mode = ERROR_MODES[number]
            self._watch_cover()
            if keep:
                self.mechanism.truth.saved_error_mode = number
                self.mechanism.save()

    def clear_errors(self) -> None:
        """Obey `Scs`: the error line goes, but not while a card is stuck (assumed)."""
        with self.changed:
            self.memory.errors &= Error.MECHANICAL if self.mechanism.truth.stuck else Error(0)
            self.memory.just_rebooted = False
            if self.memory.job is not None and self.memory.job.failed:
                self.memory.job = None
            self.changed.notify_all()

    def _watch_cover(self) -> None:
        self.mechanism.cover_watched = self.memory.error_mode.watches_cover

    # ---- status ----

    def status(self) -> StatusWords:
        """Return the status words of this moment."""
        with self.changed:
            extension = Extension1(0)
            if len(self.mechanism.truth.hopper) < FEEDER_LOW:
                extension |= Extension1.FEEDER_NEAR_EMPTY
            return StatusWords(
                self.mechanism.model.config, self._info(), self._warning(), self.memory.errors, extension
            )

    def _info(self) -> Info:
        truth, memory = self.mechanism.truth, self.memory
        job = memory.job is not None and not memory.job.failed
        info = POSITIONS[truth.place] if truth.place in POSITIONS else Info(0)
        flags = {
            Info.BUSY: self._tasks > 0 or job,
            Info.PRINTING: job,
            Info.PRINTER_HANDLES_ERRORS: not memory.error_mode.host_handles,
            Info.JUST_REBOOTED: memory.just_rebooted,
            Info.RIBBON_LOW: truth.ribbon.sets_left < truth.ribbon.capacity * RIBBON_LOW,
            Info.CLEANING_REQUIRED: truth.cleaning_due,
            Info.RIBBON_CHANGED: truth.ribbon.changed,
        }
        for flag, on in flags.items():
            info |= flag if on else Info(0)
        return info

    def _warning(self) -> Warn:
        truth, mechanism = self.mechanism.truth, self.mechanism
        warning = Warn(0)
        flags = {
            Warn.COVER_OPEN: truth.cover_open,
            Warn.FEEDER_EMPTY: truth.feeder_empty,
            Warn.REJECT_BOX_FULL: mechanism.reject_box_full(),
            Warn.HOPPER_FULL: truth.tray >= mechanism.tray_capacity,
            Warn.CARD_ON_EJECT: truth.place is Place.EJECT and not truth.stuck,
            Warn.WAIT_CARD: self.memory.waits_for_card,
            Warn.RIBBON_ENDED: truth.ribbon.broken or truth.ribbon.sets_left + len(truth.ribbon.window) == 0,
            Warn.HEAD_COOLING: mechanism.head_is_hot(),
        }
        for flag, on in flags.items():
            warning |= flag if on else Warn(0)
        return warning


def _tell_of_mistakes(future: Future[None]) -> None:
    """Show what is no fault of the printer but a mistake of this program."""
    mistake = None if future.cancelled() else future.exception()
    if mistake is not None and not isinstance(mistake, MachineFault | PowerLost):
        sys.stderr.write("".join(traceback.format_exception(mistake)))
