"""The chip stations: the chip of the card that stands there is on the reader, and only then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from simulators.chip.card import Card
from simulators.evolis.truth import Place
from simulators.fault_menu import FaultMenu

Interface = Literal["contact", "contactless"]
STATIONS: dict[Place, Interface] = {Place.CONTACT: "contact", Place.CONTACTLESS: "contactless"}
INTERFACES: tuple[Interface, Interface] = ("contact", "contactless")


class SlotFaultMenu(Protocol):
    """The faults of one reader slot."""

    def arm(self, name: str, at: int = 1, count: int = 1) -> None:
        """Arm a fault; ValueError if it is unknown."""


class Slot(Protocol):
    """One slot of the reader in the printer."""

    @property
    def faults(self) -> SlotFaultMenu:
        """The slot's own fault menu."""

    def insert(self, card: Card) -> None:
        """Present the card."""

    def remove(self) -> None:
        """Take the card away."""

    def close(self) -> None:
        """End the slot."""


@dataclass(frozen=True)
class ChipFault:
    """A fault of a card or a slot, as the admin port names it: name[:at[:count[:file]]]."""

    name: str
    at: int = 1
    count: int = 1
    file: int | None = None

    @classmethod
    def parse(cls, text: str) -> ChipFault:
        """Read the text.

        Raises:
            ValueError: it is not of this form.
        """
        name, *numbers = text.split(":")
        at, count, file = [*numbers, "", "", ""][:3]
        return cls(name, int(at or 1), int(count or 1), int(file, 16) if file else None)


class ChipStations:
    """The contact and the contactless station of one printer, each with its slot, if there is a reader."""

    def __init__(
        self, slots: Mapping[Interface, Slot], faults: FaultMenu, sleep: Callable[[float], None]
    ) -> None:
        self._slots = slots
        self._faults = faults
        self._sleep = sleep
        self._present: dict[Interface, str] = {}

    def present(self, uid: str, chip_folder: Path, interface: Interface) -> None:
        """Put the chip of this card on the reader."""
        self.withdraw(interface)
        card_fault, slot_fault = self._faults.strike("chip"), self._faults.strike("reader")
        slot = self._slots.get(interface)
        if slot is None:
            return
        card = Card(chip_folder, sleep=self._sleep)
        if card_fault is not None:
            wish = ChipFault.parse(card_fault)
            card.faults.arm(wish.name, wish.at, wish.count, wish.file)
        if slot_fault is not None:
            wish = ChipFault.parse(slot_fault)
            slot.faults.arm(wish.name, wish.at, wish.count)
        slot.insert(card)
        self._present[interface] = uid

    def has_reader(self, interface: Interface) -> bool:
        """Whether there is a reader at that station."""
        return interface in self._slots

    def withdraw(self, interface: Interface) -> None:
        """Take whatever card is there off the reader."""
        if self._present.pop(interface, None) is not None:
            self._slots[interface].remove()

    def withdraw_all(self) -> None:
        """Take both stations' cards off the reader."""
        for interface in INTERFACES:
            self.withdraw(interface)

    def occupant(self, interface: Interface) -> str | None:
        """Return the UID of the card on this slot."""
        return self._present.get(interface)

    def close(self) -> None:
        """End the slots."""
        self.withdraw_all()
        for slot in self._slots.values():
            slot.close()
