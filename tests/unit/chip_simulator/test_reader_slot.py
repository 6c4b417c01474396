"""A slot on the vpcd wire: controls, exactly one answer, removal, return, and its faults."""

import socket
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from simulators.chip import slot_faults
from simulators.chip.card import Card
from simulators.chip.reader_slot import ReaderSlot
from tests.unit.chip_simulator.chip_maker import BATCH_KEY, created, make_card, powered, select
from tests.unit.chip_simulator.fake_vpcd import FakeVpcd
from tests.unit.chip_simulator.scp03_host import Host

GET_UID = bytes.fromhex("FFCA000000")
UID_ANSWER = bytes.fromhex("041122334455669000")
ATR = bytes.fromhex("3B80800101")


@pytest.fixture
def vpcd() -> Iterator[FakeVpcd]:
    with FakeVpcd() as fake:
        yield fake


@pytest.fixture
def slot(vpcd: FakeVpcd) -> Iterator[ReaderSlot]:
    slot = ReaderSlot(vpcd.connect_card, "contactless")
    yield slot
    slot.close()


def present(slot: ReaderSlot, card: Card, vpcd: FakeVpcd) -> None:
    slot.insert(card)
    vpcd.accept()


def test_controls_and_commands(slot: ReaderSlot, card: Card, vpcd: FakeVpcd) -> None:
    present(slot, card, vpcd)
    assert vpcd.ask(b"\x04") == ATR
    vpcd.send(b"\x01")  # power on: no answer
    assert vpcd.ask(GET_UID) == UID_ANSWER
    assert vpcd.ask(b"\x04") == ATR
    vpcd.send(b"\x02")  # reset: no answer
    assert vpcd.ask(b"\x03") == b"\x67\x00"  # one byte that is no control is an APDU, and none at that
    assert vpcd.ask(b"") == b"\x67\x00"
    assert vpcd.is_quiet()


def test_the_contact_slot_has_its_own_atr(card: Card, vpcd: FakeVpcd) -> None:
    slot = ReaderSlot(vpcd.connect_card, "contact")
    present(slot, card, vpcd)
    assert vpcd.ask(b"\x04") == bytes.fromhex("3B90968181")
    slot.close()


def test_a_long_command_in_pieces(slot: ReaderSlot, card: Card, vpcd: FakeVpcd) -> None:
    present(slot, card, vpcd)
    vpcd.card.sendall(b"\xff")
    vpcd.card.sendall(b"\xff" + bytes(30000))
    vpcd.card.sendall(bytes(35535))
    assert vpcd.receive() == b"\x67\x00"
    assert vpcd.ask(GET_UID) == UID_ANSWER


def test_a_reset_ends_the_session_and_asking_for_the_atr_does_not(
    slot: ReaderSlot, card: Card, vpcd: FakeVpcd
) -> None:
    created(card, 0x6FF0)
    present(slot, card, vpcd)
    for apdu in ("00A4000C027F0A", "00A4000C026FF0"):
        assert vpcd.ask(bytes.fromhex(apdu)) == b"\x90\x00"
    assert vpcd.ask(b"\x04") == ATR
    assert vpcd.ask(bytes.fromhex("00B0000001")) == b"\x00\x90\x00"
    vpcd.send(b"\x02")
    assert vpcd.ask(bytes.fromhex("00B0000001")) == b"\x69\x86"


def test_removal_closes_the_connection(slot: ReaderSlot, card: Card, vpcd: FakeVpcd) -> None:
    present(slot, card, vpcd)
    slot.remove()
    assert not slot.occupied
    assert vpcd.receive() == b""
    assert not card.powered
    slot.remove()  # once more does no harm


def test_a_swap_leaves_pcscd_the_time_to_see_it(
    slot: ReaderSlot, card: Card, vpcd: FakeVpcd, tmp_path: Path
) -> None:
    other = make_card(tmp_path / "other")
    present(slot, card, vpcd)
    assert vpcd.ask(b"\x04") == ATR
    slot.remove()
    began = monotonic()
    present(slot, other, vpcd)
    assert monotonic() - began > 0.4  # two looks of pcscd are 0.4 s apart


def test_only_one_card_and_none_after_closing(slot: ReaderSlot, card: Card, vpcd: FakeVpcd) -> None:
    present(slot, card, vpcd)
    with pytest.raises(ValueError, match="already"):
        slot.insert(card)
    slot.close()
    with pytest.raises(ValueError, match="closed"):
        slot.insert(card)


def test_the_card_comes_back_with_pcscd(card: Card) -> None:
    port = 0
    attempts: list[float] = []

    def open_connection() -> socket.socket:
        attempts.append(monotonic())
        return socket.create_connection(("127.0.0.1", port))

    with FakeVpcd() as first:
        port = first.port
        slot = ReaderSlot(open_connection, "contactless")
        slot.insert(card)
        first.accept()
        assert first.ask(GET_UID) == UID_ANSWER
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]  # refused from here on
    with FakeVpcd() as second:
        attempted = len(attempts)
        while len(attempts) < attempted + 3:  # fails a few times first
            threading.Event().wait(0.05)
        port = second.port
        second.accept()
        assert second.ask(GET_UID) == UID_ANSWER
        assert slot.occupied
        slot.close()
    pauses = [later - sooner for sooner, later in pairwise(attempts)]
    assert min(pauses) > 0.04  # no busy loop


