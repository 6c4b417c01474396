"""The status text: every mask of the fact sheet, positions, states, and garbage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.evolis.errors import MalformedReplyError
from drivers.evolis.status import CardPosition, EvolisStatus, State, parse_status
from drivers.evolis.status_bits import Config, Error, Extension1, Info, Warn

WORDS = st.integers(min_value=0, max_value=0xFFFFFFFF)


def text(config: int = 0, info: int = 0, warning: int = 0, error: int = 0, *extensions: int) -> bytes:
    words = [config, info, warning, error, *extensions]
    return " ".join(f"{word:08X}" for word in words).encode() + b":0"


def status(info: int = 0, warning: int = 0, error: int = 0) -> EvolisStatus:
    return parse_status(text(0x02000000, info, warning, error))


@pytest.mark.parametrize(
    ("info", "position"),
    [
        (0x00000000, CardPosition.NONE),
        (0x40000000, CardPosition.NONE),  # blanks in the hopper are not in the machine
        (0x20000000, CardPosition.FEEDER),
        (0x10000000, CardPosition.FLIP),
        (0x08000000, CardPosition.CONTACTLESS),
        (0x04000000, CardPosition.CONTACT),
        (0x02000000, CardPosition.PRINT),
        (0x01000000, CardPosition.EJECT),
        (0x42000000, CardPosition.PRINT),
        (0x06000000, CardPosition.SEVERAL),
        (0x06000001, CardPosition.SEVERAL),
    ],
)
def test_card_position(info: int, position: CardPosition) -> None:
    assert status(info=info).position is position


def test_card_at_the_rear_comes_from_the_second_extension() -> None:
    read = parse_status(text(0x08000000, 0, 0, 0, 0x80000000, 0x00010000))
    assert read.position is CardPosition.REAR


@pytest.mark.parametrize("bit", [0x00000001, 0x00000080, 0x00000040, 0x00000020, 0x00000002])
def test_busy(bit: int) -> None:
    assert status(info=bit).busy
    assert not status(info=0xFFFFFFFF & ~0x000000E3).busy


@pytest.mark.parametrize(
    ("warning", "error", "state", "reasons"),
    [
        (0, 0, State.READY, ()),
        (0x01000000, 0, State.WARNING, ("FEEDER_EMPTY",)),
        (0x00020000, 0, State.WARNING, ("COVER_OPEN",)),
        (0x08000000, 0, State.WARNING, ("REJECT_BOX_FULL",)),
        (0, 0x00200000, State.ERROR, ("RIBBON_ENDED",)),
        (0, 0x01000000, State.ERROR, ("MECHANICAL",)),
        (0x00020000, 0x02000000, State.ERROR, ("COVER_OPEN", "COVER_OPEN")),
        (0x00000200, 0, State.READY, ()),  # a compatible ribbon is information
        (0x00000001, 0, State.READY, ()),  # so is that the supervisor must not set the ribbon
        (0x20000000, 0, State.WARNING, ("RESERVED_20000000",)),
    ],
)
def test_state_and_reasons(warning: int, error: int, state: State, reasons: tuple[str, ...]) -> None:
    read = status(warning=warning, error=error)
    assert (read.state, read.reasons) == (state, reasons)


def test_masks_of_the_fact_sheet() -> None:
    # one from each line of the sheet, so that a shifted table is seen
    assert (Config.X20, Config.FLIP, Config.SMART, Config.WIFI_ON) == (
        0x02000000,
        0x00100000,
        0x00040000,
        0x00000001,
    )
    assert (Info.CARD_HOPPER, Info.JUST_REBOOTED, Info.PRINTING, Info.BUSY) == (
        0x40000000,
        0x00010000,
        0x00000080,
        0x00000001,
    )
    assert (Warn.POWER_SUPPLY, Warn.FEEDER_EMPTY, Warn.COVER_OPEN) == (0x80000000, 0x01000000, 0x00020000)
    assert (Error.HEAD_TEMPERATURE, Error.MECHANICAL, Error.HARDWARE) == (0x20000000, 0x01000000, 0x00000001)
    assert len(Config) == 32
    assert len(Info) == 32
    assert len(Warn) == 21
    assert len(Error) == 25


@given(WORDS, WORDS, WORDS, WORDS, st.integers(min_value=0, max_value=9_999_999_999))
def test_every_word_is_read_back(config: int, info: int, warning: int, error: int, reservation: int) -> None:
    config &= ~Config.EXTENSION_1_FOLLOWS.value
    words = f"{config:08x} {info:08X} {warning:08x} {error:08X}:{reservation}"
    read = parse_status(words.encode())
    assert (read.config, read.info, read.warning, read.error) == (config, info, warning, error)
    assert read.reservation == reservation
    assert isinstance(read.position, CardPosition)
    assert isinstance(read.reasons, tuple)


def test_an_announced_extension_must_be_there() -> None:
    assert parse_status(text(0x08000000, 0, 0, 0, 0x100)).extension1 == Extension1.FEEDER_NEAR_EMPTY
    for cut in (text(0x08000000), text(0x08000000, 0, 0, 0, 0x80000000)):
        with pytest.raises(MalformedReplyError):
            parse_status(cut)


def test_a_text_without_colon_is_rejected_as_the_vendor_library_does() -> None:
    with pytest.raises(MalformedReplyError):
        parse_status(b"02000000 00000000 00000000 00000000")


@given(st.integers(min_value=0, max_value=36))
def test_a_truncated_text_is_never_a_status(length: int) -> None:
    whole = text(0x02000000, 0x40000000)
    with pytest.raises(MalformedReplyError):
        parse_status(whole[:length])


@given(st.binary(max_size=80))
def test_garbage_is_a_typed_error(garbage: bytes) -> None:
    try:
        parse_status(garbage)
    except MalformedReplyError as error:
        assert error.reply == garbage
