"""A person at the printer: what hands can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulators.admin import AdminError
from simulators.evolis.errors import Refused
from simulators.evolis.loading import Loading
from simulators.evolis.machine import Machine
from simulators.evolis.ribbons import ribbon_named
from simulators.evolis.stations import INTERFACES, Interface
from simulators.evolis.truth import INSIDE, Place, card_as_json, printer_as_json

Arguments = Mapping[str, object]


class Person:
    """Does things at one printer; each action takes no machine time."""

    def __init__(self, machine: Machine, loading: Loading) -> None:
        self._machine = machine
        self._loading = loading
        self._mechanism = machine.mechanism
        self._truth = machine.mechanism.truth
        self._actions: dict[str, Callable[[Arguments], object]] = {
            "clear_jam": self._clear_jam,
            "fill_hopper": self._fill_hopper,
            "lay_into_hopper": lambda given: self._mechanism.lay_in(self._outside(str(given.get("uid")))),
            "change_ribbon": self._change_ribbon,
            "empty_reject_box": lambda _: self._empty(Place.REJECT_BOX),
            "empty_tray": lambda _: self._empty(Place.TRAY),
            "open_cover": lambda _: self._set_cover(True),
            "close_cover": lambda _: self._set_cover(False),
            "take_card": lambda _: self._take_from_slot(),
            "insert_card_by_hand": self._insert_by_hand,
            "put_card_on_reader": self._put_on_reader,
            "take_card_off_reader": self._take_off_reader,
            "clean": lambda _: self._clean(),
            "let_head_cool": lambda _: self._cool(),
            "power_cycle": lambda _: machine.power_cycle(),
            "pull_cable": lambda _: machine.pull_cable(),
            "plug_cable": lambda _: machine.plug_cable(),
            "look": lambda _: self._look(),
            "look_at_card": lambda given: card_as_json(self._mechanism.cards.record(str(given.get("uid")))),
        }

    def act(self, action: str, arguments: Arguments) -> object:
        """Do one action; the result is a JSON value or None.

        Raises:
            AdminError: it is unknown, or not possible now.
        """
        if action not in self._actions:
            raise AdminError(f"no such action: {action} (known: {', '.join(self._actions)})")
        try:
            return self._actions[action](arguments)
        except (Refused, ValueError, KeyError) as error:
            raise AdminError(str(error)) from error

    def _clear_jam(self, arguments: Arguments) -> object:
        """Open the cover, free the card, close the cover; with take_card_out the card is thrown away."""
        uid = self._truth.inside
        with self._machine.changed:
            self._truth.stuck = False
            self._truth.cover_open = False
            if arguments.get("take_card_out"):
                self._truth.inside = self._truth.place = None
                self._truth.last_moved, self._truth.last_place = uid, Place.REMOVED
            self._mechanism.save()
        if uid is not None and self._truth.inside is None:
            self._mechanism.stations.withdraw_all()
            self._leave(uid)
        return uid

    def _fill_hopper(self, arguments: Arguments) -> object:
        return self._mechanism.fill_hopper(_count(arguments))

    def _change_ribbon(self, arguments: Arguments) -> object:
        kind = ribbon_named(str(arguments.get("kind", self._truth.ribbon.kind)))
        sets = arguments.get("sets", self._truth.ribbon.capacity)
        if not isinstance(sets, int) or sets < 0:
            raise ValueError("sets must be a whole number")
        with self._machine.changed:
            ribbon = self._truth.ribbon
            ribbon.kind, ribbon.sets_left, ribbon.window = kind.name, sets, ""
            ribbon.broken, ribbon.changed = False, True
            self._mechanism.save()
        return None

    def _empty(self, place: Place) -> object:
        taken = [record.uid for record in self._mechanism.cards.records() if record.place is place]
        with self._machine.changed:
            if place is Place.TRAY:
                self._truth.tray = 0
            else:
                self._truth.reject_box = 0
                self._truth.reject_box_full = False
            self._mechanism.save()
        for uid in taken:
            self._leave(uid)
        return taken

    def _set_cover(self, is_open: bool) -> object:
        with self._machine.changed:
            self._truth.cover_open = is_open
            self._mechanism.save()
        return None

    def _take_from_slot(self) -> object:
        uid = self._truth.inside
        if uid is None or self._truth.place is not Place.EJECT or self._truth.stuck:
            raise ValueError("no card stands in the slot")
        with self._machine.changed:
            self._truth.inside = self._truth.place = None
            self._truth.last_moved, self._truth.last_place = uid, Place.REMOVED
            self._mechanism.save()
        self._leave(uid)
        return uid

    def _insert_by_hand(self, arguments: Arguments) -> object:
        uid = arguments.get("uid")
        chosen = self._mechanism.make_card() if uid is None else self._outside(str(uid))
        self._loading.offer(chosen)
        return chosen

    def _put_on_reader(self, arguments: Arguments) -> object:
        uid, interface = self._outside(str(arguments.get("uid"))), _interface(arguments)
        if not self._mechanism.stations.has_reader(interface):
            raise ValueError("the printer has no such reader")
        if self._mechanism.stations.occupant(interface) is not None:
            raise ValueError("a card is on that reader already")
        self._mechanism.stations.present(uid, self._mechanism.cards.chip_folder(uid), interface)
        return None

    def _take_off_reader(self, arguments: Arguments) -> object:
        interface = _interface(arguments)
        uid = self._mechanism.stations.occupant(interface)
        if uid is None or uid == self._truth.inside:
            raise ValueError("no card lies on that reader")
        self._mechanism.stations.withdraw(interface)
        return uid

    def _clean(self) -> object:
        with self._machine.changed:
            self._truth.cleaning_due = False
            self._mechanism.save()
        return None

    def _cool(self) -> object:
        with self._machine.changed:
            self._mechanism.head_hot_until = 0.0
            self._machine.changed.notify_all()
        return None

    def _look(self) -> object:
        """See what can be seen from outside, without the cards: somebody may look many times a second."""
        with self._machine.changed:
            return printer_as_json(self._truth) | {
                "hopper": len(self._truth.hopper),
                "reject_box_full": self._mechanism.reject_box_full(),
                "tray_full": self._truth.tray >= self._mechanism.tray_capacity,
                "head_hot": self._mechanism.head_is_hot(),
                "powered": self._machine.powered,
                "plugged": self._machine.plugged,
                "moving": self._machine.moving,
            }

    def _leave(self, uid: str) -> None:
        self._mechanism.cards.develop(uid)
        self._mechanism.cards.note(uid, Place.REMOVED, "taken by a person")
        self._mechanism.cards.drop_ink(uid)

    def _outside(self, uid: str) -> str:
        if self._mechanism.cards.record(uid).place in INSIDE | {Place.HOPPER}:
            raise ValueError("that card is in the machine")
        return uid


def _count(arguments: Arguments) -> int:
    count = arguments.get("count")
    if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= 100_000:
        raise ValueError("count must be a whole number above 0")
    return count


def _interface(arguments: Arguments) -> Interface:
    for interface in INTERFACES:
        if arguments.get("interface", "contactless") == interface:
            return interface
    raise ValueError(f"interface must be one of {', '.join(INTERFACES)}")