def test_removal_does_not_wait_for_a_pcscd_that_is_not_there(card: Card) -> None:
    def refuse() -> socket.socket:
        raise ConnectionRefusedError

    slot = ReaderSlot(refuse, "contact")
    slot.insert(card)
    began = monotonic()
    slot.remove()
    assert monotonic() - began < 2


def test_pulled_before_the_command(slot: ReaderSlot, card: Card, vpcd: FakeVpcd) -> None:
    present(slot, card, vpcd)
    slot.faults.arm("pulled", at=2)
    assert vpcd.ask(GET_UID) == UID_ANSWER
    assert vpcd.ask(GET_UID) == b""
    assert not slot.occupied
    slot.insert(card)  # somebody puts it back
    vpcd.accept()
    assert vpcd.ask(GET_UID) == UID_ANSWER


def test_contact_lost_before_the_answer(slot: ReaderSlot, card: Card, vpcd: FakeVpcd, tmp_path: Path) -> None:
    present(slot, card, vpcd)
    slot.faults.arm("empty_reply", at=2)
    host = Host(card, bytes(16))
    assert len(vpcd.ask(b"\x80\x50\x30\x00\x08" + host.challenge + b"\x00")) == 34
    assert vpcd.ask(b"\x84\x82\x33\x00\x10" + bytes(16)) == b""
    assert slot.occupied
    assert powered(tmp_path / "chip").state.failed_authentications == 1  # it was carried out
    vpcd.accept()
    assert vpcd.ask(GET_UID) == UID_ANSWER


def test_one_byte_late_and_double_replies(
    slot: ReaderSlot, card: Card, vpcd: FakeVpcd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulators.chip.reader_slot.LATE_SECONDS", 0.3)
    assert slot_faults.LATE_SECONDS == 3.0
    present(slot, card, vpcd)
    slot.faults.arm("one_byte")
    assert vpcd.ask(GET_UID) == b"\x90"
    slot.faults.arm("late")
    began = monotonic()
    assert vpcd.ask(GET_UID) == UID_ANSWER
    assert monotonic() - began >= 0.3
    slot.faults.arm("double_reply")
    assert vpcd.ask(GET_UID) == UID_ANSWER
    assert vpcd.ask(b"\x04") == UID_ANSWER  # shifted by one
    assert vpcd.receive() == ATR


def test_a_mute_card_stays_and_answers_the_next_command(slot: ReaderSlot, card: Card, vpcd: FakeVpcd) -> None:
    present(slot, card, vpcd)
    card.faults.arm("mute")
    vpcd.send(GET_UID)
    assert vpcd.is_quiet()
    assert vpcd.ask(GET_UID) == UID_ANSWER


def test_a_torn_card_comes_back_and_a_pulled_one_does_not(
    slot: ReaderSlot, card: Card, vpcd: FakeVpcd
) -> None:
    present(slot, card, vpcd)
    card.faults.arm("tear")
    assert vpcd.ask(GET_UID) == b""
    vpcd.accept()
    assert vpcd.ask(b"\x04") == ATR
    card.faults.arm("pulled")
    assert vpcd.ask(GET_UID) == b""
    assert not slot.occupied


def test_a_card_without_power_gives_an_error_and_never_hangs(
    slot: ReaderSlot, card: Card, vpcd: FakeVpcd
) -> None:
    present(slot, card, vpcd)
    vpcd.send(b"\x00")
    assert vpcd.ask(GET_UID) == b""
    vpcd.accept()
    assert vpcd.ask(GET_UID) == UID_ANSWER


def test_pulled_while_the_chip_works(vpcd: FakeVpcd, tmp_path: Path) -> None:
    at_work, go_on = threading.Event(), threading.Event()

    def sleep(seconds: float) -> None:
        at_work.set()
        go_on.wait(5)

    make_card(tmp_path / "slow")
    slot = ReaderSlot(vpcd.connect_card, "contactless")
    present(slot, Card(tmp_path / "slow", sleep=sleep), vpcd)
    vpcd.send(GET_UID)
    at_work.wait(5)
    hand = threading.Thread(target=slot.remove)
    hand.start()
    assert vpcd.receive() == b""  # the host learns at once
    go_on.set()
    hand.join(5)
    assert not slot.occupied


def test_what_was_written_over_the_wire_is_in_the_folder(
    slot: ReaderSlot, card: Card, vpcd: FakeVpcd, tmp_path: Path
) -> None:
    host = created(card, 0x6FF0)
    select(host, 0x6FF0)
    command = host.protect(b"\x84\xd6\x00\x00", b"\x00\x01\x2a")
    card.exchange(command)
    present(slot, card, vpcd)
    for apdu in ("00A4000C027F0A", "00A4000C026FF0"):
        vpcd.ask(bytes.fromhex(apdu))
    assert vpcd.ask(bytes.fromhex("00B0000003")) == b"\x00\x01\x2a\x90\x00"
    assert Host(powered(tmp_path / "chip"), BATCH_KEY).card.state == card.state
