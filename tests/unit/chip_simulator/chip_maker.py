"""Makes cards for the tests of this folder, and the templates of their files."""

from pathlib import Path

from simulators.chip.blank import manufacture
from simulators.chip.card import Card
from tests.unit.chip_simulator.scp03_host import Host

BATCH_KEY = bytes.fromhex("A0A1A2A3A4A5A6A7A8A9AAABACADAEAF")
UID = bytes.fromhex("04112233445566")
CREATE_DF = bytes.fromhex("620A 820138 83027F0A 8A0101")
CREATE, UPDATE, READ, SELECT, ACTIVATE, TERMINATE = 0xE0, 0xD6, 0xB0, 0xA4, 0x44, 0xE6

# FID: size, UPDATE, READ (the profile's table "Files")
FILES = {
    0x6FF0: (53, 0x40, 0x00),
    0x6FF1: (802, 0x40, 0x40),
    0x6FF2: (4098, 0x40, 0x00),
    0x6FF3: (514, 0x40, 0x40),
    0x6FF4: (322, 0x40, 0x40),
    0x6FF5: (322, 0x40, 0x40),
    0x6FF6: (82, 0x40, 0x40),
}


def create_ef(identifier: int, size: int, update: int = 0x40, read: int = 0x40) -> bytes:
    return (
        b"\x62\x13\x80\x02" + size.to_bytes(2, "big") + b"\x82\x01\x01\x83\x02"
        + identifier.to_bytes(2, "big") + b"\x8a\x01\x01\x8c\x03\x03" + bytes([update, read])
    )  # fmt: skip


def make_card(folder: Path) -> Card:
    manufacture(folder, UID, BATCH_KEY)
    return powered(folder)


def powered(folder: Path) -> Card:
    card = Card(folder)
    card.power_on("contactless")
    return card


def opened(card: Card) -> Host:
    host = Host(card, BATCH_KEY)
    host.open()
    assert host.status == 0x9000
    return host


def created(card: Card, *identifiers: int) -> Host:
    """A host with an open channel to a card with the DF and these EFs, none selected."""
    host = opened(card)
    host.secured(CREATE, data=CREATE_DF)
    for identifier in identifiers or FILES:
        host.secured(CREATE, data=create_ef(identifier, *FILES[identifier]))
    assert host.status == 0x9000
    return host


def select(host: Host, identifier: int) -> bytes:
    return host.plain(f"00A4000402{identifier:04X}00")
