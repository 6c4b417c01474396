"""The fault menu: torn writes, status words, wrong bits; and what is on the disk after each."""

from pathlib import Path

import pytest

from simulators.chip.card import Card
from simulators.chip.faults import MENU, CardMute, CardTorn
from simulators.chip.state import LifeCycle
from tests.unit.chip_simulator.chip_maker import (
    ACTIVATE,
    CREATE,
    READ,
    SELECT,
    UPDATE,
    create_ef,
    created,
    make_card,
    opened,
    powered,
    select,
)

NEW = bytes(range(1, 201))


def saved(folder: Path) -> bytes:
    return powered(folder / "chip").state.files[0x6FF1].content


@pytest.mark.parametrize("cause", ["tear", "pulled"])
def test_power_lost_around_an_update(card: Card, tmp_path: Path, cause: str) -> None:
    host = created(card, 0x6FF1)
    select(host, 0x6FF1)
    card.faults.arm(f"{cause}_before_update")
    with pytest.raises(CardTorn) as loss:
        host.secured(UPDATE, 0, NEW)
    assert loss.value.returns is (cause == "tear")
    assert saved(tmp_path) == bytes(802)
    assert not card.powered
    card.power_on("contactless")
    host = opened(card)
    select(host, 0x6FF1)
    assert host.status == 0x6A82  # the directory is no longer selected
    host.plain("00A4000C027F0A")
    select(host, 0x6FF1)
    card.faults.arm(f"{cause}_after_update")
    with pytest.raises(CardTorn):
        host.secured(UPDATE, 0, NEW)
    assert saved(tmp_path)[:200] == NEW


def test_a_torn_update_mixes_old_and_new_in_one_page(card: Card, tmp_path: Path) -> None:
    host = created(card, 0x6FF1)
    select(host, 0x6FF1)
    card.faults.arm("tear_in_update")
    with pytest.raises(CardTorn):
        host.secured(UPDATE, 0, NEW)
    torn = saved(tmp_path)
    pages = [torn[start : start + 64] for start in range(0, 256, 64)]
    wanted = [(NEW + bytes(602))[start : start + 64] for start in range(0, 256, 64)]
    states = [
        "new" if page == new else "old" if page == bytes(64) else "torn"
        for page, new in zip(pages, wanted, strict=True)
    ]
    assert states.count("torn") == 1
    assert states == sorted(states, key=["new", "torn", "old"].index)
    assert torn[256:] == bytes(546)
    assert all(byte in (0, new) for byte, new in zip(torn, NEW + bytes(602), strict=True))


def test_tears_are_repeatable_and_differ_among_themselves(tmp_path: Path) -> None:
    outcomes = []
    for name in ("one", "two"):
        card = make_card(tmp_path / name)
        contents = []
        host = created(card, 0x6FF1)
        for _ in range(3):
            host.plain("00A4000C027F0A")
            select(host, 0x6FF1)
            card.faults.arm("tear_in_update")
            with pytest.raises(CardTorn):
                host.secured(UPDATE, 0, NEW)
            contents.append(card.state.files[0x6FF1].content)
            card.power_on("contactless")
            host = opened(card)
            host.plain("00A4000C027F0A")
            select(host, 0x6FF1)
            host.secured(UPDATE, 0, bytes(200))
        outcomes.append(contents)
    assert outcomes[0] == outcomes[1]
    assert len(set(outcomes[0])) == 3


@pytest.mark.parametrize(
    ("fault", "states"),
    [
        ("pulled_before_activate", {LifeCycle.CREATION}),
        ("pulled_after_activate", {LifeCycle.ACTIVATED}),
        ("pulled_in_activate", {LifeCycle.CREATION, LifeCycle.ACTIVATED}),
    ],
)
def test_the_fuse_is_blown_or_not_but_never_half(
    card: Card, tmp_path: Path, fault: str, states: set[LifeCycle]
) -> None:
    host = created(card, 0x6FF0)
    card.faults.arm(fault)
    with pytest.raises(CardTorn):
        host.secured(ACTIVATE)
    assert powered(tmp_path / "chip").state.life_cycle in states


def test_any_command_can_be_the_one(card: Card) -> None:
    card.faults.arm("tear", at=3)
    for _ in range(2):
        card.exchange(bytes.fromhex("FFCA000000"))
    with pytest.raises(CardTorn):
        card.exchange(bytes.fromhex("FFCA000000"))
    with pytest.raises(CardMute):
        card.exchange(bytes.fromhex("FFCA000000"))  # no power, no answer
    card.power_on("contactless")
    assert card.exchange(bytes.fromhex("FFCA000000"))[-2:] == b"\x90\x00"


