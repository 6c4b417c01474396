"""INITIALIZE UPDATE, EXTERNAL AUTHENTICATE, and how a channel ends."""

from pathlib import Path

import pytest

from simulators.chip.card import Card
from tests.unit.chip_simulator.chip_maker import (
    BATCH_KEY,
    CREATE,
    CREATE_DF,
    READ,
    SELECT,
    UPDATE,
    created,
    opened,
    powered,
    select,
)
from tests.unit.chip_simulator.scp03_host import Host, kdf


def test_initialize_update_answers_32_bytes(card: Card) -> None:
    host = Host(card, BATCH_KEY)
    answer = host.initialize()
    assert answer[:13].hex() == "80" + "04112233445566" + "0000" + "300370"
    assert answer[13:21] == kdf(host.key_enc, 0x02, 64, bytes(3) + b"\x7f\x0a")
    assert answer[21:29] == kdf(host.s_mac, 0x00, 64, host.challenge + answer[13:21])
    assert answer[29:] == bytes(3)
    assert len(answer) == 32


@pytest.mark.parametrize(
    ("apdu", "status"),
    [
        ("8050300008010203040506070800", 0x9000),
        ("8050000008010203040506070800", 0x9000),
        ("8050310008010203040506070800", 0x6A88),
        ("8050300108010203040506070800", 0x6A86),
        ("80503000070102030405060700", 0x6700),
        ("80503000080102030405060708", 0x6700),
        ("805030000801020304050607081F", 0x6C20),
        ("00503000080102030405060708", 0x6D00),
    ],
)
def test_initialize_update_forms(card: Card, apdu: str, status: int) -> None:
    host = Host(card, BATCH_KEY)
    host.plain(apdu)
    assert host.status == status


def test_the_counter_rises_only_when_the_host_proves_itself(card: Card, tmp_path: Path) -> None:
    host = Host(card, BATCH_KEY)
    first, second = host.initialize(), host.initialize()
    assert first[29:] == second[29:] == b"\x00\x00\x00"
    host.authenticate(second[13:21])
    third = host.initialize()
    assert third[29:] == b"\x00\x00\x01"
    assert third[13:21] != second[13:21]
    assert powered(tmp_path / "chip").state.sequence_counter == 1


@pytest.mark.parametrize("level", [0x00, 0x01, 0x03, 0x11, 0x13])
def test_other_security_levels_are_refused(card: Card, level: int) -> None:
    host = Host(card, BATCH_KEY)
    host.authenticate(host.initialize()[13:21], level)
    assert host.status == 0x6985
    assert card.state.failed_authentications == 0


def test_authenticate_without_initialize(card: Card) -> None:
    host = Host(card, BATCH_KEY)
    host.plain("8482330010" + "00" * 16)
    assert host.status == 0x6985


def test_ten_wrong_ones_in_a_row_block_the_chip_for_ever(card: Card, tmp_path: Path) -> None:
    stranger = Host(card, bytes(16))
    for _ in range(10):
        stranger.open()
        assert stranger.status == 0x6300
    owner = Host(powered(tmp_path / "chip"), BATCH_KEY)
    owner.initialize()
    assert owner.status == 0x6983
    owner.plain("8482330010" + "00" * 16)
    assert owner.status == 0x6983
    assert owner.plain("FFCA000000") == card.uid


def test_a_right_one_forgives_the_wrong_ones(card: Card) -> None:
    for _ in range(9):
        Host(card, bytes(16)).open()
    opened(card)
    assert card.state.failed_authentications == 0


def test_a_wrong_attempt_is_on_the_disk_before_it_is_answered(card: Card, tmp_path: Path) -> None:
    Host(card, bytes(16)).open()
    assert powered(tmp_path / "chip").state.failed_authentications == 1


def test_a_wrong_host_closes_the_handshake(card: Card) -> None:
    host = Host(card, BATCH_KEY)
    challenge = host.initialize()[13:21]
    host.plain("8482330010" + "00" * 16)
    assert host.status == 0x6300
    host.authenticate(challenge)
    assert host.status == 0x6985


def test_plain_commands_and_select_leave_the_channel_open(card: Card) -> None:
    host = created(card, 0x6FF1)
    host.plain("FFCA000000")
    host.plain("00A4000C023F00")
    select(host, 0x6FF1)
    assert host.status == 0x6A82  # an EF of another directory
    host.secured(SELECT, 0x000C, b"\x7f\x0a")
    host.secured(SELECT, 0x000C, b"\x6f\xf1")
    host.secured(UPDATE, 0, b"\x01\x02\x03")
    assert host.secured(READ, 0, le=3) == b"\x01\x02\x03"


def test_an_error_comes_bare_and_the_channel_goes_on(card: Card) -> None:
    host = created(card, 0x6FF1)
    select(host, 0x6FF1)
    host.secured(READ, 802, le=1)
    assert host.status == 0x6B00
    assert host.secured(READ, 800, le=16) == b"\x00\x00"
    assert host.status == 0x6282  # a warning, protected


def test_a_wrong_mac_closes_the_channel(card: Card) -> None:
    host = created(card, 0x6FF1)
    select(host, 0x6FF1)
    command = bytearray(host.protect(b"\x84\xb0\x00\x00", b"") + b"\x10")
    command[-2] ^= 1
    assert card.exchange(bytes(command)) == b"\x69\x88"
    host.secured(READ, 0, le=16)
    assert host.status == 0x6982


def test_a_replayed_command_is_refused(card: Card) -> None:
    host = created(card, 0x6FF1)
    select(host, 0x6FF1)
    command = host.protect(b"\x84\xd6\x00\x00", b"once")
    assert card.exchange(command)[-2:] == b"\x90\x00"
    assert card.exchange(command) == b"\x69\x88"


def test_power_off_ends_the_channel_and_the_selection(card: Card) -> None:
    host = created(card, 0x6FF0)
    select(host, 0x6FF0)
    card.power_off()
    card.power_on("contactless")
    host.plain("00B0000001")
    assert host.status == 0x6986
    host.secured(CREATE, data=CREATE_DF)
    assert host.status == 0x6982


def test_initialize_update_ends_the_channel_before_it(card: Card) -> None:
    host = created(card, 0x6FF1)
    fresh = Host(card, BATCH_KEY)
    fresh.initialize()
    host.secured(READ, 0, le=1)
    assert host.status == 0x6982


def test_the_whole_239_bytes_fit_one_protected_answer(card: Card) -> None:
    host = created(card, 0x6FF1)
    select(host, 0x6FF1)
    assert len(host.secured(READ, 0, le=239)) == 239
    host.secured(READ, 0, le=240)
    assert host.status == 0x6700
    assert len(host.secured(READ, 0, le=256)) == 239
    assert host.status == 0x9000
    host.secured(UPDATE, 0, bytes(239))
    assert host.status == 0x9000
