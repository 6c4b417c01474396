"""Power lost at any command, any answer damaged: nothing counts as done that is not, and writing goes on."""

import secrets
from pathlib import Path

import pytest

from drivers.chip import ChipPersonaliser, ChipState, ktp_el_open
from drivers.chip.errors import (
    ChannelClosed,
    ChipError,
    FuseNotBlown,
    FuseOutcomeUnknown,
    SecureMessagingError,
)
from drivers.chip.session import ChipSession
from drivers.pcsc import (
    NotConnected,
    ObservedConnection,
    OutcomeUnknown,
    ReaderError,
    StatusWordError,
    WireStatistics,
)
from tests.fakes.software_keys import SoftKeyService
from tests.unit.chip_driver.chip_cards import FILES, Bench, make_bench

TEARS = ("tear_before", "tear_in", "tear_after")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return make_bench(tmp_path)


def count_of_writing(folder: Path) -> int:
    bench = make_bench(folder / "count")
    statistics = WireStatistics()
    bench.personaliser(connection=ObservedConnection(bench.reader, statistics.add)).write(FILES)
    return statistics.apdus


@pytest.mark.parametrize("tear", TEARS)
def test_torn_at_any_command_of_the_writing_then_resumed(tmp_path: Path, tear: str) -> None:
    for number in range(1, count_of_writing(tmp_path) + 1):
        bench = make_bench(tmp_path / str(number))
        bench.card.faults.arm(tear, at=number)
        personaliser = bench.personaliser()
        with pytest.raises(OutcomeUnknown):
            personaliser.write(FILES)
        with pytest.raises(NotConnected):
            personaliser.write(FILES)
        bench.reader.reconnect()
        personaliser.write(FILES)
        assert personaliser.read_back(FILES) == (), f"torn at command {number}"


def test_torn_again_and_again_at_each_next_update_then_resumed(bench: Bench) -> None:
    """A station that dies at every second UPDATE comes to an end nevertheless."""
    personaliser = bench.personaliser()
    for _ in range(60):
        bench.card.faults.arm("tear_in_update", at=2)
        try:
            personaliser.write(FILES)
        except OutcomeUnknown:
            bench.reader.reconnect()
            continue
        break
    bench.card.faults.clear()
    assert personaliser.read_back(FILES) == ()


def test_torn_at_any_command_of_the_reading_back(bench: Bench) -> None:
    statistics = WireStatistics()
    bench.personaliser().write(FILES)
    bench.reader.reconnect()
    bench.personaliser(connection=ObservedConnection(bench.reader, statistics.add)).read_back(FILES)
    for number in range(1, statistics.apdus + 1):
        bench.reader.reconnect()
        bench.card.faults.arm("tear", at=number)
        with pytest.raises(OutcomeUnknown):
            bench.personaliser().read_back(FILES)
    bench.reader.reconnect()
    assert bench.personaliser().read_back(FILES) == ()


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("tear_before_activate", ChipState.CREATION),
        ("tear_after_activate", ChipState.ACTIVATED),
        ("pulled_after_activate", ChipState.ACTIVATED),
    ],
)
def test_torn_in_the_fuse_the_life_cycle_tells(bench: Bench, fault: str, state: ChipState) -> None:
    personaliser = bench.personaliser()
    personaliser.write(FILES)
    bench.card.faults.arm(fault)
    with pytest.raises(FuseOutcomeUnknown) as caught:
        personaliser.activate()
    assert caught.value.outcome_unknown
    assert caught.value.fuse == "ACTIVATE FILE"
    bench.reader.reconnect()
    assert personaliser.read_state() is state
    assert personaliser.read_back(FILES) == ()


def test_the_fuse_is_sent_once_even_if_the_look_afterwards_fails(bench: Bench) -> None:
    personaliser = bench.personaliser()
    personaliser.write(FILES)
    sent: list[bytes] = []

    def lose_the_look(apdu: bytes, answer: bytes) -> bytes:
        sent.append(apdu[:2])
        return b"" if sent[-1] == b"\x84\xa4" and b"\x84\x44" in sent else answer

    bench.slot.alter = lose_the_look
    with pytest.raises(FuseOutcomeUnknown):
        personaliser.activate()
    assert sent.count(b"\x84\x44") == 1


def test_a_fuse_that_was_not_blown_although_the_chip_said_yes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from drivers.chip.commands import CardCommands

    personaliser = bench.personaliser()
    personaliser.write(FILES)
    monkeypatch.setattr(CardCommands, "activate", lambda self, fid: None)
    with pytest.raises(FuseNotBlown, match="creation"):
        personaliser.activate()


