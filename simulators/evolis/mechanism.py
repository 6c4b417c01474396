"""The moving parts: rollers, stations, head, flip-over, trays. One step at a time, each may fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulators.clock import SimulatorClock
from simulators.evolis.cards import CardStore
from simulators.evolis.errors import MachineFault, PowerLost
from simulators.evolis.models import Model
from simulators.evolis.raster import Ink
from simulators.evolis.ribbons import ribbon_named
from simulators.evolis.stations import STATIONS, ChipStations
from simulators.evolis.status import Error
from simulators.evolis.timing import MachineTiming
from simulators.evolis.truth import INSIDE, Place, PrinterTruth, Side, save_printer
from simulators.fault_menu import FaultMenu

SLICE = 0.1  # seconds of wall time after which a moving part looks at power and cover
Action = Callable[[], None]
AT_DEFAULT = 2  # panels after which a fault in the middle of a card strikes, when its argument is empty


@dataclass
class _Run:
    """The printing of one card from its first panel to its ejection."""

    uid: str
    panels: int = 0
    jam_after: int | None = None
    ribbon_ends_after: int | None = None


class Mechanism:
    """The path of the card through one printer. Only the machine's worker thread calls its moves."""

    def __init__(
        self,
        truth: PrinterTruth,
        path: Path,
        cards: CardStore,
        stations: ChipStations,
        model: Model,
        timing: MachineTiming,
        clock: SimulatorClock,
        faults: FaultMenu,
        lock: threading.Condition,
    ) -> None:
        self.truth = truth
        self.cards = cards
        self.stations = stations
        self.model = model
        self.timing = timing
        self.clock = clock
        self.power_epoch = 0  # rises at each power loss
        self.cover_watched = True
        self.tray_capacity = model.tray_capacity
        self.head_hot_until = 0.0
        self._path = path
        self._faults = faults
        self._lock = lock
        self._run: _Run | None = None

    def save(self) -> None:
        """Write the truth to disk and tell who waits for a change."""
        with self._lock:
            save_printer(self._path, self.truth)
            self._lock.notify_all()

    # ---- cards made ----

    def make_card(self) -> str:
        """Make one blank that is in nobody's hopper yet."""
        uid = self.cards.make(self.truth.cards_made)
        with self._lock:
            self.truth.cards_made += 1
        self.save()
        return uid

    def fill_hopper(self, count: int) -> list[str]:
        """Lay blanks under those in the hopper; return their UIDs."""
        made = [self.cards.make(self.truth.cards_made + index) for index in range(count)]
        with self._lock:
            self.truth.cards_made += count
            self.truth.hopper += made
            self.truth.feeder_empty = False
        self.save()
        return made

    def lay_in(self, uid: str) -> str:
        """Lay a card that has been out under those in the hopper; return its UID."""
        was, counted = self.cards.record(uid).place, self.truth
        with self._lock:
            counted.tray -= was is Place.TRAY
            counted.reject_box -= was is Place.REJECT_BOX
            counted.hopper.append(uid)
            counted.feeder_empty = False
        self.save()
        self.cards.note(uid, Place.HOPPER, "laid in by a person")
        return uid

    # ---- moves ----

    def feed(self) -> None:
        """Take the next card of the hopper into the machine."""
        if self.truth.inside is not None:
            return
        self.spend(self.timing.feed, "feed")
        argument = self._faults.strike("feeder_empty")
        if argument is not None or not self.truth.hopper:
            with self._lock:
                self.truth.feeder_empty = True
            self.save()
            raise MachineFault("ERR FEEDER EMPTY")
        with self._lock:
            self._enter(self.truth.hopper.pop(0))
        if self._faults.strike("double_feed") is not None:
            self._double_feed()

    def insert_by_hand(self, uid: str) -> None:
        """Take a card that a person holds into the slot."""
        self.spend(self.timing.feed, "feed")
        with self._lock:
            self._enter(uid)

    def to_station(self, place: Place) -> None:
        """Bring the card inside to a station; it is on the reader when it arrives."""
        if self.truth.place is place:
            return
        seconds = {
            Place.CONTACT: self.timing.seat,
            Place.CONTACTLESS: self.timing.field,
            Place.PRINT: self.timing.to_print,
        }[place]
        if self.truth.place is Place.FEEDER and place is Place.PRINT:
            seconds = 0.0  # within the feed time: a plain card never stops at a chip station
        jam = "jam_before_print" if place is Place.PRINT else "jam_at_station"
        self._move(place, seconds, jam)

    def eject(self, to: Place) -> None:
        """Bring the card out: to the tray, the reject box, or the slot at the front where a hand takes it."""
        uid = self._card_inside()
        self._check_run(uid)
        with self.clock.computing():
            self._finish_run(uid)
        if to is Place.TRAY and self.truth.tray >= self.tray_capacity:
            raise MachineFault("ERR HOPPER FULL", Error.HOPPER_FULL)
        if to is Place.REJECT_BOX and self.reject_box_full():
            raise MachineFault("ERR REJECT BOX FULL", Error.REJECT_BOX_FULL)
        if self._faults.strike("jam_after_print") is not None:
            self._leave_station()
            self.spend(self.timing.eject / 2, "eject")
            self._jam(Place.EJECT, "jam on the way out")
        self._move(to, self.timing.eject, None, "eject")

    # ---- printing ----

    def begin_side(self, side: Side, first_panel: str, bring_in: Action) -> None:
        """Bring the card under the head, the side upwards, and the ribbon to the first panel.

        Supplies are looked at first, so that no blank is lost to what is missing (assumed).
        """
        self._check_supplies(first_panel)
        bring_in()
        if self._run is None or self._run.uid != self.truth.inside:
            self._run = self._new_run(self._card_inside())
        self.to_station(Place.PRINT)
        if self.truth.upper_side != side:
            self._flip(side)
        with self._lock:
            self.truth.ribbon.changed = False
        self.cards.begin_side(self._card_inside(), side)

    def print_panel(self, side: Side, panel: str, ink: Ink) -> None:
        """Print one panel on the card under the head, and count it."""
        uid = self._card_inside()
        if self._run is None:
            raise MachineFault("ERR INTERNAL", Error.INTERNAL, waits=False)
        self._check_run(uid)
        if self._run.ribbon_ends_after is not None and self._run.panels >= self._run.ribbon_ends_after:
            self._run.ribbon_ends_after = None
            self._end_ribbon()
        self._take_panel(panel)
        mono = ribbon_named(self.truth.ribbon.kind).is_mono
        self.spend(self.timing.mono_panel if mono else self.timing.panel, "panel")
        with self.clock.computing():
            self.cards.print_panel(uid, side, panel, ink)
            with self._lock:
                self.truth.panels_printed += 1
            self._run.panels += 1
            self.save()

    def abandon_run(self) -> None:
        """Stop printing where it is; the picture shows what is on the card."""
        self._run = None
        with self._lock:
            self.truth.ribbon.window = ""
        if self.truth.inside is not None:
            self.cards.develop(self.truth.inside)

    # ---- conditions ----

    def reject_box_full(self) -> bool:
        """Whether no card fits into the reject box."""
        return self.truth.reject_box_full or self.truth.reject_box >= self.model.reject_capacity

    def head_is_hot(self) -> bool:
        """Whether the head must cool down."""
        return self.clock.now() < self.head_hot_until

    def obstructed(self) -> bool:
        """Whether something is in the way that only a person can mend."""
        truth = self.truth
        ribbon_gone = truth.ribbon.broken or (truth.ribbon.sets_left == 0 and not truth.ribbon.window)
        tray_full = truth.tray >= self.tray_capacity
        return any(
            (
                truth.stuck,
                truth.cover_open and self.cover_watched,
                truth.feeder_empty,
                ribbon_gone,
                tray_full,
                self.reject_box_full(),
                self.head_is_hot(),
            )
        )

    def spend(self, seconds: float, site: str) -> None:
        """Let a step take its time.

        Raises:
            PowerLost: the power went.
            MachineFault: the card is stuck, or the cover is open.
        """
        epoch = self.power_epoch
        cut = self._faults.strike("power_cut", only=site) is not None
        left = seconds / 2 if cut else seconds
        self._look(epoch)
        while left > 0:
            step = min(left, SLICE * self.clock.speed) if self.clock.speed else left
            self.clock.sleep(step)
            left -= step
            self._look(epoch)
        if cut:
            raise PowerLost

    # ---- inside ----

    def _look(self, epoch: int) -> None:
        if self.power_epoch != epoch:
            raise PowerLost
        if self.truth.stuck:
            raise MachineFault("ERR MECHANICAL", Error.MECHANICAL)
        if self.truth.cover_open and self.cover_watched:
            raise MachineFault("ERR COVER", Error.COVER_OPEN)

    def _card_inside(self) -> str:
        if self.truth.inside is None:
            raise MachineFault("NO CARD", waits=False)
        return self.truth.inside

    def _enter(self, uid: str) -> None:
        self.truth.inside = uid
        self.truth.upper_side = "front"
        self.truth.feeder_empty = False
        self.truth.cards_inserted += 1
        self._arrive(Place.FEEDER, "fed")

    def _move(self, place: Place, seconds: float, jam: str | None, site: str = "move") -> None:
        uid = self._card_inside()
        self._leave_station()
        self.spend(seconds / 2, site)
        if jam is not None and self._faults.strike(jam) is not None:
            self._jam(self.truth.place or Place.FEEDER, "jam before the station")
        self.spend(seconds / 2, site)
        self._arrive(place, "moved")
        if place in STATIONS:
            self.stations.present(uid, self.cards.chip_folder(uid), STATIONS[place])

    def _arrive(self, place: Place, what: str) -> None:
        uid = self._card_inside()
        with self._lock:
            self.truth.place = place if place in INSIDE else None
            self.truth.inside = uid if place in INSIDE else None
            self.truth.tray += place is Place.TRAY
            self.truth.reject_box += place is Place.REJECT_BOX
            self.truth.last_moved, self.truth.last_place = uid, place
        self.save()
        self.cards.note(uid, place, what)
        if place not in INSIDE:
            self.cards.drop_ink(uid)

    def _leave_station(self) -> None:
        if self.truth.place in STATIONS:
            self.stations.withdraw(STATIONS[self.truth.place])

    def _flip(self, side: Side) -> None:
        self._move(Place.FLIP, self.timing.flip / 2, None)
        with self._lock:
            self.truth.upper_side = side
        self._move(Place.PRINT, self.timing.flip / 2, None)

    def _jam(self, place: Place, what: str) -> None:
        uid = self._card_inside()
        with self._lock:
            self.truth.stuck = True
            self.truth.place = place
            self.truth.last_moved, self.truth.last_place = uid, place
        self.save()
        self.cards.note(uid, place, what)
        raise MachineFault("ERR MECHANICAL", Error.MECHANICAL)

    def _double_feed(self) -> None:
        if self.truth.hopper:
            with self._lock:
                second = self.truth.hopper.pop(0)
            self.save()
            # assumed: the second card is squeezed against the first; the person who frees them throws it away
            self.cards.note(second, Place.REMOVED, "double feed")
        with self._lock:
            self.truth.stuck = True
        self.save()
        raise MachineFault("ERR FEEDER", Error.FEEDER)

    def _new_run(self, uid: str) -> _Run:
        return _Run(uid, 0, self._after("jam_in_print"), self._after("ribbon_out_between_panels"))

    def _after(self, fault: str) -> int | None:
        argument = self._faults.strike(fault)
        if argument is None:
            return None
        return int(argument) if argument.isdigit() else AT_DEFAULT

    def _check_run(self, uid: str) -> None:
        run = self._run
        if run is None or run.uid != uid or run.jam_after is None or run.panels < run.jam_after:
            return
        run.jam_after = None
        self.spend(self.timing.panel / 2, "panel")
        self._jam(Place.PRINT, "jam in the print station")

    def _finish_run(self, uid: str) -> None:
        self.cards.develop(uid)
        with self._lock:
            self.truth.ribbon.window = ""
        self._run = None

    def _check_supplies(self, first_panel: str) -> None:
        ribbon = self.truth.ribbon
        if self.head_is_hot():
            raise MachineFault("ERR HEAD TEMPERATURE", Error.HEAD_TEMPERATURE)
        if ribbon.broken or (first_panel not in ribbon.window and ribbon.sets_left == 0):
            with self._lock:
                ribbon.window = ""
            raise MachineFault("ERR RIBBON ENDED", Error.RIBBON_ENDED)

    def _take_panel(self, panel: str) -> None:
        """Wind the ribbon to the panel; a set that has it no longer is left behind."""
        ribbon = self.truth.ribbon
        with self._lock:
            if panel not in ribbon.window:
                if ribbon.sets_left == 0:
                    ribbon.window = ""
                    raise MachineFault("ERR RIBBON ENDED", Error.RIBBON_ENDED)
                ribbon.sets_left -= 1
                ribbon.window = ribbon_named(ribbon.kind).panels
            ribbon.window = ribbon.window[ribbon.window.index(panel) + 1 :]

    def _end_ribbon(self) -> None:
        with self._lock:
            self.truth.ribbon.broken = True
            self.truth.ribbon.sets_left = 0
        self.save()
        raise MachineFault("ERR RIBBON ENDED", Error.RIBBON_ENDED)
