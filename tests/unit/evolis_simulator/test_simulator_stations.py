"""The chip of the card that stands at a station is on the reader, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from simulators.admin import AdminError
from simulators.chip.blank import manufacture
from simulators.chip.card import Card
from simulators.evolis.stations import Interface, Slot
from tests.unit.evolis_simulator.printer_rig import Rig, equipment, running

BATCH_KEY = bytes(16)


@dataclass
class Menu:
    armed: list[tuple[str, int, int]] = field(default_factory=list)

    def arm(self, name: str, at: int = 1, count: int = 1) -> None:
        self.armed.append((name, at, count))


@dataclass
class RecordingSlot:
    """A slot that keeps the card in its hand."""

    card: Card | None = None
    faults: Menu = field(default_factory=Menu)

    def insert(self, card: Card) -> None:
        assert self.card is None
        self.card = card

    def remove(self) -> None:
        self.card = None

    def close(self) -> None:
        self.card = None


Slots = dict[Interface, RecordingSlot]


def present(slots: Slots) -> list[str | None]:
    """Return the UIDs on the contact and on the contactless reader."""
    cards = [slot.card for slot in slots.values()]
    return [None if card is None else card.uid.hex() for card in cards]


@contextmanager
def printer_with_reader(folder: Path) -> Iterator[tuple[Rig, Slots]]:
    slots: Slots = {"contact": RecordingSlot(), "contactless": RecordingSlot()}
    with_chips = replace(
        equipment(folder),
        make_chip=lambda chip, uid: manufacture(chip, uid, BATCH_KEY),
        slots=dict[Interface, Slot](slots),
    )
    with running(with_chips) as rig:
        assert rig.ask("Pem;2") == "OK"
        yield rig, slots


def test_a_card_is_on_the_reader_only_while_it_stands_at_the_station(tmp_path: Path) -> None:
    with printer_with_reader(tmp_path) as (rig, slots):
        assert present(slots) == [None, None]
        seen = []
        for move in ("Sis", "Sic", "Si", "Sis", "Ser"):
            assert rig.ask(move) == "OK"
            seen.append(present(slots))
        uid = rig.printed().uid
        assert seen == [[uid, None], [None, uid], [None, None], [uid, None], [None, None]]


def test_each_card_brings_its_own_chip(tmp_path: Path) -> None:
    with printer_with_reader(tmp_path) as (rig, slots):
        uids = []
        for _ in range(3):
            rig.ask("Sic")
            uids.append(present(slots)[1])
            rig.ask("Sce")
        assert len(set(uids)) == 3
        assert None not in uids


def test_a_restart_finds_the_card_at_its_station(tmp_path: Path) -> None:
    with printer_with_reader(tmp_path) as (rig, slots):
        rig.ask("Sic")
        uid = present(slots)[1]
    assert present(slots) == [None, None]
    with printer_with_reader(tmp_path) as (rig, slots):
        assert present(slots) == [None, uid]


def test_power_off_takes_the_chip_off_and_power_on_brings_it_back(tmp_path: Path) -> None:
    with printer_with_reader(tmp_path) as (rig, slots):
        rig.ask("Sis")
        uid = present(slots)[0]
        rig.printer.machine.cut_power()
        assert present(slots) == [None, None]
        rig.person("power_cycle")
        assert present(slots) == [uid, None]


def test_chip_and_reader_faults_are_armed_on_the_card_they_are_meant_for(tmp_path: Path) -> None:
    with printer_with_reader(tmp_path) as (rig, slots):
        rig.printer.fault("chip:bad_readback:1:1:6FF2", 2, 1)
        rig.printer.fault("reader:late:4", 2, 1)
        rig.ask("Sic")
        assert slots["contactless"].faults.armed == []
        rig.ask("Sce")
        rig.ask("Sic")
        card = slots["contactless"].card
        assert card is not None
        assert slots["contactless"].faults.armed == [("late", 4, 1)]
        assert card.faults.strike_command(0xB0, 0x6FF1) is None
        assert card.faults.strike_command(0xB0, 0x6FF2) is not None


def test_a_found_card_can_be_laid_on_the_reader(tmp_path: Path) -> None:
    with printer_with_reader(tmp_path) as (rig, slots):
        rig.ask("Sie")
        found = rig.printed().uid
        rig.person("put_card_on_reader", uid=found, interface="contactless")
        assert present(slots) == [None, found]
        with pytest.raises(AdminError):
            rig.person("put_card_on_reader", uid=found, interface="contactless")
        assert rig.person("take_card_off_reader", interface="contactless") == found
        assert present(slots) == [None, None]
        in_hopper = rig.printer.machine.mechanism.truth.hopper[0]
        for uid in (in_hopper, "nonsense"):
            with pytest.raises(AdminError):
                rig.person("put_card_on_reader", uid=uid, interface="contactless")


def test_a_person_sees_the_printer_and_one_card_without_the_rest(tmp_path: Path) -> None:
    with printer_with_reader(tmp_path) as (rig, _):
        rig.ask("Sic")
        seen = rig.person("look")
        assert isinstance(seen, dict)
        assert (seen["place"], seen["moving"], seen["powered"], seen["stuck"]) == (
            "contactless",
            False,
            True,
            False,
        )
        assert seen["hopper"] == len(rig.printer.machine.mechanism.truth.hopper)
        card = rig.person("look_at_card", uid=seen["inside"])
        assert isinstance(card, dict)
        assert (card["uid"], card["place"]) == (seen["inside"], "contactless")
        with pytest.raises(AdminError):
            rig.person("look_at_card", uid="00")
