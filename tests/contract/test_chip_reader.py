"""One contract for every chip reader: `pcsc://` through a real pcscd, `apdu://` in process and by socket."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from drivers.pcsc import (
    CardChanged,
    CardRemoved,
    DaemonGone,
    FrameRefused,
    NoCard,
    NotConnected,
    OutcomeUnknown,
    PcscReader,
    ReaderBusy,
    ReaderError,
    ReaderHung,
    ReaderNotFound,
    list_readers,
    open_reader,
)
from simulators.chip.reader_slot import ReaderSlot
from tests.contract.chip_reader_rigs import (
    PcscRig,
    Rig,
    SlotRig,
    SocketRig,
    make_card,
    soon,
)
from tests.pcscd_fixture import CONTACTLESS, PrivatePcscd

pytest_plugins = ["tests.pcscd_plugin"]

SELECT = bytes.fromhex("00A40000027F0A")
GET_UID = bytes.fromhex("FFCA000000")


@pytest.fixture(scope="module")
def chip_slot(private_pcscd: PrivatePcscd) -> Iterator[ReaderSlot]:
    slot = private_pcscd.open_slot()
    yield slot
    slot.close()


@pytest.fixture
def pcsc(private_pcscd: PrivatePcscd, chip_slot: ReaderSlot) -> Iterator[PcscRig]:
    rig = PcscRig(private_pcscd.reader(0, CONTACTLESS), chip_slot)
    rig.reader.wait_for_removal(soon())
    yield rig
    rig.close()
    with closing(PcscReader(private_pcscd.reader(0, CONTACTLESS))) as next_user:
        next_user.wait_for_removal(soon())


@pytest.fixture(params=["slot", "socket", "pcsc"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    if request.param == "pcsc":
        yield request.getfixturevalue("pcsc")
    elif request.param == "slot":
        yield SlotRig()
    else:
        made = SocketRig()
        yield made
        made.reader.close()
        made.close()


def test_a_card_is_waited_for_identified_and_asked(rig: Rig, tmp_path: Path) -> None:
    with pytest.raises(NoCard):
        rig.reader.connect()
    with pytest.raises(NoCard):
        rig.reader.wait_for_card(soon(0.1))
    rig.insert(make_card(tmp_path, 1))
    rig.reader.wait_for_card(soon())
    with pytest.raises(ReaderBusy):
        rig.reader.wait_for_removal(soon(0.1))
    identity = rig.reader.connect()
    assert identity.uid == bytes.fromhex("04112233445501")
    assert identity == rig.reader.identity
    response = rig.reader.transmit(SELECT)
    assert (response.data, response.sw) == (b"", 0x6A82)
    rig.reader.disconnect()
    rig.remove()
    rig.reader.wait_for_removal(soon())


@pytest.mark.parametrize("length", [0, 1, 3, 65_536])
def test_a_frame_that_would_hang_or_break_the_reader_is_refused(
    rig: Rig, tmp_path: Path, length: int
) -> None:
    rig.insert(make_card(tmp_path, 1))
    rig.reader.wait_for_card(soon())
    rig.reader.connect()
    with pytest.raises(FrameRefused) as caught:
        rig.reader.transmit(bytes(length))
    assert not caught.value.outcome_unknown
    assert rig.reader.transmit(GET_UID).sw == 0x9000


def test_nothing_is_sent_without_a_connection(rig: Rig) -> None:
    with pytest.raises(NotConnected):
        rig.reader.transmit(SELECT)
    with pytest.raises(NotConnected):
        rig.reader.reconnect()


def test_a_card_pulled_in_a_command_leaves_the_outcome_unknown(rig: Rig, tmp_path: Path) -> None:
    card = make_card(tmp_path, 1)
    rig.insert(card)
    rig.reader.wait_for_card(soon())
    rig.reader.connect()
    card.faults.arm("pulled")
    with pytest.raises(OutcomeUnknown) as caught:
        rig.reader.transmit(SELECT)
    assert caught.value.outcome_unknown
    assert caught.value.answer_length == 0
    with pytest.raises(NotConnected):
        rig.reader.transmit(SELECT)
    with pytest.raises((NoCard, CardRemoved)):
        rig.reader.recover(soon(1.0))


def test_a_card_that_lost_power_for_a_moment_is_found_again(rig: Rig, tmp_path: Path) -> None:
    card = make_card(tmp_path, 1)
    rig.insert(card)
    rig.reader.wait_for_card(soon())
    rig.reader.connect()
    before = rig.reader.session
    card.faults.arm("tear")
    with pytest.raises(OutcomeUnknown):
        rig.reader.transmit(SELECT)
    assert rig.reader.recover(soon()).uid == bytes.fromhex("04112233445501")
    assert rig.reader.session > before
    assert rig.reader.transmit(SELECT).sw == 0x6A82


def test_a_card_taken_out_between_commands_is_removed(rig: Rig, tmp_path: Path) -> None:
    rig.insert(make_card(tmp_path, 1))
    rig.reader.wait_for_card(soon())
    rig.reader.connect()
    rig.remove()
    rig.reader.wait_for_removal(soon())
    with pytest.raises(CardRemoved) as caught:
        rig.reader.transmit(SELECT)
    assert caught.value.outcome_unknown


def test_another_card_after_a_reconnect_is_seen_by_its_uid(rig: Rig, tmp_path: Path) -> None:
    rig.insert(make_card(tmp_path, 1))
    rig.reader.wait_for_card(soon())
    rig.reader.connect()
    rig.remove()
    rig.reader.wait_for_removal(soon())
    with pytest.raises(NoCard):
        rig.reader.wait_and_connect(soon(0.3))
    rig.insert(make_card(tmp_path, 2))
    with pytest.raises(CardChanged) as caught:
        rig.reader.recover(soon())
    assert caught.value.expected_uid == bytes.fromhex("04112233445501")
    assert caught.value.actual_uid == bytes.fromhex("04112233445502")
    with pytest.raises(NotConnected):
        rig.reader.transmit(SELECT)
    assert rig.reader.wait_and_connect(soon()).uid == bytes.fromhex("04112233445502")


def connected(pcsc: PcscRig, folder: Path) -> None:
    pcsc.insert(make_card(folder, 1))
    pcsc.reader.wait_for_card(soon())
    pcsc.reader.connect()


def test_an_answer_of_one_byte_leaves_the_outcome_unknown(pcsc: PcscRig, tmp_path: Path) -> None:
    connected(pcsc, tmp_path)
    pcsc.slot.faults.arm("one_byte")
    with pytest.raises(OutcomeUnknown) as caught:
        pcsc.reader.transmit(SELECT)
    assert caught.value.answer_length == 1
    pcsc.reader.reconnect()
    assert pcsc.reader.transmit(GET_UID).sw == 0x9000


def test_a_card_whose_answers_are_shifted_is_not_taken_for_the_same(pcsc: PcscRig, tmp_path: Path) -> None:
    connected(pcsc, tmp_path)
    pcsc.slot.faults.arm("double_reply")
    assert pcsc.reader.transmit(SELECT).sw == 0x6A82
    with pytest.raises(CardChanged) as caught:
        pcsc.reader.reconnect()
    assert caught.value.actual_uid == b""


def test_a_late_answer_hangs_the_reader_but_not_its_caller(pcsc: PcscRig, tmp_path: Path) -> None:
    connected(pcsc, tmp_path)
    reader = pcsc.reader
    assert isinstance(reader, PcscReader)
    pcsc.slot.faults.arm("late")
    with pytest.raises(ReaderHung) as caught:
        reader.transmit(SELECT)
    assert caught.value.outcome_unknown
    assert reader.hung
    with pytest.raises(ReaderHung) as again:
        reader.connect()
    assert not again.value.outcome_unknown
    reader.recover(soon())
    assert reader.transmit(GET_UID).sw == 0x9000


def test_a_card_that_another_program_holds_is_busy(pcsc: PcscRig, tmp_path: Path) -> None:
    connected(pcsc, tmp_path)
    other = PcscReader(pcsc.reader.name)
    with pytest.raises(ReaderBusy):
        other.connect()
    pcsc.reader.disconnect()
    assert other.connect().uid
    other.close()


def test_a_reader_that_is_not_there(private_pcscd: PrivatePcscd) -> None:
    absent = PcscReader("Simulated printer 07 01")
    for ask in (absent.connect, lambda: absent.wait_for_card(soon(0.1))):
        with pytest.raises(ReaderNotFound):
            ask()
    absent.close()
    assert set(list_readers()) == {private_pcscd.reader(index, slot) for index in (0, 1) for slot in (0, 1)}


def outlive_the_daemon(reader_name: str, pid: int) -> str:
    with closing(PcscReader(reader_name)) as reader:
        reader.wait_for_card(soon())
        reader.connect()
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(DaemonGone) as caught:
            reader.transmit(SELECT)
        assert caught.value.outcome_unknown
        with pytest.raises(DaemonGone):
            reader.connect()
        with pytest.raises(DaemonGone):
            list_readers()
        uid = reader.recover(soon(15)).uid
        assert reader.transmit(SELECT).sw == 0x6A82
        return uid.hex()


def test_a_daemon_that_died_is_gone_and_found_again(own_pcscd: PrivatePcscd, tmp_path: Path) -> None:
    with closing(own_pcscd.open_slot()) as slot:
        slot.insert(make_card(tmp_path, 1))
        name = own_pcscd.reader(0, CONTACTLESS)
        assert own_pcscd.call(outlive_the_daemon, name, own_pcscd.pid) == "04112233445501"


def test_no_descriptor_and_no_context_is_left_behind(pcsc: PcscRig, tmp_path: Path) -> None:
    connected(pcsc, tmp_path)
    pcsc.reader.disconnect()

    def cycle() -> int:
        with pytest.raises(ReaderError):
            reader = PcscReader(pcsc.reader.name.replace("00 01", "00 00"))
            try:
                reader.connect()
            finally:
                reader.close()
        return len(list(Path("/proc/self/fd").iterdir()))

    counts = [cycle() for _ in range(20)]  # pcscd takes 16 contexts at most
    assert counts[-1] <= counts[0]


def test_socket_to_nobody() -> None:
    reader = open_reader("apdu://127.0.0.1:9")
    with pytest.raises(NotConnected):
        reader.connect()
