"""A whole personalisation, from the blank to the locked card, spoken to the card by bytes of our own."""

from pathlib import Path

import pytest

from simulators.chip.card import Card
from tests.unit.chip_simulator.chip_maker import (
    ACTIVATE,
    BATCH_KEY,
    CREATE,
    CREATE_DF,
    FILES,
    READ,
    SELECT,
    TERMINATE,
    UPDATE,
    create_ef,
    opened,
    powered,
    select,
)
from tests.unit.chip_simulator.scp03_host import Host

CHUNK = 223


def content(identifier: int) -> bytes:
    size = FILES[identifier][0] - 2
    text = bytes((identifier + index * 7) & 0xFF for index in range(size - 5))
    return len(text).to_bytes(2, "big") + text


def write(host: Host, identifier: int) -> None:
    host.secured(SELECT, 0x000C, identifier.to_bytes(2, "big"))
    text = content(identifier)
    for start in range(0, len(text), CHUNK):
        host.secured(UPDATE, start, text[start : start + CHUNK])
        assert host.status == 0x9000


def read(host: Host, identifier: int) -> bytes:
    select(host, identifier)
    size = FILES[identifier][0]
    parts = [host.secured(READ, start, le=min(CHUNK, size - start)) for start in range(0, size, CHUNK)]
    assert host.status == 0x9000
    return b"".join(parts)


def personalise(card: Card) -> Host:
    host = opened(card)
    assert host.plain("00A40004027F0A00") == b""
    assert host.status == 0x6A82  # a blank
    host.secured(CREATE, data=CREATE_DF)
    for identifier, (size, update, read_condition) in FILES.items():
        host.secured(CREATE, data=create_ef(identifier, size, update, read_condition))
        assert host.status == 0x9000
    for identifier in (0x6FF1, 0x6FF2, 0x6FF3, 0x6FF4, 0x6FF5, 0x6FF6, 0x6FF0):
        write(host, identifier)
    return host


def test_written_read_back_and_locked(card: Card, tmp_path: Path) -> None:
    host = personalise(card)
    for identifier in FILES:
        assert read(host, identifier) == content(identifier) + bytes(5)
    host.secured(ACTIVATE)
    assert host.status == 0x9000
    host.secured(ACTIVATE)
    assert host.status == 0x6985
    again = Host(powered(tmp_path / "chip"), BATCH_KEY)  # another process, another day
    assert again.plain("00A40004027F0A00").hex() == "620a82013883027f0a8a0105"
    select(again, 0x6FF2)
    assert again.plain("00B0000010") == content(0x6FF2)[:16]


def test_a_locked_card_cannot_be_written(card: Card) -> None:
    host = personalise(card)
    host.secured(ACTIVATE, data=b"\x7f\x0a")
    select(host, 0x6FF1)
    host.secured(UPDATE, 0, b"\x00")
    assert host.status == 0x6985
    host.secured(CREATE, data=create_ef(0x6FF7, 10))
    assert host.status == 0x6985
    assert read(host, 0x6FF1) == content(0x6FF1) + bytes(5)


def test_a_terminated_card_gives_nothing_away(card: Card) -> None:
    host = personalise(card)
    host.secured(ACTIVATE)
    host.secured(TERMINATE)
    assert host.status == 0x9000
    assert host.plain("00A40004027F0A00").hex() == "620a82013883027f0a8a010c"
    assert host.status == 0x6285
    assert select(host, 0x6FF2)[-5:].hex() == "8c03034000"
    assert host.status == 0x6285
    for apdu in ("00B0000010",):
        assert host.plain(apdu) == b""
        assert host.status == 0x6985
    host.secured(READ, 0, le=16)
    assert host.status == 0x6985
    host.secured(TERMINATE)
    assert host.status == 0x6985
    host.secured(ACTIVATE, data=b"\x7f\x0a")
    assert host.status == 0x6985


def test_memory_and_time_are_as_the_profile_says(card: Card) -> None:
    personalise(card)
    assert 8192 - card.state.free == 6449
    assert 0.86 < card.elapsed < 1.4  # the fact sheet's floor at 106 kbit/s, 5.2 to 7.3 KB


def test_sleep_spends_the_modelled_time(card: Card, tmp_path: Path) -> None:
    slept: list[float] = []
    other = Card(tmp_path / "chip", sleep=slept.append)
    other.power_on("contactless")
    opened(other)
    assert sum(slept) == pytest.approx(other.elapsed)
    assert len(slept) == 2