def test_a_wrong_bit_of_one_file_under_a_right_mac(card: Card) -> None:
    host = created(card, 0x6FF0, 0x6FF1)
    select(host, 0x6FF1)
    host.secured(UPDATE, 0, b"\x00\x08ABCDEFGH")
    card.faults.arm("bad_readback", at=2, count=2, file=0x6FF1)
    select(host, 0x6FF0)
    assert host.plain("00B0000004") == bytes(4)  # another file does not count
    select(host, 0x6FF1)
    assert host.secured(READ, 0, le=10) == b"\x00\x08ABCDEFGH"
    assert host.secured(READ, 0, le=10) == b"\x00\x08@BCDEFGH"
    assert host.secured(READ, 2, le=8) == b"@BCDEFGH"
    assert host.secured(READ, 2, le=8) == b"ABCDEFGH"


@pytest.mark.parametrize(
    ("fault", "status"),
    [("condition_not_met", 0x6982), ("not_now", 0x6985), ("counter", 0x63C3), ("memory_full", 0x6A84)],
)
def test_a_refused_command_is_undone_and_the_channel_goes_on(card: Card, fault: str, status: int) -> None:
    host = created(card, 0x6FF1)
    select(host, 0x6FF1)
    card.faults.arm(fault)
    host.secured(UPDATE, 0, NEW)
    assert host.status == status
    assert card.state.files[0x6FF1].content == bytes(802)
    host.secured(UPDATE, 0, NEW)
    assert host.status == 0x9000


def test_a_lost_channel(card: Card) -> None:
    host = created(card, 0x6FF1)
    select(host, 0x6FF1)
    card.faults.arm("channel_lost")
    for status in (0x6988, 0x6982):
        host.secured(READ, 0, le=1)
        assert host.status == status


def test_an_eeprom_failure_leaves_a_torn_page(card: Card, tmp_path: Path) -> None:
    host = created(card, 0x6FF1)
    select(host, 0x6FF1)
    card.faults.arm("eeprom_failure")
    host.secured(UPDATE, 0, NEW)
    assert host.status == 0x6581
    assert saved(tmp_path)[:200] not in (NEW, bytes(200))
    host.secured(UPDATE, 0, NEW)
    assert host.status == 0x9000
    assert saved(tmp_path)[:200] == NEW


def test_an_eeprom_failure_in_create_is_all_or_nothing(card: Card) -> None:
    host = opened(card)
    card.faults.arm("eeprom_failure")
    host.secured(CREATE, data=create_ef(0x6FF1, 10))
    assert host.status == 0x6986  # nothing was written, so nothing failed


def test_wrong_uid_and_silence(card: Card) -> None:
    card.faults.arm("wrong_uid")
    assert card.exchange(bytes.fromhex("FFCA000000")).hex() == "041122334455679000"
    assert card.exchange(bytes.fromhex("FFCA000000")).hex() == "041122334455669000"
    card.faults.arm("mute")
    with pytest.raises(CardMute):
        card.exchange(bytes.fromhex("FFCA000000"))


@pytest.mark.parametrize(("name", "at", "count"), [("no such", 1, 1), ("tear", 0, 1), ("tear", 1, 0)])
def test_faults_that_cannot_be_armed(card: Card, name: str, at: int, count: int) -> None:
    with pytest.raises(ValueError, match=r"fault|begin"):
        card.faults.arm(name, at, count)


def play(card: Card, *faults: str) -> list[object]:
    """What a host sees of one short life of a card with these faults."""
    host = created(card, 0x6FF1)
    for name in faults:
        card.faults.arm(name)
    seen: list[object] = []
    for ins, offset, data, le in (
        (SELECT, 0x000C, b"\x6f\xf1", None),
        (UPDATE, 0, NEW, None),
        (READ, 0, b"", 8),
        (ACTIVATE, 0, b"", None),
    ):
        try:
            seen.append((host.secured(ins, offset, data, le), host.status))
        except (CardTorn, CardMute) as silence:
            seen.append(type(silence))
            card.power_on("contactless")
    seen.append(card.exchange(bytes.fromhex("FFCA000000")))
    return seen


@pytest.mark.parametrize("name", sorted(MENU))
def test_every_fault_of_the_menu_is_seen(tmp_path: Path, name: str) -> None:
    sound, faulty = make_card(tmp_path / "sound"), make_card(tmp_path / "faulty")
    assert play(faulty, name) != play(sound)