@pytest.mark.parametrize("keep", [0, 1])
def test_an_empty_or_one_byte_answer_in_an_update(bench: Bench, keep: int) -> None:
    personaliser = bench.personaliser()
    updates = 0

    def cut(apdu: bytes, answer: bytes) -> bytes:
        nonlocal updates
        updates += apdu[1] == 0xD6
        return answer[:keep] if updates == 3 and apdu[1] == 0xD6 else answer

    bench.slot.alter = cut
    with pytest.raises(OutcomeUnknown) as caught:
        personaliser.write(FILES)
    assert caught.value.outcome_unknown
    bench.reader.reconnect()
    personaliser.write(FILES)
    assert personaliser.read_back(FILES) == ()


class Shift:
    """A reader whose answers come one command late from a certain command on, as after a double reply."""

    def __init__(self, begin: int) -> None:
        self._begin = begin
        self._count = 0
        self._before = b""

    def __call__(self, apdu: bytes, answer: bytes) -> bytes:
        self._count += 1
        shown = self._before if self._count > self._begin else answer
        self._before = answer
        return shown


def test_shifted_answers_are_seen_whenever_they_begin(tmp_path: Path) -> None:
    for begin in range(5, count_of_writing(tmp_path)):  # from the first command under the channel
        bench = make_bench(tmp_path / str(begin))
        bench.slot.alter = Shift(begin)
        with pytest.raises(SecureMessagingError) as caught:
            bench.personaliser().write(FILES)
        assert caught.value.outcome_unknown


def write_and_lock(personaliser: ChipPersonaliser) -> None:
    personaliser.write(FILES)
    if personaliser.read_back(FILES):
        raise AssertionError("differences")
    personaliser.activate()


@pytest.mark.parametrize("number", range(1, 90, 4))
def test_any_answer_with_a_flipped_bit_is_seen_or_harmless(bench: Bench, number: int) -> None:
    """Whatever the transport does to one answer, a card that counts as locked is written as it must be."""
    count = 0

    def flip(apdu: bytes, answer: bytes) -> bytes:
        nonlocal count
        count += 1
        return bytes((answer[0] ^ 0x04, *answer[1:])) if count == number else answer

    bench.slot.alter = flip
    personaliser = bench.personaliser()
    try:
        write_and_lock(personaliser)
    except (ChipError, ReaderError, StatusWordError, AssertionError):
        bench.slot.alter = lambda apdu, answer: answer
        bench.reader.connect()
        personaliser = bench.personaliser()
        if personaliser.read_state() is not ChipState.ACTIVATED:
            write_and_lock(personaliser)
    bench.slot.alter = lambda apdu, answer: answer
    assert personaliser.read_back(FILES) == ()
    assert personaliser.read_state() is ChipState.ACTIVATED


@pytest.mark.parametrize("file", [0x6FF1, 0x6FF2, 0x6FF6])
def test_a_bit_that_reads_wrong_is_a_difference(bench: Bench, file: int) -> None:
    personaliser = bench.personaliser()
    personaliser.write(FILES)
    bench.card.faults.arm("bad_readback", file=file)
    assert [item.fid for item in personaliser.read_back(FILES)] == [file]


def test_an_eeprom_failure_stops_the_writing_and_says_that_nobody_knows(bench: Bench) -> None:
    personaliser = bench.personaliser()
    bench.card.faults.arm("eeprom_failure", at=12)
    with pytest.raises(StatusWordError, match="6581") as caught:
        personaliser.write(FILES)
    assert caught.value.outcome_unknown


def test_a_card_that_was_reset_gets_a_fresh_channel(bench: Bench) -> None:
    personaliser = bench.personaliser()
    personaliser.write(FILES)
    bench.reader.disconnect()
    bench.reader.reconnect()
    assert personaliser.read_back(FILES) == ()


def test_nothing_reaches_a_card_that_was_powered_up_again_under_an_old_channel(bench: Bench) -> None:
    statistics = WireStatistics()
    observed = ObservedConnection(bench.reader, statistics.add)
    commands = ChipSession(observed, ktp_el_open(), SoftKeyService(), secrets.token_bytes).secure_commands()
    before = statistics.apdus
    bench.reader.reconnect()
    with pytest.raises(ChannelClosed):
        commands.create_file(ktp_el_open().control)
    assert statistics.apdus == before


def test_a_channel_that_the_card_has_lost_is_opened_again_by_the_next_verb(bench: Bench) -> None:
    personaliser = bench.personaliser()
    personaliser.write(FILES)
    bench.card.faults.arm("channel_lost")
    with pytest.raises(StatusWordError, match="6988"):
        personaliser.read_back(FILES)
    assert personaliser.read_back(FILES) == ()
